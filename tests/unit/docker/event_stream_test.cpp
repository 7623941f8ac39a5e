// SPDX-License-Identifier: Apache-2.0
#include "docker/event_stream.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "docker/read.h"
#include "docker/timestamp.h"
#include "tests/unit/docker/bodies.h"

namespace rm::docker {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

struct Seen {
    std::vector<std::string> actions;
    Status status;
    std::size_t passed_over = 0;
};

/// Reads `text` in pieces of `size`.
Seen read(std::string_view text, std::size_t size, std::size_t most = 1000) {
    Seen seen;
    const Engine::OnEvent on_event = [&](const Event& event) {
        seen.actions.push_back(event.action);
        return seen.actions.size() < most;
    };
    EventStream stream(on_event);
    while (!text.empty()) {
        if (!stream.take(text.substr(0, size))) break;
        text.remove_prefix(std::min(size, text.size()));
    }
    seen.status = stream.finish();
    seen.passed_over = stream.passed_over();
    return seen;
}

TEST(EventStream, tells_the_same_however_it_is_cut) {
    const std::string text = event_line("start", 'a', bodies_second) +
                             event_line("health_status: healthy", 'a', bodies_second + 1) +
                             event_line("die", 'b', bodies_second + 2);
    for (std::size_t size = 1; size <= text.size(); size += size < 8 ? 1 : 37) {
        const Seen seen = read(text, size);
        EXPECT_THAT(seen.actions, ElementsAre("start", "health_status: healthy", "die")) << size;
        EXPECT_TRUE(seen.status);
    }
}

TEST(EventStream, tells_when_and_to_whom_it_happened) {
    const auto event = read_event(event_line("oom", 'c', bodies_second + 123));
    ASSERT_TRUE(event) << event.error().message;
    EXPECT_EQ(event->at, from_nanos(bodies_second + 123));
    EXPECT_EQ(event->type, "container");
    EXPECT_EQ(event->action, "oom");
    EXPECT_EQ(event->actor, id_text('c'));
    EXPECT_EQ(event->attributes.at("name"), "shop_web_1");
}

TEST(EventStream, an_event_without_nanoseconds_has_its_second) {
    const auto event =
        read_event(with(event_line("oom", 'c', bodies_second), ",\"timeNano\":1767323045000000000", ""));
    ASSERT_TRUE(event) << event.error().message;
    EXPECT_EQ(event->at, from_nanos(bodies_second));
}

TEST(EventStream, ends_when_the_listener_has_had_enough) {
    const std::string text =
        event_line("start", 'a', bodies_second) + event_line("die", 'a', bodies_second) + "garbage\n";
    const Seen seen = read(text, 10, 2);
    EXPECT_THAT(seen.actions, ElementsAre("start", "die"));
    EXPECT_TRUE(seen.status);
}

TEST(EventStream, passes_over_blank_lines) {
    EXPECT_THAT(read("\n \r\n" + event_line("start", 'a', bodies_second) + "\n", 3).actions,
                ElementsAre("start"));
}

TEST(EventStream, an_event_that_is_cut_off_is_told_as_such) {
    const std::string text = event_line("start", 'a', bodies_second) + event_line("die", 'a', bodies_second);
    const Seen seen = read(text.substr(0, text.size() - 20), 1000);
    EXPECT_THAT(seen.actions, ElementsAre("start"));
    ASSERT_FALSE(seen.status);
    EXPECT_EQ(seen.status.error().code, ErrorCode::unavailable);
}

TEST(EventStream, an_endless_event_is_passed_over_without_keeping_it) {
    std::string text =
        event_line("exec_create: " + std::string(EventStream::longest_event, 'x'), 'a', bodies_second);
    text += event_line("die", 'a', bodies_second);
    const Seen seen = read(text, 4096);
    EXPECT_THAT(seen.actions, ElementsAre("die"));
    EXPECT_EQ(seen.passed_over, 1U);
    EXPECT_TRUE(seen.status);
}

TEST(EventStream, what_is_no_event_ends_it_with_an_error) {
    for (const std::string& line :
         {std::string("<html>\n"), std::string("{}\n"), std::string("[]\n"),
          with(event_line("start", 'a', bodies_second), "\"Type\":\"container\"", "\"Type\":7"),
          with(event_line("start", 'a', bodies_second), "\"Actor\":{\"ID\":\"aa", "\"Actor\":{\"ID\":\"/a"),
          with(event_line("start", 'a', bodies_second),
               ",\"time\":1767323045,\"timeNano\":1767323045000000000", ""),
          with(event_line("start", 'a', bodies_second), "\"image\":\"shop/web:3\"", "\"image\":[]")}) {
        const Seen seen = read(line + event_line("die", 'a', bodies_second), 50);
        EXPECT_THAT(seen.actions, IsEmpty()) << line;
        ASSERT_FALSE(seen.status) << line;
        EXPECT_EQ(seen.status.error().code, ErrorCode::protocol);
    }
}

TEST(EventStream, events_of_other_things_need_no_container) {
    const std::string line =
        R"({"Type":"network","Action":"connect","Actor":{"ID":"net","Attributes":null},"time":5})";
    const auto event = read_event(line);
    ASSERT_TRUE(event) << event.error().message;
    EXPECT_EQ(event->actor, "net");
}

}  // namespace
}  // namespace rm::docker
