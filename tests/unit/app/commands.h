// SPDX-License-Identifier: Apache-2.0
// A server with the real routes, a store and a check made by hand, and the commands run against it: what the
// tests of the commands share.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/exit_code.h"
#include "core/clock.h"
#include "serve/server.h"
#include "serve/service_routes.h"
#include "store/database.h"
#include "tests/unit/serve/hand_made_check.h"

namespace rm::app::test {

struct Outcome {
    ExitCode code;
    std::string out;
    std::string err;
};

/// Runs the command as if typed.
Outcome run_words(const std::vector<std::string>& words);

class CommandsTest : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    /// A deployment that has ended as the test says, or is refused.
    Result<std::int64_t> begin();

    /// Runs the command against the server.
    Outcome run(std::vector<std::string> words);
    Outcome run_with_token(std::vector<std::string> words, const std::string& token = "secret-token");

    [[nodiscard]] std::string file(const std::string& name, const std::string& text) const;

    static std::filesystem::path fresh_directory();
    static serve::PreflightReport of_db_alone();

    VirtualClock clock{serve::noon()};
    std::filesystem::path directory = fresh_directory();
    std::unique_ptr<store::Database> store;
    serve::CheckPtr check;
    Result<serve::PreflightReport> report = of_db_alone();
    serve::PreflightAsked asked_ahead;
    std::optional<serve::Wanted> wanted;
    std::string ends_as = "succeeded";
    telemetry::Metrics metrics;
    std::unique_ptr<serve::Server> server;
};

}  // namespace rm::app::test
