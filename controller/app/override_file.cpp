// SPDX-License-Identifier: Apache-2.0
#include "app/override_file.h"

#include <cerrno>
#include <cstring>
#include <set>

#include <fcntl.h>
#include <unistd.h>

#include "config/read_file.h"
#include "core/text.h"
#include "serve/compose_export.h"
#include "telemetry/log.h"

namespace rm::app {
namespace {

constexpr std::size_t longest_override = std::size_t{4} << 20U;
constexpr std::string_view each_project = "{project}";

std::string_view below_first_line(std::string_view text) {
    const std::size_t end = text.find('\n');
    return end == std::string_view::npos ? std::string_view() : text.substr(end);
}

std::set<std::string> projects_of(const decide::Check& check) {
    std::set<std::string> projects;
    for (const decide::Assessment& service : check.services)
        if (!service.service.name.project().empty()) projects.insert(service.service.name.project());
    return projects;
}

std::string replaced(std::string pattern, const std::string& project) {
    for (std::size_t at = pattern.find(each_project); at != std::string::npos;
         at = pattern.find(each_project, at + project.size()))
        pattern.replace(at, each_project.size(), project);
    return pattern;
}

tl::unexpected<Error> io_error(std::string_view what, int number) {
    return fail(ErrorCode::io, "it can not be {}: {}", what, std::strerror(number));
}

/// All of it is on the disk when it returns.
Status write_new(const std::string& path, std::string_view text) {
    constexpr mode_t readable_by_all = 0644;
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, readable_by_all);
    if (descriptor < 0) return io_error("written", errno);
    int problem = 0;
    while (!text.empty() && problem == 0) {
        const auto count = ::write(descriptor, text.data(), text.size());
        if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
        if (count < 0 && errno != EINTR) problem = errno;
    }
    if (problem == 0 && ::fsync(descriptor) != 0) problem = errno;
    if (::close(descriptor) != 0 && problem == 0) problem = errno;
    if (problem != 0) return io_error("written", problem);
    return {};
}

Status move_over(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
    if (errno == EBUSY)
        return fail(ErrorCode::io,
                    "it is mounted by itself and can not be replaced; mount the folder that it is in");
    return io_error("replaced", errno);
}

}  // namespace

Result<bool> keep_written(const std::filesystem::path& path, std::string_view text) {
    const auto there = config::read_file(path, longest_override, config::FileKinds::regular);
    if (there && below_first_line(*there) == below_first_line(text)) return false;
    const std::string beside =
        (path.parent_path() / fmt::format(".{}.new", path.filename().string())).string();
    auto done = write_new(beside, text);
    if (done) done = move_over(beside, path.string());
    if (done) return true;
    (void)::unlink(beside.c_str());
    return fail(std::move(done).error().with_prefix(quoted(path.string())));
}

OverrideFile::OverrideFile(prometheus::Registry& registry, serve::HealthBoard& health)
    : health_(health),
      written_(prometheus::BuildCounter()
                   .Name("resource_manager_override_writes_total")
                   .Help("Times that deployment.write_override was written with other limits.")
                   .Register(registry)
                   .Add({})),
      failed_(prometheus::BuildCounter()
                  .Name("resource_manager_override_write_failures_total")
                  .Help("Times that deployment.write_override could not be written.")
                  .Register(registry)
                  .Add({})) {}

void OverrideFile::update(const config::Config& config, const decide::Check& check) {
    const std::string pattern = config->deployment.write_override.string();
    if (pattern.empty() || config->monitoring.dry_run) {
        if (shown_) health_.remove("override");
        shown_ = false;
        trouble_.clear();
        return;
    }
    if (const auto done = write_all(pattern, check); !done) {
        tell_trouble(done.error().message);
        return;
    }
    if (!trouble_.empty()) log::info("deploy", "deployment.write_override is written again");
    trouble_.clear();
    shown_ = true;
    health_.report("override", serve::PartState::ok);
}

Status OverrideFile::write_all(const std::string& pattern, const decide::Check& check) {
    const auto projects = projects_of(check);
    if (projects.size() > 1 && pattern.find(each_project) == std::string::npos)
        return fail(ErrorCode::conflict,
                    "there are several projects: {}; write {} into its path, for a file of each",
                    fmt::join(projects, ", "), each_project);
    for (const std::string& project : projects) {
        const auto text = serve::compose_override(check, project);
        if (!text) return fail(text.error());
        const std::string path = replaced(pattern, project);
        const auto written = keep_written(path, *text);
        if (!written) return fail(written.error());
        if (!*written) continue;
        written_.Increment();
        log::info("deploy", "wrote the limits for Compose", {{"file", path}});
    }
    return {};
}

void OverrideFile::tell_trouble(const std::string& trouble) {
    failed_.Increment();
    shown_ = true;
    health_.report("override", serve::PartState::degraded, "deployment.write_override: " + trouble);
    if (trouble == trouble_) return;
    trouble_ = trouble;
    log::warning("deploy", "deployment.write_override was not written", {{"error", trouble}});
}

}  // namespace rm::app
