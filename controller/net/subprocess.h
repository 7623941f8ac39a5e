// SPDX-License-Identifier: Apache-2.0
// Subprocess: runs a program to its end and tells how it went. No shell takes part: the arguments arrive as
// they are. The program gets exactly the environment it is given, /dev/null as stdin, default signals, and
// none of our descriptors. It leads a process group of its own, and the group ends with it: what it left
// running in the background is killed. Only what made itself a daemon (setsid) survives, and nobody waits for
// that.
//
// `run` blocks its thread and may be called from many threads at once. If SIGCHLD is ignored, it is set to
// its default for our whole process: while it is ignored the kernel throws exit codes away.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/duration.h"
#include "core/result.h"
#include "net/subprocess_environment.h"

namespace rm::net {

enum class Stream { out, err };

struct Command {
    /// The program, as an absolute path or a name to look up in `environment`'s PATH, and its arguments.
    std::vector<std::string> argv;
    Environment environment;
    /// Where it runs; where we run if not given.
    std::optional<std::filesystem::path> directory{};
    /// After this its group gets SIGTERM ...
    Duration deadline = std::chrono::minutes(1);
    /// ... and when it isn't gone after this, SIGKILL.
    Duration grace = std::chrono::seconds(5);
    /// How much of each stream is kept; the rest is read and dropped, so that the program never blocks.
    std::size_t output_cap = std::size_t{1} << 20;
    /// Called in the thread of `run` for each line while the program runs, without the newline and beyond the
    /// cap too. Bytes come as they are; a line over 16 KiB is cut. Time spent here delays the deadline.
    std::function<void(Stream, std::string_view)> on_line{};
};

struct Outcome {
    std::optional<int> exit_code;  // of a program that ended by itself ...
    std::optional<int> signal;     // ... or the signal that ended it
    bool timed_out = false;        // the deadline passed and it was told to end
    bool cancelled = false;        // `stop` was requested and it was told to end
    std::string out;
    std::string err;
    bool truncated = false;  // there was more output than the cap
    Duration took{};
};

/// An error means that the program could not be run, or that nothing is known about its end; how a program
/// that ran came to its end, by deadline and cancellation too, is an Outcome.
Result<Outcome> run(const Command& command, const std::stop_token& stop);

/// For callers to whom only exit code 0 is a success: anything else as an error that says what happened,
/// after how long, and the last thing the program said on stderr. Code: timeout, cancelled, or io.
Status succeeded(const Command& command, const Outcome& outcome);

}  // namespace rm::net
