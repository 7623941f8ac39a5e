// SPDX-License-Identifier: Apache-2.0
// `preflight`, to the letter.
#include "app/views/preflight_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/preflight_json.h"
#include "tests/unit/app/views/pictures.h"

namespace rm::app {
namespace {

using config::Strategy;
using serve::noon;

std::vector<PreflightView> two_services() {
    const serve::PreflightReport report{
        .at = noon(),
        .services = {
            {.service = ServiceName::parse("shop/db").value(),
             .shown_as = "db",
             .managed = true,
             .configured = Strategy::automatic,
             .strategy = Strategy::in_place,
             .why = "blue_green is not possible: db-1 has no health check",
             .options = {{.strategy = Strategy::blue_green,
                          .against = {"db-1 publishes the host's port 5432", "db-1 has no health check"}},
                         {.strategy = Strategy::in_place, .against = {}}},
             .replicas = {"db-1"},
             .from = Limits{.cpu = Cores::whole(1), .memory = Bytes::mebi(256)},
             .to = Limits{.cpu = Cores::whole(2), .memory = Bytes::mebi(256)},
             .steps = {"db-1 gets other limits while it runs"}},
            {.service = ServiceName::parse("shop/odd").value(),
             .shown_as = "odd",
             .managed = false,
             .configured = Strategy::script,
             .strategy = {},
             .why = "odd-1 could not be looked at",
             .options = {},
             .replicas = {},
             .from = {},
             .to = {}}}};
    return read_preflight(serve::preflight_json(report)).value();
}

TEST(PreflightText, each_service_has_its_strategy_and_the_reason_below) {
    EXPECT_EQ(print_preflight(two_services(), wide), R"(SERVICE   CONFIGURED   WOULD GET
shop/db   auto         in_place
  blue_green is not possible: db-1 has no health check
shop/odd  not managed  none
  odd-1 could not be looked at
)");
    EXPECT_EQ(print_preflight({}, wide), "no services were found\n");
}

TEST(PreflightText, one_service_shows_all_that_stands_in_the_way_and_what_would_be_done) {
    EXPECT_EQ(print_preflight_of(two_services()[0], wide),
              R"(shop/db: 1 replica, 1 CPU, 256M memory; wanted: 1 -> 2 CPU
would get in_place: blue_green is not possible: db-1 has no health check
  - db-1 gets other limits while it runs

  ✗ blue_green  db-1 publishes the host's port 5432
                db-1 has no health check
  ✓ in_place
)");
    PreflightView busy = two_services()[0];
    busy.under_way = 12;
    EXPECT_FALSE(busy.is_possible());
    EXPECT_THAT(print_preflight_of(busy, wide),
                testing::HasSubstr("but not yet: deployment 12 is under way\n"));
    EXPECT_EQ(print_preflight_of(two_services()[1], wide),
              "shop/odd: 0 replicas\nwould get none: odd-1 could not be looked at\n");
}

}  // namespace
}  // namespace rm::app
