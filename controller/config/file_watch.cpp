// SPDX-License-Identifier: Apache-2.0
#include "config/file_watch.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <set>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.h"

namespace rm::config {
namespace {

namespace fs = std::filesystem;

fs::path nearest_folder(fs::path folder) {
    if (folder.empty()) return ".";
    std::error_code ignored;  // what can't be looked at isn't there for us
    while (!fs::is_directory(folder, ignored) && folder.has_parent_path() && folder != folder.parent_path())
        folder = folder.parent_path();
    return fs::is_directory(folder, ignored) ? folder : fs::path(".");
}

/// Everything in which a change of the file can show: the folders of the path and of each symbolic link on
/// the way to the file (or the nearest ones that exist), and the file itself, which may be mounted there.
std::set<fs::path> places_to_watch(const fs::path& file) {
    constexpr int most_links = 16;
    std::set<fs::path> places;
    std::error_code error;
    fs::path at = file;
    for (int i = 0; i < most_links; ++i) {
        places.insert(nearest_folder(at.parent_path()));
        const fs::path target = fs::read_symlink(at, error);
        if (error) break;
        at = at.parent_path() / target;
    }
    if (const fs::path real = fs::canonical(file, error); !error) {
        places.insert(real.parent_path());
        places.insert(real);
    }
    return places;
}

class Inotify {
public:
    explicit Inotify(fs::path file)
        : file_(std::move(file)),
          inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
          wake_(::eventfd(0, EFD_CLOEXEC)) {}

    [[nodiscard]] bool works() const { return inotify_.get() >= 0 && wake_.get() >= 0; }

    void wake() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
    }

    /// Watches the places of now, and no others. A folder may come between the look and the watch on what was
    /// nearest to it: then that place is not watched for long, and the next look finds others.
    void arm() {
        constexpr int most_looks = 16;
        std::set<fs::path> places = places_to_watch(file_);
        for (int i = 0; i < most_looks; ++i) {
            watch_only(places);
            std::set<fs::path> after = places_to_watch(file_);
            if (after == places) return;
            places = std::move(after);
        }
        watch_only(places);
    }

    /// Waits for an event, a wake or the end of the time.
    void wait(Duration time) const {
        std::array<pollfd, 2> both{pollfd{.fd = inotify_.get(), .events = POLLIN, .revents = 0},
                                   pollfd{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
        ::poll(both.data(), both.size(), static_cast<int>(time.count()));
        alignas(inotify_event) std::array<char, 4096> buffer{};
        while (::read(inotify_.get(), buffer.data(), buffer.size()) > 0) {
        }
    }

private:
    void watch_only(const std::set<fs::path>& places) {
        std::set<int> now;
        for (const fs::path& place : places) {
            constexpr std::uint32_t events = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                             IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
            const int number = ::inotify_add_watch(inotify_.get(), place.c_str(), events);
            if (number >= 0) now.insert(number);  // a place that vanished meanwhile shows at the next look
        }
        for (const int number : watched_)
            if (!now.contains(number)) ::inotify_rm_watch(inotify_.get(), number);
        watched_ = std::move(now);
    }

    const fs::path file_;
    const Descriptor inotify_;
    const Descriptor wake_;
    std::set<int> watched_;
};

/// Waits until the file has been the same for a while; one that never is gets ten whiles.
FileState settled(Inotify& watch, const fs::path& file, const std::stop_token& stop, Duration settle) {
    using std::chrono::steady_clock;
    const auto latest = steady_clock::now() + 10 * settle;
    FileState state = state_of(file);
    for (auto since = steady_clock::now(); !stop.stop_requested();) {
        const auto now = steady_clock::now();
        if (now - since >= settle || now >= latest) break;
        watch.wait(std::chrono::ceil<Duration>(settle - (now - since)));
        watch.arm();
        if (const FileState next = state_of(file); next != state) {
            state = next;
            since = steady_clock::now();
        }
    }
    return state;
}

}  // namespace

FileState state_of(const fs::path& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) return {};
    if (!S_ISREG(status.st_mode)) return {.exists = true, .device = status.st_dev, .inode = status.st_ino};
    return {.exists = true,
            .device = status.st_dev,
            .inode = status.st_ino,
            .size = status.st_size,
            .changed_seconds = status.st_mtim.tv_sec,
            .changed_nanos = status.st_mtim.tv_nsec};
}

Status watch_file(const fs::path& file, LastRead& last_read, const std::function<void()>& on_change,
                  const std::stop_token& stop, const WatchTimes& times) {
    Inotify watch(file);
    if (!watch.works())
        return fail(ErrorCode::io, "files can't be watched: {}", std::generic_category().message(errno));
    const std::stop_callback wake(stop, [&] { watch.wake(); });
    watch.arm();
    while (!stop.stop_requested()) {
        if (state_of(file) == last_read.get()) watch.wait(times.look_anyway);
        watch.arm();
        if (state_of(file) == last_read.get()) continue;
        const FileState now = settled(watch, file, stop, times.settle);
        if (stop.stop_requested() || now == last_read.get()) continue;
        last_read.set(now);
        on_change();
    }
    return {};
}

}  // namespace rm::config
