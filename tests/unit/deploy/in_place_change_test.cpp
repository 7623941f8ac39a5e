// SPDX-License-Identifier: Apache-2.0
#include "deploy/in_place_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deploy/in_place_stages.h"
#include "deploy/limits_update.h"
#include "tests/unit/deploy/picture.h"

namespace rm::deploy::test {
namespace {

using docker::ContainerState;

/// `web-1` on its way from 1 CPU and 1G to other limits.
struct Change1G : Picture {
    explicit Change1G(const Limits& to) : Picture(config::Strategy::in_place) {
        sight.blue = container('a', "web-1", limits("1", "1G"));
        replica().from = limits("1", "1G");
        replica().to = to;
        replica().in_place = before_update(blue(), replica());
        at(Stage::update);
        uses("100M");
    }

    std::string next() {
        const Change change = next_change({row, replica(), sight, watch, terms}, replica().in_place->after);
        if (const auto* const send = std::get_if<Send>(&change))
            return fmt::format("{}{}{}", print(send->update), send->lowers ? ", lowers" : "",
                               send->is_step ? ", step" : "");
        if (const auto* const full = std::get_if<TooFull>(&change)) {
            const std::string meanwhile = print(full->meanwhile);
            return meanwhile.empty() ? full->reason : fmt::format("{} [{}]", full->reason, meanwhile);
        }
        return "reached";
    }

    /// The engine and the kernel do as they are told.
    void take(const docker::Update& update) {
        test::apply(update, blue());
        sight.usage->memory_limit = blue().limits.memory;
    }

