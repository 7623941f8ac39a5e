// SPDX-License-Identifier: Apache-2.0
// What a test needs of the machine. Where it is not there, the test is skipped and says why; under CI=true it
// fails, because there nobody would notice. The skipped ones are counted and named at the end of the
// program's output.
//
//     TEST(Deploy, blue_stays_until_green_is_healthy) {
//         RM_LAB_REQUIRE(engine, compose);
#pragma once

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "core/result.h"

namespace rm::lab {

enum class Need {
    root,
    engine,  // root, namespaces, cgroups, and the programs of docker.io
    compose,
    haproxy,
    prometheus,
    alertmanager,
    postgres
};

/// What is missing, in words; empty if nothing is.
std::string missing(std::initializer_list<Need> needs);

/// Whether CI=true.
bool under_ci();

/// The value of a result that a test can't go on without; throws, which fails the test with the error's
/// message.
template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
}

inline void must(const Status& status) {
    if (!status) throw std::runtime_error(status.error().message);
}

}  // namespace rm::lab

// A macro, because it has to return from the test.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define RM_LAB_REQUIRE(...)                                                                      \
    do {                                                                                         \
        using enum ::rm::lab::Need;                                                              \
        if (const std::string missing_ = ::rm::lab::missing({__VA_ARGS__}); !missing_.empty()) { \
            if (::rm::lab::under_ci()) FAIL() << "CI must have everything: " << missing_;        \
            GTEST_SKIP() << missing_;                                                            \
        }                                                                                        \
    } while (false)
