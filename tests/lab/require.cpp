// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/require.h"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "tests/lab/keeper.h"
#include "tests/lab/peer_process.h"
#include "tests/lab/space.h"
#include "tests/lab/traces.h"

namespace rm::lab {

namespace fs = std::filesystem;

namespace {

std::string without_program(std::string_view program, std::string_view package) {
    if (!find_program(program).empty()) return {};
    return fmt::format("there is no {} (Debian package {})", program, package);
}

std::string without_root() {
    return ::geteuid() == 0 ? "" : "this needs root";
}

/// Asks the kernel rather than guessing from capabilities: a container's root may lack either.
std::string without_namespaces_or_cgroups() {
    auto space = Space::open();
    if (!space) return space.error().message;
    const auto name = new_cgroup_name();
    if (!name) return name.error().message;
    const std::vector<fs::path> mounts = cgroup_mounts();
    if (mounts.empty()) return "no cgroup file system is mounted";
    std::error_code wrong;
    fs::create_directory(mounts.front() / *name, wrong);
    if (wrong) return fmt::format("cannot make a cgroup in {}: {}", mounts.front().string(), wrong.message());
    static_cast<void>(remove_cgroups(*name));
    return {};
}

std::string without_engine() {
    if (std::string root = without_root(); !root.empty()) return root;
    for (const auto& [program, package] :
         {std::pair("dockerd", "docker.io"), std::pair("docker", "docker.io"),
          std::pair("containerd", "containerd"), std::pair("runc", "runc"),
          std::pair("iptables", "iptables")})
        if (std::string none = without_program(program, package); !none.empty()) return none;
    static const std::string kernel = without_namespaces_or_cgroups();
    return kernel;
}

std::string without_postgres() {
    std::error_code wrong;
    for (const auto& release : fs::directory_iterator("/usr/lib/postgresql", wrong))
        if (fs::exists(release.path() / "bin" / "postgres", wrong)) return {};
    return "there is no PostgreSQL server (Debian package postgresql-15)";
}

std::string without(Need need) {
    switch (need) {
        case Need::root:
            return without_root();
        case Need::engine:
            return without_engine();
        case Need::compose:
            return without_program("docker-compose", "docker-compose");
        case Need::haproxy:
            return without_program("haproxy", "haproxy");
        case Need::prometheus:
            return without_program("prometheus", "prometheus");
        case Need::alertmanager:
            return without_program("prometheus-alertmanager", "prometheus-alertmanager");
        case Need::postgres:
            return without_postgres();
    }
    return "an unknown need";
}

/// Names the skipped at the very end, with their reasons, in lines that scripts can find.
class SkipReport : public testing::EmptyTestEventListener {
    void OnTestPartResult(const testing::TestPartResult& result) override {
        if (result.skipped()) reason_ = result.message();
    }

    void OnTestEnd(const testing::TestInfo& test) override {
        if (!test.result()->Skipped()) return;
        skipped_.push_back(fmt::format("{}.{}: {}", test.test_suite_name(), test.name(), reason_));
    }

    void OnTestProgramEnd(const testing::UnitTest& program) override {
        if (skipped_.empty()) return;
        const bool all = program.test_to_run_count() == static_cast<int>(skipped_.size());
        fmt::print("[rm-lab] {}{} of {} tests skipped\n", all ? "all: " : "", skipped_.size(),
                   program.test_to_run_count());
        for (const std::string& each : skipped_) fmt::print("[rm-lab] skipped {}\n", each);
    }

    std::string reason_;
    std::vector<std::string> skipped_;
};

/// Every program that requires something reports what it skipped.
const bool reporting = [] {
    testing::UnitTest::GetInstance()->listeners().Append(new SkipReport);
    return true;
}();

}  // namespace

std::string missing(std::initializer_list<Need> needs) {
    std::string text;
    for (const Need need : needs) {
        const std::string lack = without(need);
        if (!lack.empty() && text.find(lack) == std::string::npos) text += (text.empty() ? "" : "; ") + lack;
    }
    return text;
}

bool under_ci() {
    const char* value = std::getenv("CI");
    return value != nullptr && std::string_view(value) == "true";
}

}  // namespace rm::lab