    /// Carries out what comes next; the limits it then has.
    std::string step() {
        const Change change = next_change({row, replica(), sight, watch, terms}, replica().in_place->after);
        if (!std::holds_alternative<Send>(change)) return next();
        take(std::get<Send>(change).update);
        return print(blue().limits);
    }
};

TEST(NextChange, raises_all_at_once) {
    Change1G web(limits("2", "4G"));
    web.uses("1023M");  // however full it is
    EXPECT_EQ(web.next(), "2 CPU, memory 4G, swap 8G");
    web.take({.nano_cpus = Cores::whole(2), .memory = bytes("4G"), .memory_swap = bytes("8G")});
    EXPECT_EQ(web.next(), "reached");
}

TEST(NextChange, lowers_memory_in_steps_and_cpu_with_the_first) {
    Change1G web(limits("0.5", "400M"));
    EXPECT_EQ(web.next(), "0.5 CPU, memory 768M, swap 1168M, lowers, step");
    EXPECT_EQ(web.step(), "0.5 CPU, 768M");
    EXPECT_EQ(web.step(), "0.5 CPU, 576M");
    EXPECT_EQ(web.step(), "0.5 CPU, 432M");
    EXPECT_EQ(web.step(), "0.5 CPU, 400M");
    EXPECT_EQ(web.next(), "reached");
    EXPECT_EQ(web.blue().limit_fields.memory_swap, bytes("800M").count());
}

TEST(NextChange, lowers_memory_only_when_what_is_in_use_fits_with_a_margin) {
    Change1G web(limits("1", "400M"));
    web.uses("350M");
    EXPECT_EQ(web.next(), "web-1 uses so much memory that it can't be limited to less than 401M");
    web.uses("349M");
    EXPECT_EQ(web.next(), "memory 768M, swap 1168M, lowers, step");
}

TEST(NextChange, stops_half_way_when_more_is_used) {
    Change1G web(limits("1", "400M"));
    EXPECT_EQ(web.step(), "1 CPU, 768M");
    web.uses("390M");
    EXPECT_EQ(web.next(), "web-1 uses so much memory that it can't be limited to less than 445M");
}

TEST(NextChange, does_not_count_idle_cache) {
    Change1G web(limits("1", "400M"));
    web.sight.usage->memory_usage = bytes("1G");
    EXPECT_EQ(web.next(), "memory 768M, swap 1168M, lowers, step");
}

TEST(NextChange, changes_cpu_at_once_where_memory_must_wait) {
    Change1G web(limits("2", "400M"));
    web.uses("900M");
    EXPECT_EQ(web.next(), "web-1 uses so much memory that it can't be limited to less than 1006M [2 CPU]");
}

TEST(NextChange, never_lowers_on_missing_data) {
    Change1G web(limits("1", "400M"));
    web.sight.usage->memory_usage = web.sight.usage->memory_working_set = std::nullopt;
    EXPECT_EQ(web.next(), "how much memory web-1 uses is not known");
    web.uses("100M").sight.usage->memory_limit = std::nullopt;
    EXPECT_EQ(web.next(), "how much memory web-1 uses is not known");
    web.sight.usage = std::nullopt;
    EXPECT_EQ(web.next(), "how much memory web-1 uses is not known");
}

TEST(NextChange, takes_the_next_step_only_when_the_kernel_has_the_last_one) {
    Change1G web(limits("1", "400M"));
    EXPECT_EQ(web.step(), "1 CPU, 768M");
    web.sight.usage->memory_limit = bytes("1G");  // the engine said yes and did nothing
    EXPECT_EQ(web.next(), "memory 768M, swap 1168M, lowers");
}

TEST(NextChange, sends_a_raise_again_that_the_kernel_does_not_have) {
    Change1G web(limits("1", "2G"));
    EXPECT_EQ(web.step(), "1 CPU, 2G");
    web.sight.usage->memory_limit = bytes("1G");
    EXPECT_EQ(web.next(), "memory 2G, swap 4G");
}

TEST(NextChange, takes_what_the_kernel_rounds_to_pages_for_done) {
    Change1G web(limits("1", "2000000001"));
    EXPECT_EQ(web.step(), "1 CPU, 2000000001");
    web.sight.usage->memory_limit = Bytes(std::int64_t{2'000'000'001} / 4096 * 4096);
    EXPECT_EQ(web.next(), "reached");
}

TEST(NextChange, knows_that_no_limit_above_the_hosts_memory_has_an_effect) {
    Change1G web(limits("1", "64G"));
    EXPECT_EQ(web.step(), "1 CPU, 64G");
    web.sight.usage->memory_limit = bytes("16G");
    EXPECT_EQ(web.next(), "memory 64G, swap 128G");
    web.terms.host_memory = bytes("16G");
    EXPECT_EQ(web.next(), "reached");
}

TEST(NextChange, of_cpu_alone_leaves_memory_alone_whatever_the_kernel_has) {
    Change1G web(limits("2", "1G"));
    web.sight.usage->memory_limit = bytes("700M");
    EXPECT_EQ(web.next(), "2 CPU");
    test::apply({.nano_cpus = Cores::whole(2)}, web.blue());
    EXPECT_EQ(web.next(), "reached");
}

TEST(NextChange, needs_no_usage_of_a_container_that_does_not_run) {
    for (const ContainerState state : {ContainerState::exited, ContainerState::created}) {
        Change1G web(limits("1", "400M"));
        web.blue().state = state;
        web.sight.usage = std::nullopt;
        EXPECT_EQ(web.next(), "memory 400M, swap 800M, lowers");
        test::apply({.memory = bytes("400M"), .memory_swap = bytes("800M")}, web.blue());
        EXPECT_EQ(web.next(), "reached");
    }
}

TEST(NextChange, lowers_a_paused_container_as_one_that_runs) {
    Change1G web(limits("1", "400M"));
    web.blue().state = ContainerState::paused;
    web.uses("500M");
    EXPECT_EQ(web.next(), "web-1 uses so much memory that it can't be limited to less than 566M");
}

TEST(NextChange, raises_a_container_that_is_about_to_be_restarted_and_does_not_lower_it) {
    Change1G up(limits("1", "2G"));
    up.blue().state = ContainerState::restarting;
    up.sight.usage = std::nullopt;
    EXPECT_EQ(up.next(), "memory 2G, swap 4G");
    Change1G down(limits("1", "400M"));
    down.blue().state = ContainerState::restarting;
    EXPECT_EQ(down.next(), "web-1 is about to be restarted, and how much memory it needs then is not known");
}

TEST(NextChange, keeps_unlimited_swap_on_every_step) {
    Change1G web(limits("1", "400M"));
    web.blue().limit_fields.memory_swap = -1;
    web.replica().in_place = std::nullopt;
    web.replica().in_place = before_update(web.blue(), web.replica());
    EXPECT_EQ(web.next(), "memory 768M, swap 1024T, lowers, step");
}

TEST(NextChange, lowers_the_reservation_with_the_first_step) {
    Change1G web(limits("1", "400M"));
    web.blue().limit_fields.memory_reservation = bytes("900M").count();
    web.replica().in_place = std::nullopt;
    web.replica().in_place = before_update(web.blue(), web.replica());
    EXPECT_EQ(web.next(), "memory 768M, swap 1168M, reservation 400M, lowers, step");
}

TEST(NotInForce, says_who_disagrees) {
    Change1G web(limits("2", "2G"));
    const auto why = [&] {
        return not_in_force({web.row, web.replica(), web.sight, web.watch, web.terms},
                            web.replica().in_place->after)
            .value_or("in force");
    };
    EXPECT_EQ(why(), "the engine says that web-1 has 1 CPU, 1G");
    test::apply({.nano_cpus = Cores::whole(2), .memory = bytes("2G"), .memory_swap = bytes("4G")},
                web.blue());
    EXPECT_EQ(why(), "the kernel allows web-1 1G of memory, not 2G");
    web.sight.usage->memory_limit = std::nullopt;
    EXPECT_EQ(why(), "how much memory the kernel allows web-1 is not known");
    web.sight.usage->memory_limit = bytes("2G");
    EXPECT_EQ(why(), "in force");
    web.blue().state = ContainerState::exited;
    web.sight.usage = std::nullopt;
    EXPECT_EQ(why(), "in force");
}

}  // namespace
}  // namespace rm::deploy::test
