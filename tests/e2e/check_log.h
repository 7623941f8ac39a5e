// SPDX-License-Identifier: Apache-2.0
// CheckLog: what a running daemon shows of each of its checks. Its thread asks for /api/services so often
// that it misses none, and keeps the answers: the test looks at them, or waits for more.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>

namespace rm::e2e {

/// The answer of /api/services to one check.
class SeenCheck {
public:
    explicit SeenCheck(boost::json::value answer) : answer_(std::move(answer)) {}

    [[nodiscard]] int number() const;
    /// Only a check that counts is remembered; a look is not.
    [[nodiscard]] bool counted() const;
    /// Why nothing could be seen; empty for a good check.
    [[nodiscard]] std::string problem() const;
    /// A service by its short name; null if it is not there.
    [[nodiscard]] boost::json::value service(const std::string& name) const;
    /// Whether there is a proposal for it; never in a check that saw nothing.
    [[nodiscard]] bool would_adjust(const std::string& name) const;
    /// Whether that changes `limit`: cpu_cores or memory_bytes.
    [[nodiscard]] bool would_change(const std::string& name, const std::string& limit) const;
    /// One line with the summaries of all services, for failed tests.
    [[nodiscard]] std::string print() const;

private:
    boost::json::value answer_;
};

using Checks = std::vector<SeenCheck>;

class CheckLog {
public:
    /// `url` is that of the daemon.
    explicit CheckLog(std::string url);

    /// All that counted, in order.
    [[nodiscard]] Checks all() const;

    /// Those from the `from`-th on, once they are `enough`; a failed test if that takes over half a minute.
    Checks wait(std::size_t from, const std::function<bool(const Checks&)>& enough);

private:
    void follow(const std::stop_token& stop);
    void keep(SeenCheck check);

    const std::string url_;
    mutable std::mutex mutex_;
    std::condition_variable news_;
    Checks checks_;
    std::jthread thread_;
};

}  // namespace rm::e2e
