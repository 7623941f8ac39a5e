// SPDX-License-Identifier: Apache-2.0
#include "serve/wanted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::serve {
namespace {

using testing::HasSubstr;

Result<Wanted> wanted(std::string_view body) {
    return read_wanted(body, ServiceName::parse("shop/web").value());
}

std::string complaint(std::string_view body) {
    const auto read = wanted(body);
    return read ? std::string("it was read") : read.error().message;
}

TEST(WantedBody, says_what_shall_change_and_how) {
    const auto all = wanted(
        R"({"cpu":"1.5","memory":"768M","strategy":"auto","reason":"load test","requested_by":"night shift"})");
    ASSERT_TRUE(all) << all.error().message;
    EXPECT_EQ(print(all->service), "shop/web");
    EXPECT_EQ(print(all->to), "1.5 CPU, 768M");
    EXPECT_EQ(all->strategy, config::Strategy::automatic);
    EXPECT_EQ(all->reason, "load test");
    EXPECT_EQ(all->requested_by, "night shift");
}

TEST(WantedBody, what_is_missing_stays_as_it_is) {
    const auto memory = wanted(R"({"memory":"768M","cpu":null})");
    ASSERT_TRUE(memory) << memory.error().message;
    EXPECT_FALSE(memory->to.cpu);
    EXPECT_FALSE(memory->strategy);
    EXPECT_EQ(memory->requested_by, "API");
}

TEST(WantedBody, without_any_limit_there_is_nothing_to_do) {
    EXPECT_THAT(complaint("{}"), HasSubstr(R"(say what shall change: "cpu", "memory" or both)"));
    EXPECT_THAT(complaint(R"({"strategy":"in_place"})"), HasSubstr("say what shall change"));
}

TEST(WantedBody, what_is_wrong_is_named_with_an_example) {
    EXPECT_THAT(complaint(""), HasSubstr(R"(a JSON object like {"cpu": "1.5", "memory": "768M"})"));
    EXPECT_THAT(complaint("[]"), HasSubstr("a JSON object"));
    EXPECT_THAT(complaint(R"({"cpu":1.5})"), HasSubstr(R"("cpu" has to be a text, like "1.5")"));
    EXPECT_THAT(complaint(R"({"cpu":"0"})"), HasSubstr(R"("cpu": '0' is no limit)"));
    EXPECT_THAT(complaint(R"({"memory":"0"})"), HasSubstr(R"("memory": '0' is no limit)"));
    EXPECT_THAT(complaint(R"({"memory":"-1M"})"), HasSubstr(R"("memory": )"));
    EXPECT_THAT(complaint(R"({"cpus":"1"})"), HasSubstr("'cpus' is not known here; there are \"cpu\""));
    EXPECT_THAT(complaint(R"({"cpu":"1","reason":"a\nb"})"), HasSubstr("write it in one line"));
    EXPECT_THAT(complaint(R"({"cpu":"1","requested_by":"sweep"})"), HasSubstr("a name of ours"));
    EXPECT_THAT(complaint(R"({"cpu":"1","strategy":"bluegreen"})"),
                HasSubstr("\"strategy\": 'bluegreen' is not a strategy: auto, blue_green"));
}

}  // namespace
}  // namespace rm::serve
