// SPDX-License-Identifier: Apache-2.0
// Where one test's database lives: in a temporary folder, or as a database of its own on a PostgreSQL server
// that all tests of this program share. The contract tests run on both.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "core/clock.h"
#include "store/database.h"
#include "tests/lab/postgres.h"

namespace rm::store {

enum class Backend { sqlite, postgres };

std::ostream& operator<<(std::ostream& out, Backend backend);

/// Started when first asked for, stopped at the end of the program; null with the test failed when it won't
/// start.
lab::Postgres* shared_postgres();

/// A new, empty folder that goes away with the object.
class TemporaryFolder {
public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&&) = delete;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// Options for a new, empty database on `backend`.
class Place {
public:
    explicit Place(Backend backend);

    [[nodiscard]] const Options& options() const { return options_; }

private:
    TemporaryFolder folder_;
    Options options_;
};

/// A test with a database on the backend that is its parameter.
class ContractTest : public testing::TestWithParam<Backend> {
protected:
    void SetUp() override;
    /// Opens it (again), by default with tables for the tests; fails the test when it can't.
    void open(std::span<const Migration> migrations);
    void open();

    /// Runs one statement in a transaction of its own.
    Status execute(std::string_view sql, const Params& params = {}) const;
    /// The one number that the query gives as `number`.
    [[nodiscard]] std::int64_t number(std::string_view sql, const Params& params = {}) const;

    VirtualClock clock;
    std::unique_ptr<Place> place;
    std::unique_ptr<Database> database;
};

/// As above, with the tables of the program itself.
class SchemaContractTest : public ContractTest {
protected:
    void SetUp() override;
};

/// Runs `work` in several threads and waits for all of them.
void at_once(std::size_t threads, const std::function<void()>& work);

/// The tables that the tests use.
std::span<const Migration> test_schema();

}  // namespace rm::store
