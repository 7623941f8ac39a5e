// SPDX-License-Identifier: Apache-2.0
#include "serve/compose_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/serve/hand_made_check.h"

namespace rm::serve {
namespace {

using testing::HasSubstr;
using testing::Not;

decide::Assessment& service_of(decide::Check& check, std::string_view name) {
    for (decide::Assessment& service : check.services)
        if (print(service.service.name) == name) return service;
    throw std::runtime_error("no such service");
}

TEST(ComposeExport, every_managed_service_of_the_project_has_its_limits_in_both_forms) {
    decide::Check check = hand_made_check();
    service_of(check, "shop/web").service.replicas.front().limits = {.cpu = Cores::from_nanos(1'500'000'000),
                                                                     .memory = Bytes::mebi(768)};
    const auto text = compose_override(check, "shop");
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_THAT(*text,
                HasSubstr("# The limits of shop at 2026-01-01T12:00:00Z, written by resource-manager."));
    EXPECT_THAT(*text, HasSubstr(R"(  "web":
    cpus: 1.5
    mem_limit: "768M"
    deploy:
      resources:
        limits:
          cpus: "1.5"
          memory: "768M"
)"));
    EXPECT_THAT(*text, HasSubstr("\nservices:\n  \"cache\":\n"));
    EXPECT_THAT(*text, HasSubstr("  \"db\":\n"));
}

TEST(ComposeExport, a_limit_that_is_not_there_is_not_written) {
    decide::Check check = hand_made_check();
    service_of(check, "shop/web").service.replicas.front().limits = {.cpu = Cores::whole(2), .memory = {}};
    service_of(check, "shop/db").service.replicas.front().limits = {};
    const std::string text = compose_override(check, "shop").value();
    EXPECT_THAT(text, HasSubstr(R"(  "web":
    cpus: 2
    deploy:
      resources:
        limits:
          cpus: "2"
)"));
    EXPECT_THAT(text, HasSubstr("# db has no limits and is left out.\n"));
    EXPECT_THAT(text, Not(HasSubstr("\"db\"")));
}

TEST(ComposeExport, what_is_not_managed_or_does_not_run_is_left_out) {
    decide::Check check = hand_made_check();
    set_policy(service_of(check, "shop/web"), [](auto& policy) { policy.enabled = false; });
    service_of(check, "shop/db").service.replicas.clear();
    const std::string text = compose_override(check, "shop").value();
    EXPECT_THAT(text, Not(HasSubstr("web")));
    EXPECT_THAT(text, HasSubstr("# db does not run and is left out.\n"));
    set_policy(service_of(check, "shop/cache"), [](auto& policy) { policy.enabled = false; });
    EXPECT_THAT(compose_override(check, "shop").value(), HasSubstr("\nservices: {}\n"));
}

TEST(ComposeExport, the_limits_are_the_real_ones_and_not_those_that_dry_run_assumes) {
    decide::Check check = hand_made_check();
    auto& web = service_of(check, "shop/web");
    web.service.replicas.front().limits = {.cpu = Cores::whole(1), .memory = {}};
    web.verdict.in_force = {.cpu = Cores::whole(3), .memory = {}};
    EXPECT_THAT(compose_override(check, "shop").value(), HasSubstr("\"web\":\n    cpus: 1\n"));
}

TEST(ComposeExport, which_project_is_said_where_there_are_several) {
    decide::Check check = hand_made_check();
    EXPECT_EQ(compose_override(check, "").error().message,
              "there are several projects, say which: blog, shop");
    EXPECT_EQ(compose_override(check, "sohp").error().message,
              "there is no project 'sohp'; there are blog, shop");
    std::erase_if(check.services,
                  [](const auto& service) { return service.service.name.project() != "blog"; });
    EXPECT_TRUE(compose_override(check, ""));
    EXPECT_EQ(compose_override({}, "").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace rm::serve
