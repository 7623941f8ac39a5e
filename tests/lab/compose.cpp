// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/compose.h"

#include <utility>

#include <fmt/format.h>

#include "tests/lab/containers.h"

namespace rm::lab {

namespace {

constexpr auto patience = std::chrono::minutes(2);

/// A double-quoted YAML text.
std::string in_quotes(const std::string& text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') result += '\\';
        result += letter;
        if (letter == '$') result += '$';  // compose would put a variable here
    }
    return result + '"';
}

}  // namespace

std::string compose_file(const std::vector<ComposeService>& services) {
    std::string text = "services:\n";
    for (const ComposeService& service : services) {
        text += fmt::format("  {}:\n    image: {}\n", service.name, in_quotes(service.image));
        if (!service.cpus.empty()) text += fmt::format("    cpus: {}\n", service.cpus);
        if (!service.memory.empty()) text += fmt::format("    mem_limit: {}\n", service.memory);
        if (!service.environment.empty()) text += "    environment:\n";
        for (const auto& [name, value] : service.environment)
            text += fmt::format("      {}: {}\n", name, in_quotes(value));
        for (const std::string& line : service.more) text += fmt::format("    {}\n", line);
    }
    return text;
}

ComposeProject::ComposeProject(const Engine& engine, std::string project, TempFolder folder)
    : engine_(&engine), project_(std::move(project)), folder_(std::move(folder)) {}

ComposeProject::ComposeProject(ComposeProject&& other) noexcept
    : engine_(other.engine_),
      project_(std::move(other.project_)),
      folder_(std::move(other.folder_)),
      is_up_(std::exchange(other.is_up_, false)) {}

ComposeProject::~ComposeProject() {
    // docker-compose would take a second only to start.
    if (is_up_) static_cast<void>(remove_project(*engine_, project_));
}

Result<ComposeProject> ComposeProject::up(const Engine& engine, const std::string& project,
                                          const std::string& file) {
    auto folder = TempFolder::make(project);
    if (!folder) return fail(folder.error());
    ComposeProject made(engine, project, std::move(*folder));
    made.is_up_ = true;  // even half of it has to go down
    if (Status up = made.up_again(file); !up) return fail(up.error());
    return made;
}

Result<std::string> ComposeProject::run(std::vector<std::string> arguments) const {
    Program program{.name = "docker-compose",
                    .argv = {"docker-compose", "--project-name", project_, "--file", file().string()},
                    .environment = engine_->environment(),
                    .directory = folder_.path(),
                    .inside = &engine_->space()};
    program.argv.insert(program.argv.end(), arguments.begin(), arguments.end());
    return run_well(program, patience);
}

Status ComposeProject::up_again(const std::string& file_text) const {
    if (Status written = write_file(file(), file_text); !written) return written;
    auto done = run({"up", "--detach"});
    if (!done) return fail(done.error());
    return {};
}

Result<std::string> ComposeProject::ps() const {
    return run({"ps"});
}

Status ComposeProject::down(int timeout) {
    auto done = run({"down", "--timeout", std::to_string(timeout), "--volumes", "--remove-orphans"});
    if (!done) return fail(done.error());
    is_up_ = false;
    return {};
}

std::string ComposeProject::container(const std::string& service, int number) const {
    return fmt::format("{}_{}_{}", project_, service, number);
}

}  // namespace rm::lab
