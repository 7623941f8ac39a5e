// SPDX-License-Identifier: Apache-2.0
#include "config/file_watch.h"

#include <filesystem>
#include <fstream>
#include <semaphore>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rm::config {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class FileWatch : public testing::Test {
protected:
    void SetUp() override {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override {
        thread_ = {};
        fs::remove_all(folder_);
    }

    [[nodiscard]] fs::path path(const std::string& name) const { return folder_ / name; }

    static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

    /// Watches in a thread; the test goes on when it does so.
    void watch(const fs::path& file) { watch(file, state_of(file)); }

    void watch(const fs::path& file, const FileState& known) {
        last_read_.set(known);
        thread_ = std::jthread([this, file](const std::stop_token& stop) {
            status_ = watch_file(file, last_read_, [this] { changed_.release(); }, stop,
                                 {.settle = 20ms, .look_anyway = 10s});
        });
    }

    bool told() { return changed_.try_acquire_for(5s); }

    /// Changes until the watch has noticed: it may still be starting.
    template <class Change>
    bool notices(Change change) {
        for (int i = 0; i < 50; ++i) {
            change(i);
            if (changed_.try_acquire_for(200ms)) return true;
        }
        return false;
    }

    std::counting_semaphore<> changed_{0};
    Status status_;
    LastRead last_read_;

private:
    fs::path folder_ = fs::path(testing::TempDir()) / ("file_watch_test." + std::to_string(::getpid()));

protected:
    std::jthread thread_;
};

TEST_F(FileWatch, a_change_from_before_the_watch_began_is_told) {
    const fs::path file = path("early.yml");
    write(file, "as it was read");
    const FileState known = state_of(file);
    write(file, "as somebody wrote it before we watched");
    watch(file, known);
    EXPECT_TRUE(told());
}

TEST_F(FileWatch, what_somebody_else_has_read_is_not_told_again) {
    const fs::path file = path("c.yml");
    write(file, "a");
    watch(file);
    ASSERT_TRUE(notices([&](int i) { write(file, std::string(static_cast<std::size_t>(i) + 2, 'x')); }));
    while (changed_.try_acquire_for(100ms)) {
    }
    write(path("next"), "read by a reload that somebody else asked for");
    last_read_.set(state_of(path("next")));
    fs::rename(path("next"), file);
    EXPECT_FALSE(changed_.try_acquire_for(300ms));
    write(file, "and another change after that");
    EXPECT_TRUE(told());
}

TEST_F(FileWatch, what_is_written_to_a_pipe_is_no_change_of_it) {
    const fs::path pipe = path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const FileState before = state_of(pipe);
    std::this_thread::sleep_for(20ms);  // the clock of the file system is coarse
    std::fstream(pipe) << "text" << std::flush;
    EXPECT_EQ(state_of(pipe), before);
    EXPECT_TRUE(before.exists);
}

TEST_F(FileWatch, a_file_written_in_place_is_noticed) {
    write(path("c.yml"), "a");
    watch(path("c.yml"));
    EXPECT_TRUE(
        notices([&](int i) { write(path("c.yml"), std::string(static_cast<std::size_t>(i) + 2, 'x')); }));
}

TEST_F(FileWatch, an_editors_rename_is_noticed) {
    write(path("c.yml"), "a");
    watch(path("c.yml"));
    EXPECT_TRUE(notices([&](int i) {
        write(path("c.yml~"), std::string(static_cast<std::size_t>(i) + 2, 'x'));
        fs::rename(path("c.yml~"), path("c.yml"));
    }));
}

TEST_F(FileWatch, a_link_that_is_swapped_is_noticed) {
    for (const auto* name : {"one", "two"}) {
        fs::create_directories(path(name));
        write(path(name) / "c.yml", name);
    }
    fs::create_directory_symlink("one", path("..data"));
    fs::create_symlink("..data/c.yml", path("c.yml"));
    watch(path("c.yml"));
    EXPECT_TRUE(notices([&](int i) {
        fs::create_directory_symlink(i % 2 == 0 ? "two" : "one", path("..new"));
        fs::rename(path("..new"), path("..data"));
    }));
}

TEST_F(FileWatch, a_change_behind_a_link_is_noticed) {
    fs::create_directories(path("elsewhere"));
    write(path("elsewhere") / "real.yml", "a");
    fs::create_symlink(path("elsewhere") / "real.yml", path("c.yml"));
    watch(path("c.yml"));
    EXPECT_TRUE(notices([&](int i) {
        write(path("elsewhere") / "real.yml", std::string(static_cast<std::size_t>(i) + 2, 'x'));
    }));
}

TEST_F(FileWatch, a_file_and_its_folders_may_come_later) {
    watch(path("later") / "still" / "c.yml");
    EXPECT_TRUE(notices([&](int i) {
        fs::create_directories(path("later") / "still");
        write(path("later") / "still" / "c.yml", std::string(static_cast<std::size_t>(i) + 2, 'x'));
    }));
}

TEST_F(FileWatch, folders_that_are_made_while_it_looks_are_not_lost_sight_of) {
    for (int i = 0; i < 100; ++i) {
        fs::path folder = path(std::to_string(i));
        std::vector<fs::path> folders{folder};
        for (int depth = 0; depth < 12; ++depth) folders.push_back(folder /= "in");
        watch(folder / "c.yml");
        for (const fs::path& each : folders) {
            fs::create_directory(each);
            std::this_thread::yield();
        }
        write(folder / "c.yml", "text");
        ASSERT_TRUE(told()) << "in round " << i;
    }
}

TEST_F(FileWatch, a_file_that_goes_and_comes_back_is_noticed_each_time) {
    write(path("c.yml"), "a");
    watch(path("c.yml"));
    ASSERT_TRUE(
        notices([&](int i) { write(path("c.yml"), std::string(static_cast<std::size_t>(i) + 2, 'x')); }));
    while (changed_.try_acquire_for(100ms)) {
    }
    fs::remove(path("c.yml"));
    EXPECT_TRUE(told());
    write(path("c.yml"), "back");
    EXPECT_TRUE(told());
}

TEST_F(FileWatch, other_files_in_the_folder_are_not_our_business) {
    write(path("c.yml"), "a");
    watch(path("c.yml"));
    ASSERT_TRUE(
        notices([&](int i) { write(path("c.yml"), std::string(static_cast<std::size_t>(i) + 2, 'x')); }));
    while (changed_.try_acquire_for(100ms)) {
    }
    for (int i = 0; i < 20; ++i) write(path("other"), std::string(static_cast<std::size_t>(i), 'x'));
    EXPECT_FALSE(changed_.try_acquire_for(100ms));
}

TEST_F(FileWatch, ends_at_once_when_told_to) {
    write(path("c.yml"), "a");
    watch(path("c.yml"));
    const auto from = std::chrono::steady_clock::now();
    thread_.request_stop();
    thread_.join();
    EXPECT_LT(std::chrono::steady_clock::now() - from, 1s);
    EXPECT_TRUE(status_.has_value());
}

}  // namespace
}  // namespace rm::config
