// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/traces.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/descriptor.h"

namespace rm::lab {

namespace fs = std::filesystem;

namespace {

bool belongs_to(std::string_view name, std::string_view lab) {
    return name == lab || (name.starts_with(lab) && name.substr(lab.size()).starts_with('.'));
}

std::vector<fs::path> cgroup_folders(const std::string& name) {
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const fs::path& mount : cgroup_mounts())
        for (const auto& entry : fs::directory_iterator(mount, ignored))
            if (belongs_to(entry.path().filename().string(), name)) folders.push_back(entry.path());
    return folders;
}

/// A cgroup's files can't be removed, only its folders, the deepest first.
bool remove_cgroup_tree(const fs::path& folder) {
    std::error_code ignored;
    std::vector<fs::path> inside;
    for (const auto& entry : fs::directory_iterator(folder, ignored))
        if (entry.is_directory(ignored)) inside.push_back(entry.path());
    for (const fs::path& each : inside) remove_cgroup_tree(each);
    return ::rmdir(folder.c_str()) == 0 || !fs::exists(folder, ignored);
}

std::string read_all(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The state letter comes after the name, which may contain anything but ends with the last ")".
bool is_dead(const fs::path& process) {
    const std::string stat = read_all(process / "stat");
    const auto end = stat.rfind(')');
    return end == std::string::npos || end + 2 >= stat.size() || stat[end + 2] == 'Z' || stat[end + 2] == 'X';
}

void add_processes(const std::string& lab, std::vector<std::string>& found) {
    const std::string marked = fmt::format("{}={}", lab_variable, lab);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const fs::path& process = entry.path();
        const std::string pid = process.filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos || pid == std::to_string(::getpid()))
            continue;
        std::string command = read_all(process / "cmdline");
        const bool ours = command.find(lab) != std::string::npos ||
                          read_all(process / "comm").find(lab) != std::string::npos ||
                          read_all(process / "environ").find(marked) != std::string::npos ||
                          read_all(process / "cgroup").find(lab) != std::string::npos;
        if (!ours || is_dead(process)) continue;
        for (char& letter : command)
            if (letter == '\0') letter = ' ';
        found.push_back(fmt::format("process {} runs: {}", pid, command));
    }
}

void add_mounts(const std::string& lab, std::vector<std::string>& found) {
    std::istringstream mounts(read_all("/proc/self/mountinfo"));
    for (std::string line; std::getline(mounts, line);)
        if (line.find(lab) != std::string::npos) found.push_back("mounted: " + line);
}

/// Whether `folder` is a dead lab's. The lock is the proof: the kernel drops it with the keeper.
bool is_dead_lab(const fs::path& folder, Descriptor& lock) {
    struct stat about{};
    if (!folder.filename().string().starts_with(lab_prefix)) return false;
    if (::lstat(folder.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != ::geteuid())
        return false;
    lock = Descriptor(::open((folder / lock_file).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    return lock.open() && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

fs::path labs_folder() {
    const char* wanted = std::getenv("TMPDIR");
    std::error_code wrong;
    if (wanted == nullptr || *wanted != '/') return "/tmp";
    const fs::path folder = fs::weakly_canonical(wanted, wrong);
    const std::string text = folder.string();
    constexpr std::size_t longest = 50;  // of the 107 bytes that a socket's path may have
    const bool usable =
        !wrong && text.size() <= longest && !text.starts_with("/run") && fs::is_directory(folder, wrong);
    return usable ? folder : fs::path("/tmp");
}

fs::path memory_folder(const std::string& lab) {
    return fs::path("/dev/shm") / lab;
}

std::vector<fs::path> cgroup_mounts() {
    std::vector<fs::path> found;
    std::ifstream mounts("/proc/self/mounts");
    for (std::string line; std::getline(mounts, line);) {
        std::istringstream words(line);
        std::string device;
        std::string path;
        std::string type;
        words >> device >> path >> type;
        if (type == "cgroup" || type == "cgroup2") found.emplace_back(path);
    }
    return found;
}

std::vector<std::string> traces(const std::string& lab) {
    std::vector<std::string> found;
    add_processes(lab, found);
    add_mounts(lab, found);
    for (const fs::path& folder : cgroup_folders(lab)) found.push_back("cgroup folder: " + folder.string());
    std::error_code ignored;
    for (const fs::path& folder : {labs_folder() / lab, memory_folder(lab)})
        if (fs::exists(folder, ignored)) found.push_back("folder: " + folder.string());
    return found;
}

Status remove_cgroups(const std::string& name) {
    constexpr int attempts = 100;
    constexpr auto pause = std::chrono::milliseconds(20);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        bool all = true;
        for (const fs::path& folder : cgroup_folders(name)) all = remove_cgroup_tree(folder) && all;
        if (all) return {};
        std::this_thread::sleep_for(pause);
    }
    return fail(ErrorCode::io, "the cgroup folders {} cannot be removed: a process is still in them", name);
}

std::vector<std::string> sweep_dead_labs(const fs::path& folder) {
    std::vector<std::string> swept;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        Descriptor lock;
        if (!is_dead_lab(entry.path(), lock)) continue;
        const std::string name = entry.path().filename().string();
        if (!remove_cgroups(name)) continue;
        fs::remove_all(memory_folder(name), ignored);
        // The lock goes last, so that a sweep that is cut short is taken up by the next one.
        for (const auto& inside : fs::directory_iterator(entry.path(), ignored))
            if (inside.path().filename() != lock_file) fs::remove_all(inside.path(), ignored);
        fs::remove_all(entry.path(), ignored);
        swept.push_back(name);
    }
    return swept;
}

}  // namespace rm::lab
