// SPDX-License-Identifier: Apache-2.0
#include "net/subprocess_follow.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string_view>
#include <utility>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/descriptor.h"
#include "net/subprocess_output.h"

namespace rm::net {
namespace {

using Steady = std::chrono::steady_clock;

/// How long output may still come after the program's end, while something else holds its pipes open.
constexpr Duration linger{250};
/// How long the program may take to vanish after SIGKILL.
constexpr Duration vanish{3000};
/// How often is looked whether anybody of the group is left: nothing tells of their end.
constexpr Duration look_again{20};
/// Keeps sums of times from overflowing.
constexpr Duration longest = std::chrono::hours(24 * 365);

/// What can happen while a program runs, in the order of the poll.
enum Event : std::uint8_t { ended, stop_requested, out_ready, err_ready, events };

/// Follows one program from its start to its end:
///
///     running --deadline or stop--> ending (SIGTERM sent) --grace--> killed (SIGKILL sent)
///        |                             |                                |
///        +------------+----------------+--------------------------------+
///                     v
///     exited: until both pipes are at their end and, if it was told to end, the group is gone; or `give_up_`
class Follower {
public:
    Follower(const Command& command, Process& process, SteadyTime started)
        : process_(process),
          started_(started),
          deadline_(started + std::min(command.deadline, longest)),
          grace_(std::min(command.grace, longest)),
          out_(command.output_cap, lines(command, Stream::out)),
          err_(command.output_cap, lines(command, Stream::err)),
          buffer_(pipe_size, '\0') {}

    /// `stop` is readable when the caller wants the program to end.
    Result<Outcome> follow(int stop) {
        while (!finished()) step(stop);
        if (!exited_) return give_up();
        out_.finish();
        err_.finish();
        const auto status = process_.reap();
        if (!status) return fail(status.error());
        if (WIFEXITED(*status)) outcome_.exit_code = WEXITSTATUS(*status);
        if (WIFSIGNALED(*status)) outcome_.signal = WTERMSIG(*status);
        outcome_.truncated = out_.truncated() || err_.truncated();
        outcome_.out = out_.take_text();
        outcome_.err = err_.take_text();
        return std::move(outcome_);
    }

private:
    /// A pipe holds no more than this, so that one read takes all that was written before the program's end.
    static constexpr std::size_t pipe_size = std::size_t{64} << 10;

    static Capture::OnLine lines(const Command& command, Stream stream) {
        if (!command.on_line) return {};
        return [&command, stream](std::string_view line) { command.on_line(stream, line); };
    }

    [[nodiscard]] bool finished() const {
        const bool silent = !process_.out.open() && !process_.err.open();
        if ((exited_ || killed_) && now_ >= give_up_) return true;
        return exited_ && silent && !(in_grace() && process_.has_company());
    }

    /// After its own end, the time that the rest of a group has that was told to end.
    [[nodiscard]] bool in_grace() const { return exited_ && ending_ && !killed_ && now_ < kill_at_; }

    void step(int stop) {
        std::array<pollfd, events> polled{};
        polled[ended].fd = exited_ ? -1 : process_.exit_descriptor();
        polled[stop_requested].fd = stopping_ ? -1 : stop;
        polled[out_ready].fd = process_.out.get();
        polled[err_ready].fd = process_.err.get();
        for (pollfd& entry : polled) entry.events = POLLIN;
        wait(polled);
        // The end comes first: a program that ended in time is not late because a line took us long.
        now_ = Steady::now();
        if (polled[ended].revents != 0) note_exit();
        if (polled[stop_requested].revents != 0) note_stop();
        escalate();
        if (polled[out_ready].revents != 0) receive(process_.out, out_);
        if (polled[err_ready].revents != 0) receive(process_.err, err_);
    }

    /// When something is due even if nothing happens.
    [[nodiscard]] SteadyTime next() const {
        const bool silent = !process_.out.open() && !process_.err.open();
        if (in_grace() && silent) return std::min(kill_at_, now_ + look_again);
        if (exited_ || killed_) return give_up_;
        return ending_ ? kill_at_ : deadline_;
    }

    void wait(std::array<pollfd, events>& polled) const {
        const auto left = std::max(next() - Steady::now(), Steady::duration::zero());
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        timespec timeout{};
        timeout.tv_sec = seconds.count();
        timeout.tv_nsec = std::chrono::nanoseconds(left - seconds).count();
        if (::ppoll(polled.data(), polled.size(), &timeout, nullptr) < 0) {
            for (pollfd& entry : polled) entry.revents = 0;  // interrupted: the next step asks again
        }
    }

    void note_exit() {
        exited_ = true;
        outcome_.took = std::chrono::ceil<Duration>(now_ - started_);
        give_up_ = now_ + linger;
        // The rest of a group that was told to end has its grace, too, with open pipes or without.
        if (ending_ && !killed_) give_up_ = std::max(give_up_, kill_at_);
    }

    void note_stop() {
        stopping_ = true;
        if (exited_) {
            give_up_ = now_;
        } else if (!ending_) {
            outcome_.cancelled = true;
            end();
        }
    }

    void escalate() {
        if (exited_) return;
        if (!ending_ && now_ >= deadline_) {
            outcome_.timed_out = true;
            end();
        }
        if (ending_ && !killed_ && now_ >= kill_at_) {
            killed_ = true;
            give_up_ = now_ + vanish;
            process_.send(SIGKILL);
        }
    }

    void end() {
        ending_ = true;
        kill_at_ = now_ + grace_;
        process_.send(SIGTERM);
    }

    void receive(Descriptor& from, Capture& into) {
        const ssize_t count = ::read(from.get(), buffer_.data(), buffer_.size());
        if (count > 0) {
            into.take(std::string_view(buffer_).substr(0, static_cast<std::size_t>(count)));
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            from.close();
        }
    }

    /// It survived SIGKILL: it runs with rights above ours, or hangs in the kernel.
    tl::unexpected<Error> give_up() {
        const pid_t pid = process_.pid();
        process_.abandon();
        return fail(ErrorCode::io,
                    "it was told to end after {} and can't be killed, process {} is left behind",
                    rm::print(std::chrono::duration_cast<Duration>(kill_at_ - grace_ - started_)), pid);
    }

    Process& process_;
    SteadyTime started_;
    SteadyTime now_ = started_;
    SteadyTime deadline_;
    SteadyTime kill_at_;  // once ending
    SteadyTime give_up_;  // once exited or killed
    Duration grace_;
    bool stopping_ = false;
    bool ending_ = false;
    bool killed_ = false;
    bool exited_ = false;
    Capture out_;
    Capture err_;
    Outcome outcome_;
    std::string buffer_;
};

}  // namespace

Result<Outcome> follow(const Command& command, Process& process, SteadyTime started, int stop) {
    return Follower(command, process, started).follow(stop);
}

}  // namespace rm::net
