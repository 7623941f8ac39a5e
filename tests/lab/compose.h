// SPDX-License-Identifier: Apache-2.0
// A small Docker Compose project on a lab's engine, by Debian's docker-compose 1.29: containers are named
// project_service_1 and carry its labels. Movable; the destructor removes the project at once.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "tests/lab/engine.h"
#include "tests/lab/temp_folder.h"

namespace rm::lab {

/// The usual kind of service in a test; what else it needs goes into `more`.
struct ComposeService {
    std::string name;
    std::string image = "rm-lab/workload:1";
    std::string cpus = {};                                // "0.5"
    std::string memory = {};                              // "64m"
    std::map<std::string, std::string> environment = {};  // {{"WORKLOAD_CPU", "0.5"}}
    std::vector<std::string> more = {};                   // lines of YAML: "stop_grace_period: 2s"
};

/// The text of a compose file that 1.29 and v2 both read.
std::string compose_file(const std::vector<ComposeService>& services);

class ComposeProject {
public:
    /// Writes the file to a temporary folder and runs `up -d`. The engine must outlive the project.
    static Result<ComposeProject> up(const Engine& engine, const std::string& project,
                                     const std::string& file);

    ComposeProject(ComposeProject&&) noexcept;
    ComposeProject& operator=(ComposeProject&&) = delete;
    ComposeProject(const ComposeProject&) = delete;
    ComposeProject& operator=(const ComposeProject&) = delete;
    ~ComposeProject();

    /// `docker-compose` with these arguments, and what it printed: {"up", "-d", "--scale", "web=2"}.
    Result<std::string> run(std::vector<std::string> arguments) const;

    /// Replaces the file and runs `up -d` again.
    Status up_again(const std::string& file) const;
    /// What `docker-compose ps` prints.
    [[nodiscard]] Result<std::string> ps() const;
    /// `docker-compose down`, giving the containers `timeout` seconds to end.
    Status down(int timeout = 1);

    /// "project_service_1"
    [[nodiscard]] std::string container(const std::string& service, int number = 1) const;
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "docker-compose.yml"; }

private:
    ComposeProject(const Engine& engine, std::string project, TempFolder folder);

    const Engine* engine_;
    std::string project_;
    TempFolder folder_;
    bool is_up_ = false;
};

}  // namespace rm::lab
