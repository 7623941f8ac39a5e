// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/resources.h"

#include <vector>

#include <gtest/gtest.h>

#include "docker/read_parts.h"
#include "tests/unit/docker/done.h"
#include "tests/unit/docker/simulation/mebibyte.h"

namespace rm::docker {
namespace {

using test::done;

constexpr std::int64_t core = 1'000'000'000;
constexpr Cores host = Cores::whole(2);

struct CheckCase {
    const char* what;
    SimulatedResources resources;
    const char* refusal;              // when creating; empty: taken
    const char* on_update = nullptr;  // when that differs
};

const std::vector<CheckCase> check_cases{
    {"nothing", {}, ""},
    {"memory", {.memory = 6 * mebibyte}, ""},
    {"too little memory", {.memory = 6 * mebibyte - 1}, "Minimum memory limit allowed is 6MB"},
    {"memory -1", {.memory = -1}, "Minimum memory limit allowed is 6MB"},
    {"swap below memory",
     {.memory = 64 * mebibyte, .memory_swap = 63 * mebibyte},
     "should be larger than memory limit"},
    {"swap as memory", {.memory = 64 * mebibyte, .memory_swap = 64 * mebibyte}, ""},
    {"swap unlimited", {.memory = 64 * mebibyte, .memory_swap = -1}, ""},
    {"swap alone", {.memory_swap = 64 * mebibyte}, "always set the Memory limit", ""},
    {"reservation above memory",
     {.memory = 64 * mebibyte, .memory_reservation = 65 * mebibyte},
     "memory reservation limit"},
    {"reservation as memory", {.memory = 64 * mebibyte, .memory_reservation = 64 * mebibyte}, ""},
    {"reservation too small", {.memory_reservation = mebibyte}, "Minimum memory reservation allowed is 6MB"},
    {"all of the host", {.nano_cpus = 2 * core}, ""},
    {"more than the host", {.nano_cpus = 2 * core + 1}, "Range of CPUs is from 0.01 to 2.00"},
    {"negative CPU", {.nano_cpus = -1}, "Range of CPUs"},
    {"NanoCpus with a quota", {.nano_cpus = core, .cpu_quota = 50'000}, "Nano CPUs and CPU Quota"},
    {"NanoCpus with a period", {.nano_cpus = core, .cpu_period = 50'000}, "Nano CPUs and CPU Period"},
    {"quota", {.cpu_quota = 50'000, .cpu_period = 50'000}, ""},
    {"no quota", {.cpu_quota = -1}, ""},
    {"quota too small", {.cpu_quota = 999}, "CPU cfs quota"},
    {"period too short", {.cpu_period = 999}, "CPU cfs period"},
    {"period too long", {.cpu_period = 1'000'001}, "CPU cfs period"},
};

void expect_refusal(const Status& status, const std::string& refusal) {
    if (refusal.empty()) {
        done(status);
        return;
    }
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::invalid);
    EXPECT_NE(status.error().message.find(refusal), std::string::npos) << status.error().message;
}

TEST(SimulatedResources, are_checked_as_the_engine_does) {
    for (const auto& [what, resources, refusal, on_update] : check_cases) {
        SCOPED_TRACE(what);
        expect_refusal(check_resources(resources, host, ResourceCheck::creating), refusal);
        expect_refusal(check_resources(resources, host, ResourceCheck::updating),
                       on_update == nullptr ? refusal : on_update);
    }
}

struct MergeCase {
    const char* what;
    SimulatedResources present;
    SimulatedResources sent;
    const char* conflict;  // empty: none
    SimulatedResources result = {};
};

const std::vector<MergeCase> merge_cases{
    {"nothing", {.memory = mebibyte}, {}, "", {.memory = mebibyte}},
    {"memory of an unlimited one", {}, {.memory = 64 * mebibyte}, "already set memoryswap limit"},
    {"and with its swap", {}, {.memory = 64, .memory_swap = 64}, "", {.memory = 64, .memory_swap = 64}},
    {"memory above the swap",
     {.memory = 64, .memory_swap = 128},
     {.memory = 129},
     "already set memoryswap limit"},
    {"memory up to the swap",
     {.memory = 64, .memory_swap = 128},
     {.memory = 128},
     "",
     {.memory = 128, .memory_swap = 128}},
    {"memory of one with swap -1",
     {.memory = 64, .memory_swap = -1},
     {.memory = 65},
     "already set memoryswap limit"},
    {"swap alone",
     {.memory = 64, .memory_swap = 128},
     {.memory_swap = -1},
     "",
     {.memory = 64, .memory_swap = -1}},
    {"quota on NanoCpus",
     {.nano_cpus = core},
     {.cpu_quota = 50'000},
     "CPU Quota cannot be updated as NanoCPUs"},
    {"period on NanoCpus",
     {.nano_cpus = core},
     {.cpu_period = 50'000},
     "CPU Period cannot be updated as NanoCPUs"},
    {"NanoCpus on a quota", {.cpu_quota = 50'000}, {.nano_cpus = core}, "as CPU Quota has already been set"},
    {"NanoCpus on a period",
     {.cpu_period = 50'000},
     {.nano_cpus = core},
     "as CPU Period has already been set"},
    {"NanoCpus on a lifted quota",
     {.cpu_quota = -1},
     {.nano_cpus = core},
     "",
     {.nano_cpus = core, .cpu_quota = -1}},
    {"quota on a quota", {.cpu_quota = 50'000}, {.cpu_quota = 60'000}, "", {.cpu_quota = 60'000}},
};

TEST(SimulatedResources, go_together_with_what_is_set_or_not) {
    for (const auto& [what, present, sent, conflict, result] : merge_cases) {
        SCOPED_TRACE(what);
        const auto got = merged(present, sent);
        if (*conflict == '\0') {
            ASSERT_TRUE(got) << got.error().message;
            EXPECT_EQ(*got, result);
        } else {
            ASSERT_FALSE(got);
            EXPECT_EQ(got.error().code, ErrorCode::conflict);
            EXPECT_NE(got.error().message.find(conflict), std::string::npos) << got.error().message;
        }
    }
}

TEST(SimulatedResources, are_read_from_and_written_to_a_host_config) {
    boost::json::object document{{"NanoCpus", core}, {"Memory", nullptr}, {"Other", "kept"}};
    EXPECT_EQ(read_limit_fields(document).value(), (SimulatedResources{.nano_cpus = core}));
    write_resources(document, {.cpu_quota = 7, .memory = 8});
    EXPECT_EQ(read_limit_fields(document).value(), (SimulatedResources{.cpu_quota = 7, .memory = 8}));
    EXPECT_EQ(document.at("Other"), "kept");
    document["Memory"] = "12";
    EXPECT_FALSE(read_limit_fields(document));
}

TEST(SimulatedResources, an_update_is_sent_in_the_units_of_the_engine) {
    using namespace std::chrono_literals;
    EXPECT_EQ(resources_of({.nano_cpus = Cores::whole(2),
                            .memory = Bytes::mebi(1),
                            .memory_swap = Bytes::mebi(2),
                            .memory_reservation = Bytes(3)}),
              (SimulatedResources{.nano_cpus = 2 * core,
                                  .memory = mebibyte,
                                  .memory_swap = 2 * mebibyte,
                                  .memory_reservation = 3}));
    EXPECT_EQ(resources_of({.cpu_quota = CpuQuota{.quota = 30ms, .period = 50ms}}),
              (SimulatedResources{.cpu_quota = 30'000, .cpu_period = 50'000}));
    EXPECT_EQ(resources_of({}), SimulatedResources());
}

}  // namespace
}  // namespace rm::docker
