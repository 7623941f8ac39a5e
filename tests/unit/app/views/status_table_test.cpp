// SPDX-License-Identifier: Apache-2.0
// `status`, to the letter: in a wide terminal, the usual one, without UTF-8, and in colours.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/views/tables.h"
#include "tests/unit/app/views/pictures.h"

namespace rm::app {
namespace {

using namespace std::chrono_literals;
using serve::hand_made_check;
using serve::noon;
using testing::HasSubstr;
using testing::Not;

const WallTime soon_after = noon() + 42s;

std::string printed(const Terminal& terminal) {
    return print_status(status_of(hand_made_check()), soon_after, terminal);
}

TEST(StatusTable, a_wide_terminal_shows_everything_in_one_line_for_each_service) {
    EXPECT_EQ(
        printed(wide),
        R"(Prometheus http://prometheus:9090; checked 42s ago, next in 4m18s; dry-run: nothing is changed
missing: cpu_trend: no answer within 10s

SERVICE   CLASS     CPU                                MEMORY                              COOLDOWN  TODAY  NOTE
blog/web  normal    ▕          ▏    ? / 0.5    -       ▕          ▏    ? / none    -       -         0/6    no data: stale; no memory limit
cache     normal    ▕█████     ▏    0.5 / 1  50%       ▕█████     ▏  64M / 128M  50%       19m18s    2/6
db        critical  ▕██        ▏    0.4 / 2  20% ↓1/3  ▕█████████▍▏ 240M / 256M  94% ↑3/3  -         0/6    memory at maximum (bounds.memory.max); held by bo...
shop/web  normal    ▕████████▍ ▏ 0.42 / 0.5  84% ↑3/3  ▕█████▉    ▏ 150M / 256M  59%       -         1/6    would raise CPU to 0.7
)");
}

TEST(StatusTable, a_usual_terminal_shows_notes_below_and_no_bars) {
    EXPECT_EQ(printed(usual), R"(Prometheus http://prometheus:9090; checked 42s ago, next in 4m18s; dry-run:
nothing is changed
missing: cpu_trend: no answer within 10s

SERVICE   CLASS     CPU                   MEMORY                 COOLDOWN  TODAY
blog/web  normal       ? / 0.5    -          ? / none    -       -         0/6
  no data: stale; no memory limit
cache     normal       0.5 / 1  50%        64M / 128M  50%       19m18s    2/6
db        critical     0.4 / 2  20% ↓1/3  240M / 256M  94% ↑3/3  -         0/6
  memory at maximum (bounds.memory.max); held by bounds
shop/web  normal    0.42 / 0.5  84% ↑3/3  150M / 256M  59%       -         1/6
  would raise CPU to 0.7
)");
}

TEST(StatusTable, without_utf8_it_is_all_ascii) {
    const std::string text = printed(ascii);
    EXPECT_THAT(text, HasSubstr("db        critical  [##........]    0.4 / 2  20% -1/3  "
                                "[#########.] 240M / 256M  94% +3/3  -  "));
    for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
}

TEST(StatusTable, colours_mark_what_is_too_high_and_too_low_and_change_no_width) {
    const std::string text = printed(coloured);
    EXPECT_THAT(text, HasSubstr("critical  \x1b[34m▕██        ▏    0.4 / 2  20% ↓1/3\x1b[0m  "
                                "\x1b[31m▕█████████▍▏ 240M / 256M  94% ↑3/3\x1b[0m  -  "));
    EXPECT_THAT(text, HasSubstr("\x1b[32mwould raise CPU to 0.7\x1b[0m\n"));
    std::string plain = text;
    for (const auto* code : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[34m"})
        for (auto at = plain.find(code); at != std::string::npos; at = plain.find(code))
            plain.erase(at, std::string_view(code).size());
    EXPECT_EQ(plain, printed(wide));
}

TEST(StatusTable, no_line_is_wider_than_the_terminal_where_bars_fit) {
    const std::string text =
        print_status(status_of(hand_made_check()), soon_after, {.width = 96, .colour = false, .utf8 = true});
    EXPECT_THAT(text, HasSubstr("shop/web  ▕█████ ▏ 0.42 / 0.5"));
    EXPECT_THAT(text, Not(HasSubstr("CLASS")));
}

TEST(StatusTable, a_pause_comes_first_in_the_note) {
    const serve::Pauses pauses = std::vector<store::Pause>{{.service = ServiceName::parse("shop/web").value(),
                                                            .until = noon() + 2h,
                                                            .reason = "load test",
                                                            .since = noon()}};
    const StatusView view = status_of(hand_made_check(), pauses);
    EXPECT_EQ(note_of(view.services[3], true, soon_after),
              "paused until 2026-01-01 14:00:00Z, 1h59m more: load test; would raise CPU to 0.7");
}

TEST(StatusTable, notes_say_what_is_done_what_holds_and_by_what) {
    ServiceRow row = status_of(hand_made_check()).services[3];
    row.proposal->to.memory = 128.0 * 1024 * 1024;
    row.proposal->cpu_clamped_by = "bounds.cpu.max";
    EXPECT_EQ(note_of(row, true, noon()),
              "would raise CPU to 0.7 (bounds.cpu.max); would lower memory to 128M");
    EXPECT_EQ(note_of(row, false, noon()), "raises CPU to 0.7 (bounds.cpu.max); lowers memory to 128M");
    row.proposal->from.cpu.reset();
    EXPECT_THAT(note_of(row, true, noon()), HasSubstr("would set CPU to 0.7"));
    row.proposal.reset();
    row.held_by = "daily_limit";
    EXPECT_EQ(note_of(row, true, noon()), "held by daily limit");
    row.managed = false;
    EXPECT_EQ(note_of(row, true, noon()), "not managed");
    row.managed = true;
    row.replica_count = 0;
    row.cpu.gap = "absent";
    EXPECT_EQ(note_of(row, true, noon()), "not running; held by daily limit");
}

TEST(StatusTable, a_lost_check_and_an_empty_host_are_said_in_words) {
    decide::Check check = hand_made_check();
    check.services.clear();
    check.faults.clear();
    check.problem = "the engine did not answer";
    check.counted = false;
    EXPECT_EQ(print_status(status_of(check), soon_after, wide),
              "Prometheus http://prometheus:9090; looked at 42s ago; dry-run: nothing is changed\n"
              "problem: the engine did not answer\n"
              "no services were found\n");
}

TEST(StatusTable, hostile_text_cannot_steer_the_terminal) {
    decide::Check check = hand_made_check();
    check.source = "\x1b[2J\"<b>\n\xe2\x80\xae";
    const std::string text = print_status(status_of(check), soon_after, wide);
    EXPECT_THAT(text, HasSubstr("?[2J\"<b>??; checked"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace rm::app
