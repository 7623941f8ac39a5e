// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/check_log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/lab/http.h"
#include "tests/lab/json.h"

namespace rm::e2e {
namespace {

using namespace std::chrono_literals;

constexpr auto pause = 50ms;
constexpr auto patience = 30s;

}  // namespace

int SeenCheck::number() const {
    return static_cast<int>(lab::number_at(answer_, "/check/number"));
}

bool SeenCheck::counted() const {
    return lab::true_at(answer_, "/check/counted");
}

std::string SeenCheck::problem() const {
    return lab::text_at(answer_, "/check/problem");
}

boost::json::value SeenCheck::service(const std::string& name) const {
    for (const boost::json::value& service : lab::array_at(answer_, "/services"))
        if (lab::text_at(service, "/shown_as") == name) return service;
    return nullptr;
}

bool SeenCheck::would_adjust(const std::string& name) const {
    return problem().empty() && !lab::object_at(service(name), "/proposal").empty();
}

bool SeenCheck::would_change(const std::string& name, const std::string& limit) const {
    const boost::json::value shown = service(name);
    return would_adjust(name) &&
           lab::number_at(shown, "/proposal/from/" + limit) != lab::number_at(shown, "/proposal/to/" + limit);
}

std::string SeenCheck::print() const {
    std::string text =
        fmt::format("check {} at {}: {}", number(), lab::text_at(answer_, "/check/at"), problem());
    for (const boost::json::value& service : lab::array_at(answer_, "/services"))
        text +=
            fmt::format(" [{}: {}]", lab::text_at(service, "/shown_as"), lab::text_at(service, "/summary"));
    return text;
}

CheckLog::CheckLog(std::string url)
    : url_(std::move(url)), thread_([this](const std::stop_token& stop) { follow(stop); }) {}

Checks CheckLog::all() const {
    const std::scoped_lock lock(mutex_);
    return checks_;
}

Checks CheckLog::wait(std::size_t from, const std::function<bool(const Checks&)>& enough) {
    std::unique_lock lock(mutex_);
    Checks news;
    const auto look = [&] {
        news.assign(checks_.begin() + static_cast<std::ptrdiff_t>(std::min(from, checks_.size())),
                    checks_.end());
        return enough(news);
    };
    EXPECT_TRUE(news_.wait_for(lock, patience, look)) << "after " << news.size() << " checks";
    return news;
}

void CheckLog::follow(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto answer = lab::get(url_ + "/api/services").and_then(lab::parse_json);
        if (answer) keep(SeenCheck(*answer));
        std::this_thread::sleep_for(pause);
    }
}

void CheckLog::keep(SeenCheck check) {
    const std::scoped_lock lock(mutex_);
    if (!check.counted() || (!checks_.empty() && checks_.back().number() == check.number())) return;
    checks_.push_back(std::move(check));
    news_.notify_all();
}

}  // namespace rm::e2e
