// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/workload_image.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/text.h"
#include "tests/lab/containers.h"
#include "tests/lab/http.h"
#include "tests/lab/temp_folder.h"

namespace rm::lab {

namespace fs = std::filesystem;

namespace {

std::string dockerfile(const HealthCheck& check) {
    // Docker refuses a start period of 0.
    const auto period = check.start_period.count() > 0
                            ? fmt::format(" --start-period={}ms", check.start_period.count())
                            : std::string();
    return fmt::format(
        "FROM scratch\n"
        "COPY w /w\n"
        "EXPOSE {}\n"
        "HEALTHCHECK --interval={}ms --timeout=2s{} --retries={} CMD [\"/w\", \"probe\"]\n"
        "ENTRYPOINT [\"/w\"]\n",
        workload_port, check.interval.count(), period, check.retries);
}

Status post(const std::string& url) {
    auto reply = call({.method = "POST", .url = url});
    if (!reply) return fail(reply.error());
    if (reply->status != 200)
        return fail(ErrorCode::invalid, "the workload refused: {}", quoted(reply->body));
    return {};
}

}  // namespace

Status load_workload(const Engine& engine, std::string_view tag, const HealthCheck& check) {
    auto context = TempFolder::make("workload");
    if (!context) return fail(context.error());
    std::error_code wrong;
    fs::copy_file(RM_LAB_WORKLOAD, context->path() / "w", wrong);
    if (wrong)
        return fail(ErrorCode::io, "cannot copy the workload {}: {}", RM_LAB_WORKLOAD, wrong.message());
    if (Status written = write_file(context->path() / "Dockerfile", dockerfile(check)); !written)
        return written;
    auto built = engine.docker({"build", "--quiet", "--tag", std::string(tag), context->path()});
    if (!built) return fail(built.error());
    return {};
}

Workload::Workload(Forward forward, std::string inside)
    : forward_(std::move(forward)), inside_(std::move(inside)) {}

Result<Workload> Workload::attach(const Engine& engine, const std::string& container) {
    auto about = inspect(engine, container);
    if (!about) return fail(about.error());
    if (about->address().empty())
        return fail(ErrorCode::unavailable, "{} does not run, so it has no address", container);
    auto forward = Forward::into(engine.space(), about->address(), workload_port);
    if (!forward) return fail(forward.error());
    return Workload(std::move(*forward), fmt::format("{}:{}", about->address(), workload_port));
}

Status Workload::set(const std::string& settings) const {
    return post(url() + "/set?" + settings);
}
Status Workload::run_out_of_memory() const {
    return post(url() + "/oom");
}

Result<std::string> Workload::id() const {
    auto body = get(url() + "/");
    if (body && body->ends_with('\n')) body->pop_back();
    return body;
}

void Workload::crash(int exit_code) const {
    // It ends without an answer, so there is none to look at.
    static_cast<void>(call({.method = "POST", .url = fmt::format("{}/crash?{}", url(), exit_code)}));
}

}  // namespace rm::lab
