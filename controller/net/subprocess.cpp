// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess.h"

#include <cerrno>
#include <cstring>

#include <sys/eventfd.h>

#include "core/clock.h"
#include "core/descriptor.h"
#include "core/text.h"
#include "net/subprocess_follow.h"
#include "net/subprocess_start.h"

namespace rm::net {
namespace {

bool has_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

Status check(const Command& command) {
    if (command.argv.empty()) return fail(ErrorCode::invalid, "cannot run a program without a name");
    for (const std::string& argument : command.argv) {
        if (has_nul(argument))
            return fail(ErrorCode::invalid, "cannot run {}: its argument {} contains a zero byte",
                        quoted(command.argv.front()), quoted(argument));
    }
    for (const auto& [name, value] : command.environment) {
        if (name.empty() || name.find('=') != std::string::npos || has_nul(name) || has_nul(value))
            return fail(ErrorCode::invalid, "cannot run {}: {} can't be a variable of its environment",
                        quoted(command.argv.front()), quoted(name));
    }
    if (command.deadline <= Duration::zero() || command.grace < Duration::zero())
        return fail(ErrorCode::invalid,
                    "cannot run {}: its deadline must be positive, its grace not negative",
                    quoted(command.argv.front()));
    return {};
}

std::string_view last_line(std::string_view text) {
    while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
    const auto newline = text.rfind('\n');
    return newline == std::string_view::npos ? text : text.substr(newline + 1);
}

std::string signal_name(int signal) {
    const char* name = ::sigabbrev_np(signal);
    return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

}  // namespace

Result<Outcome> run(const Command& command, const std::stop_token& stop) {
    if (auto checked = check(command); !checked) return fail(checked.error());
    const std::string name = quoted(command.argv.front());
    if (stop.stop_requested())
        return fail(ErrorCode::cancelled, "did not run {}: we were told to stop", name);
    const Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake.open()) return fail(ErrorCode::unavailable, "cannot run {}: {}", name, std::strerror(errno));

    const SteadyTime started = std::chrono::steady_clock::now();
    auto process = start(command);
    if (!process) return fail(process.error());
    const std::stop_callback on_stop(stop, [&wake] { ::eventfd_write(wake.get(), 1); });
    auto outcome = follow(command, *process, started, wake.get());
    if (!outcome) return fail(outcome.error().with_prefix(name));
    return outcome;
}

Status succeeded(const Command& command, const Outcome& outcome) {
    const std::string name = quoted(command.argv.empty() ? "" : command.argv.front());
    const std::string took = rm::print(outcome.took);
    const std::string_view line = last_line(outcome.err);
    const std::string said = line.empty() ? "" : fmt::format(", its last words: {}", quoted(line));
    if (outcome.timed_out)
        return fail(ErrorCode::timeout, "{} was stopped after {}, its deadline is {}{}", name, took,
                    rm::print(command.deadline), said);
    if (outcome.cancelled)
        return fail(ErrorCode::cancelled, "{} was stopped after {}, because we were told to stop{}", name,
                    took, said);
    if (outcome.signal)
        return fail(ErrorCode::io, "{} was ended by {} after {}{}", name, signal_name(*outcome.signal), took,
                    said);
    const int code = outcome.exit_code.value_or(-1);
    if (code != 0)
        return fail(ErrorCode::io, "{} failed with exit code {} after {}{}", name, code, took, said);
    return {};
}

}  // namespace rm::net
