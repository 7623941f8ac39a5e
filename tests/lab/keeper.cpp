// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/keeper.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lab/message.h"
#include "tests/lab/traces.h"

namespace rm::lab {

namespace fs = std::filesystem;

namespace {

/// Where the build put the keeper.
const char* keeper_program() {
    const char* other = std::getenv("RM_LAB_KEEPER");
    return other != nullptr ? other : RM_LAB_KEEPER;
}

/// Starts a keeper and returns our end of its socket.
Result<Descriptor> spawn_keeper() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return system_failure("make a socket");
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]);
    const int moved = ::fcntl(theirs.get(), F_DUPFD, 10);  // inherited, unlike the original
    const Descriptor inherited(moved);
    std::array<std::string, 4> words{keeper_program(), std::to_string(moved), std::to_string(::getpid()),
                                     labs_folder().string()};
    std::array<char*, 5> argv{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    pid_t pid = 0;
    const int wrong = ::posix_spawn(&pid, argv[0], nullptr, nullptr, argv.data(), environ);
    if (wrong != 0)
        return fail(ErrorCode::io, "cannot start the lab's keeper {}: {}", words[0],
                    std::generic_category().message(wrong));
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) continue;
    return ours;
}

class Keeper {
public:
    /// Never destroyed: peers in static variables may still stop after the hook at exit.
    static Keeper& instance() {
        static auto* keeper = [] {
            static_cast<void>(std::atexit([] { instance().close(true); }));
            return new Keeper;
        }();
        return *keeper;
    }

    Result<Kept> ask_for_kept(std::vector<std::string> words) {
        const std::scoped_lock lock(mutex_);
        if (Status ready = open(); !ready) return fail(ready.error());
        auto answer = exchange(std::move(words));
        if (!answer) return fail(answer.error());
        if (answer->words.size() != 3 || !answer->attached.open())
            return fail(ErrorCode::protocol, "the lab's keeper answered something odd");
        return Kept{.lab = labs_,
                    .number = std::stoi(answer->words[1]),
                    .pid = static_cast<pid_t>(std::stol(answer->words[2])),
                    .pidfd = std::move(answer->attached)};
    }

    Result<std::string> state(const Kept& kept) {
        const std::scoped_lock lock(mutex_);
        if (!socket_.open() || kept.lab != labs_) return std::string("killed 9");  // with its lab
        auto answer = exchange({"state", std::to_string(kept.number)});
        if (!answer) return fail(answer.error());
        return answer->words.back();
    }

    Result<fs::path> folder() {
        const std::scoped_lock lock(mutex_);
        if (Status ready = open(); !ready) return fail(ready.error());
        return folder_;
    }

    int next_number() {
        const std::scoped_lock lock(mutex_);
        return ++numbers_;
    }

    void close(bool for_good) {
        const std::scoped_lock lock(mutex_);
        closed_ = closed_ || for_good;
        // A forked child of the test must not end its parent's lab.
        if (!socket_.open() || owner_ != ::getpid()) return;
        constexpr int patience_ms = 30'000;
        ::shutdown(socket_.get(), SHUT_WR);
        pollfd event{.fd = socket_.get(), .events = POLLIN, .revents = 0};
        ::poll(&event, 1, patience_ms);  // it hangs up when all is gone
        socket_.close();
    }

private:
    Keeper() = default;

    Status open() {
        if (closed_) return fail(ErrorCode::unavailable, "the test process is ending, and the lab with it");
        if (socket_.open()) return {};
        auto socket = spawn_keeper();
        if (!socket) return fail(socket.error());
        socket_ = std::move(*socket);
        owner_ = ::getpid();
        ++labs_;
        auto greeted = exchange({"hello"});
        if (!greeted) {
            socket_.close();
            return fail(greeted.error().with_prefix("the lab's keeper did not start"));
        }
        folder_ = greeted->words.back();
        return {};
    }

    Result<Message> exchange(std::vector<std::string> words) {
        if (Status sent = send_message(socket_.get(), {.words = std::move(words), .attached = {}}); !sent)
            return fail(sent.error());
        auto answer = receive_message(socket_.get());
        if (!answer) return fail(answer.error());
        if (answer->words.size() < 2 || answer->words.front() != "ok")
            return fail(ErrorCode::unavailable, "{}",
                        answer->words.empty() ? "no answer" : answer->words.back());
        return answer;
    }

    std::mutex mutex_;
    Descriptor socket_;
    pid_t owner_ = 0;
    int labs_ = 0;
    bool closed_ = false;
    fs::path folder_;
    int numbers_ = 0;
};

}  // namespace

Result<Kept> start_kept(const KeeperStart& start) {
    std::vector<std::string> words{"start",
                                   start.space ? std::to_string(*start.space) : std::string(),
                                   start.user,
                                   start.directory.string(),
                                   start.log.string(),
                                   std::to_string(start.argv.size())};
    words.insert(words.end(), start.argv.begin(), start.argv.end());
    words.insert(words.end(), start.environment.begin(), start.environment.end());
    auto folder = lab_folder();
    if (!folder) return fail(folder.error());
    words.push_back(fmt::format("{}={}", lab_variable, folder->filename().string()));
    return Keeper::instance().ask_for_kept(std::move(words));
}

Result<Kept> open_kept_space() {
    return Keeper::instance().ask_for_kept({"space"});
}

Result<std::string> kept_state(const Kept& kept) {
    return Keeper::instance().state(kept);
}

Result<fs::path> lab_folder() {
    return Keeper::instance().folder();
}

Result<std::string> new_cgroup_name() {
    auto folder = lab_folder();
    if (!folder) return fail(folder.error());
    return fmt::format("{}.{}", folder->filename().string(), Keeper::instance().next_number());
}

Result<fs::path> new_file(const std::string& name) {
    auto lab = lab_folder();
    if (!lab) return fail(lab.error());
    return *lab / fmt::format("{}-{}", Keeper::instance().next_number(), name);
}

Result<fs::path> new_folder(const std::string& name) {
    auto folder = new_file(name);
    if (!folder) return folder;
    std::error_code wrong;
    if (!fs::create_directory(*folder, wrong))
        return fail(ErrorCode::io, "cannot make the folder {}: {}", folder->string(), wrong.message());
    return folder;
}

bool wait_ended(const Kept& kept, std::chrono::milliseconds deadline) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd event{.fd = kept.pidfd.get(), .events = POLLIN, .revents = 0};
        if (::poll(&event, 1, static_cast<int>(std::max(left.count(), decltype(left)::rep{0}))) > 0)
            return true;
        if (left.count() <= 0) return false;
    }
}

void close_lab() {
    Keeper::instance().close(false);
}

}  // namespace rm::lab
