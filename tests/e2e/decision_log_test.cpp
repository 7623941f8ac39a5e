// SPDX-License-Identifier: Apache-2.0
// The file that gets every decision, as somebody reads it who wants to know why.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/asking.h"
#include "tests/e2e/daemon_process.h"

namespace rm::e2e {
namespace {

using boost::json::array;
using boost::json::object;
using testing::HasSubstr;
using testing::Not;

/// Every line so far that has its end, parsed; a failed test where one is no object.
std::vector<object> read(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<object> decisions;
    for (std::string line; std::getline(stream, line) && !stream.eof();) {
        boost::json::error_code error;
        auto value = boost::json::parse(line, error);
        EXPECT_TRUE(!error && value.is_object()) << line;
        if (!error && value.is_object()) decisions.push_back(value.as_object());
    }
    return decisions;
}

/// The first decision to adjust `service`; an empty one and a failed test if none comes.
object adjusted(const std::filesystem::path& file, std::string_view service) {
    object found;
    EXPECT_TRUE(eventually([&] {
        for (const object& decision : read(file))
            if (decision.at("service").as_string() == service && decision.at("outcome") == "would_adjust") {
                found = decision;
                return true;
            }
        return false;
    }));
    return found;
}

class DecisionLog : public testing::Test {
protected:
    [[nodiscard]] std::filesystem::path file() const { return directory.path() / "decisions.jsonl"; }

    [[nodiscard]] std::vector<std::string> arguments(const std::string& config) const {
        return {"--simulate", "--dry-run", "--speed", "1200", "--config", directory.file("c.yml", config)};
    }

    TemporaryDirectory directory;
};

TEST_F(DecisionLog, a_line_has_every_number_that_led_to_the_decision) {
    DaemonProcess daemon(directory.path(), arguments("logging: {decisions_file: " + file().string() + "}\n"));
    const object decision = adjusted(file(), "demo/oauth");
    ASSERT_FALSE(decision.empty());
    const object& details = decision.at("details").as_object();
    const object& policy = details.at("policy").as_object();
    const double from = decision.at("from").at("memory_bytes").to_number<double>();
    EXPECT_EQ(decision.at("to").at("memory_bytes").to_number<double>(),
              std::max(from * policy.at("decrease_factor").to_number<double>(),
                       policy.at("bounds").at("memory_min_bytes").to_number<double>()));

    const array& signals = details.at("signals").as_array();
    ASSERT_EQ(signals.size(), 2U);
    EXPECT_LT(signals[1].at("usage_ratio").to_number<double>(),
              details.at("memory").at("low_ratio").to_number<double>());
    EXPECT_EQ(details.at("streaks").at("memory"), -details.at("consecutive_checks").as_int64());
    EXPECT_EQ(details.at("gates").as_array().size(), 24U);  // 16, of which 8 answer for CPU and for memory
    EXPECT_EQ(details.at("adjustments_today"), 0);
    EXPECT_GT(details.at("host").at("memory_used_bytes").to_number<double>(), 0);
    EXPECT_EQ(details.at("replicas").as_array().at(0).at("name"), "demo-oauth-1");
}

TEST_F(DecisionLog, it_has_what_the_api_lists) {
    DaemonProcess daemon(directory.path(), arguments("logging: {decisions_file: " + file().string() + "}\n"));
    const object decision = adjusted(file(), "demo/oauth");
    const auto listed = boost::json::parse(
        get(daemon.url("/api/decisions?service=demo%2Foauth&details=true&limit=1000")).body);
    array same;
    for (const auto& value : listed.at("decisions").as_array()) {
        object other = value.as_object();
        other.erase("id");
        if (other.at("at") == decision.at("at")) same.emplace_back(std::move(other));
    }
    ASSERT_EQ(same.size(), 1U) << listed;
    EXPECT_EQ(same.at(0), decision);
}

TEST_F(DecisionLog, what_stays_the_same_is_written_once) {
    DaemonProcess daemon(directory.path(), arguments("logging: {decisions_file: " + file().string() + "}\n"));
    ASSERT_FALSE(adjusted(file(), "demo/oauth").empty());
    std::map<std::string, std::string> before;
    for (const object& decision : read(file())) {
        const std::string service(decision.at("service").as_string());
        const std::string outcome(decision.at("outcome").as_string());
        EXPECT_TRUE(outcome == "would_adjust" || before[service] != outcome) << service << ": " << outcome;
        before[service] = outcome;
    }
}

TEST_F(DecisionLog, no_secret_gets_into_it) {
    const std::string token = directory.file("token", "word-of-the-token\n");
    DaemonProcess daemon(directory.path(),
                         arguments("logging: {decisions_file: " + file().string() +
                                   "}\nprometheus: {url: 'http://user:word-of-the-url@127.0.0.1:1'}\n"
                                   "http: {token_file: " +
                                   token + "}\n"));
    ASSERT_FALSE(adjusted(file(), "demo/oauth").empty());
    for (const object& decision : read(file()))
        EXPECT_THAT(boost::json::serialize(decision), Not(HasSubstr("word-of-the-")));
}

TEST_F(DecisionLog, it_is_made_again_where_it_was_moved_away_and_follows_a_reload) {
    DaemonProcess daemon(directory.path(), arguments("logging: {decisions_file: " + file().string() + "}\n"));
    ASSERT_FALSE(adjusted(file(), "demo/oauth").empty());
    std::filesystem::rename(file(), directory.path() / "aside");
    EXPECT_TRUE(eventually([&] { return !read(file()).empty(); }));

    const auto other = directory.path() / "other.jsonl";
    (void)directory.file("c.yml", "logging: {decisions_file: " + other.string() + "}\n");
    daemon.signal(SIGHUP);
    EXPECT_TRUE(eventually([&] { return !read(other).empty(); }));
}

TEST_F(DecisionLog, one_that_cannot_be_opened_stops_the_start_with_its_key_and_path) {
    DaemonProcess daemon(directory.path(),
                         arguments("logging: {decisions_file: " + directory.path().string() + "}\n"));
    const auto outcome = daemon.wait();
    EXPECT_EQ(outcome.exit_code, 3);
    bool told = false;
    for (const std::string& line : daemon.lines())
        told = told || (line.find("logging.decisions_file") != std::string::npos &&
                        line.find(directory.path().string()) != std::string::npos);
    EXPECT_TRUE(told);
}

}  // namespace
}  // namespace rm::e2e
