// SPDX-License-Identifier: Apache-2.0
// HttpEngine::exec takes three calls: what is to be run, running it, and how it ended.
#include <array>
#include <condition_variable>
#include <mutex>

#include <boost/json.hpp>

#include "core/text.h"
#include "docker/check_write.h"
#include "docker/http_engine.h"
#include "docker/output_tail.h"

namespace rm::docker {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

/// The engine forgets it with the container's end.
constexpr std::array of_exec{
    Meaning{.status = 404, .words = "no such exec instance", .code = ErrorCode::conflict}};

Call creation(const ContainerId& id, const Exec& what) {
    Call call = change(id, "exec");
    json::array argv;
    for (const std::string& argument : what.argv) argv.emplace_back(argument);
    const json::object body{{"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", argv}};
    call.body = json::serialize(body);
    return call;
}

Call running(const std::string& exec, Duration limit) {
    return {.method = net::Method::post,
            .path = fmt::format("/exec/{}/start", exec),
            .body = R"({"Detach":false,"Tty":false})",
            .needs = "EXEC=1 and POST=1",
            .meanings = of_exec,
            .lasting = limit};
}

Error of_program(const Error& error, const Exec& what) {
    const std::string program = quoted(what.argv.front());
    if (error.code != ErrorCode::timeout) return error.with_prefix(program);
    return {.code = ErrorCode::timeout,
            .message = fmt::format("{} had not ended after {}", program, rm::print(what.limit))};
}

void pause(const std::stop_token& stop) {
    constexpr Duration between_looks{20};
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, between_looks, [] { return false; });
}

}  // namespace

Result<ExecOutcome> HttpEngine::exec(const ContainerId& id, const Exec& what, const std::stop_token& stop) {
    if (const auto checked = check_exec(what); !checked) return fail(checked.error());
    const SteadyTime until = steady_clock::now() + what.limit;
    const auto exec = ask(creation(id, what), &read_exec_id, stop);
    if (!exec) return fail(exec.error());
    OutputTail output;
    const OnChunk on_chunk = [&output](std::string_view piece) {
        output.take(piece);
        return true;
    };
    const auto response = exchange(running(*exec, what.limit), &on_chunk, stop);
    if (!response) return fail(of_program(response.error(), what));
    const auto code = end_of_exec(*exec, until, stop);
    if (!code) return fail(of_program(code.error(), what));
    return ExecOutcome{.exit_code = *code, .output = output.text()};
}

/// Asks to run what was never made.
Status HttpEngine::may_exec(const std::stop_token& stop) {
    Call call = running(std::string(64, '0'), {});
    call.repeatable = true;
    auto told = tell(call, stop);
    if (told || told.error().code == ErrorCode::conflict) return {};
    return told;
}

/// The end of its output is not yet its own end, which the engine notes a moment later.
Result<std::int64_t> HttpEngine::end_of_exec(const std::string& exec, SteadyTime until,
                                             const std::stop_token& stop) {
    const Call call{.path = fmt::format("/exec/{}/json", exec), .needs = "EXEC=1", .meanings = of_exec};
    for (;;) {
        const auto code = ask(call, &read_exec_end, stop);
        if (!code) return fail(code.error());
        if (*code) return **code;
        if (steady_clock::now() >= until) return fail(ErrorCode::timeout, "it closed its output and runs on");
        pause(stop);
    }
}

}  // namespace rm::docker
