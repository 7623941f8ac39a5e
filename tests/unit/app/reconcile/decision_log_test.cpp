// SPDX-License-Identifier: Apache-2.0
#include "app/reconcile/decision_log.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "telemetry/metrics.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

namespace fs = std::filesystem;

class DecisionLogTest : public testing::Test {
protected:
    DecisionLogTest() { fs::create_directories(folder); }
    ~DecisionLogTest() override { fs::remove_all(folder); }
    DecisionLogTest(const DecisionLogTest&) = delete;
    DecisionLogTest& operator=(const DecisionLogTest&) = delete;
    DecisionLogTest(DecisionLogTest&&) = delete;
    DecisionLogTest& operator=(DecisionLogTest&&) = delete;

    [[nodiscard]] config::Logging logging(const std::string& name = "decisions.jsonl") const {
        config::Logging logging;
        logging.decisions_file = folder / name;
        logging.rotate_at = Bytes::mebi(10);
        logging.keep = 2;
        return logging;
    }

    static store::Decision decision(const std::string& reason) {
        return {.at = {},
                .service = ServiceName::parse("shop/web").value(),
                .outcome = "within",
                .from = {},
                .to = {},
                .reason = reason,
                .details = R"({"gates":[]})"};
    }

    [[nodiscard]] std::vector<std::string> lines(const std::string& name = "decisions.jsonl") const {
        std::ifstream stream(folder / name);
        std::vector<std::string> all;
        for (std::string line; std::getline(stream, line);) all.push_back(line);
        return all;
    }

    [[nodiscard]] bool lost_are(int count) const {
        return metrics.expose().find("\nresource_manager_decision_lines_lost_total " + std::to_string(count) +
                                     "\n") != std::string::npos;
    }

    const fs::path folder = fs::path(testing::TempDir()) / ("decision_log_test." + std::to_string(getpid()));
    VirtualClock clock;
    telemetry::Metrics metrics;
    DecisionLog log{metrics.registry(), clock};
};

TEST_F(DecisionLogTest, each_decision_is_a_line) {
    ASSERT_TRUE(log.open(logging()));
    log.write({decision("one"), decision("two")});
    log.write({decision("three")});
    ASSERT_EQ(lines().size(), 3U);
    EXPECT_THAT(lines()[0], HasSubstr(R"("service":"shop/web","outcome":"within")"));
    EXPECT_THAT(lines()[2], HasSubstr(R"("reason":"three","details":{"gates":[]}})"));
    EXPECT_TRUE(lost_are(0));
}

TEST_F(DecisionLogTest, without_a_file_nothing_is_written_and_nothing_is_wrong) {
    log.write({decision("one")});
    config::Logging none = logging();
    none.decisions_file.clear();
    ASSERT_TRUE(log.open(none));
    log.write({decision("two")});
    EXPECT_EQ(log.trouble(), "");
    EXPECT_TRUE(lost_are(0));
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(DecisionLogTest, a_file_that_cannot_be_opened_is_named_with_its_key_and_the_one_before_stays) {
    ASSERT_TRUE(log.open(logging()));
    fs::create_directories(folder / "taken");
    const auto status = log.open(logging("taken"));
    ASSERT_FALSE(status);
    EXPECT_THAT(status.error().message,
                testing::AllOf(HasSubstr("logging.decisions_file"), HasSubstr((folder / "taken").string())));
    log.write({decision("one")});
    EXPECT_EQ(lines().size(), 1U);
}

TEST_F(DecisionLogTest, opened_elsewhere_it_goes_on_there) {
    ASSERT_TRUE(log.open(logging()));
    log.write({decision("one")});
    ASSERT_TRUE(log.open(logging("other.jsonl")));
    log.write({decision("two")});
    EXPECT_EQ(lines().size(), 1U);
    EXPECT_EQ(lines("other.jsonl").size(), 1U);
}

TEST_F(DecisionLogTest, a_full_file_is_put_aside_between_two_lines) {
    config::Logging small = logging();
    small.rotate_at = Bytes(300);  // between the size of one line and of two
    ASSERT_TRUE(log.open(small));
    log.write({decision("one"), decision("two"), decision("three")});
    EXPECT_THAT(lines(), ElementsAre(HasSubstr("three")));
    EXPECT_THAT(lines("decisions.1.jsonl"), ElementsAre(HasSubstr("two")));
    EXPECT_THAT(lines("decisions.2.jsonl"), ElementsAre(HasSubstr("one")));
}

TEST_F(DecisionLogTest, lines_that_are_lost_are_counted_until_there_is_a_file_again) {
    ASSERT_TRUE(log.open(logging()));
    fs::remove_all(folder);
    std::ofstream(folder).close();  // a file where the folder was
    clock.advance(2s);
    log.write({decision("one"), decision("two")});
    EXPECT_TRUE(lost_are(2));
    EXPECT_THAT(log.trouble(), HasSubstr("cannot be made again"));

    fs::remove(folder);
    clock.advance(2s);
    log.write({decision("three")});
    EXPECT_EQ(lines().size(), 1U);
    EXPECT_EQ(log.trouble(), "");
    EXPECT_TRUE(lost_are(2));
}

}  // namespace
}  // namespace rm::app
