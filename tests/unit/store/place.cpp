// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/store/place.h"

#include <atomic>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "tests/lab/require.h"

namespace rm::store {
namespace {

std::unique_ptr<lab::Postgres>& server() {
    static std::unique_ptr<lab::Postgres> only;
    return only;
}

class StopServer : public testing::Environment {
public:
    void TearDown() override { server().reset(); }
};

}  // namespace

std::ostream& operator<<(std::ostream& out, Backend backend) {
    return out << (backend == Backend::sqlite ? "sqlite" : "postgres");
}

lab::Postgres* shared_postgres() {
    if (!server()) {
        static testing::Environment* const stop = testing::AddGlobalTestEnvironment(new StopServer);
        EXPECT_NE(stop, nullptr);
        auto created = lab::Postgres::create();
        if (!created) {
            ADD_FAILURE() << created.error().message;
            return nullptr;
        }
        server() = *std::move(created);
    }
    return server().get();
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = testing::TempDir() + "rm-store-test-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "cannot make " << pattern;
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Place::Place(Backend backend) {
    if (backend == Backend::sqlite) {
        options_.url = "sqlite:" + (folder_.path() / "store.db").string();
        return;
    }
    static std::atomic<int> count = 0;
    lab::Postgres* postgres = shared_postgres();
    if (postgres == nullptr) return;
    const std::string name = fmt::format("test{}", ++count);
    const Status created = postgres->create_user(name);
    EXPECT_TRUE(created) << created.error().message;
    options_.url = postgres->url(name);
    options_.password = lab::Postgres::password();
}

void ContractTest::SetUp() {
    if (GetParam() == Backend::postgres) RM_LAB_REQUIRE(postgres);
    place = std::make_unique<Place>(GetParam());
    open();
}

void ContractTest::open(std::span<const Migration> migrations) {
    database.reset();
    auto opened = Database::open(place->options(), clock, migrations);
    ASSERT_TRUE(opened) << opened.error().message;
    database = *std::move(opened);
}

void ContractTest::open() {
    open(test_schema());
}

Status ContractTest::execute(std::string_view sql, const Params& params) const {
    return database->transaction([&](Session& session) -> Status {
        auto done = session.execute(sql, params);
        if (!done) return fail(done.error());
        return {};
    });
}

std::int64_t ContractTest::number(std::string_view sql, const Params& params) const {
    const auto rows = database->query(sql, params);
    if (!rows || rows->size() != 1) {
        ADD_FAILURE() << (rows ? "not one row" : rows.error().message);
        return -1;
    }
    const auto value = rows->front().get<std::int64_t>("number");
    EXPECT_TRUE(value) << value.error().message;
    return value.value_or(-1);
}

void SchemaContractTest::SetUp() {
    ContractTest::SetUp();
    if (!place) return;
    place = std::make_unique<Place>(GetParam());
    open(schema());
}

void at_once(std::size_t threads, const std::function<void()>& work) {
    std::vector<std::jthread> running(threads);
    for (std::jthread& thread : running) thread = std::jthread(work);
}

std::span<const Migration> test_schema() {
    static const std::vector<Migration> all = {
        {1,
         "things",
         {"create table things (id {id}, name text not null unique, amount {integer} not null default "
          "0){strict}",
          "create table parts (thing {integer} not null references things (id), name text){strict}"}},
        {2,
         "values",
         {"create table kinds (id {id}, whole {integer}, real {real}, truth {boolean}, words text){strict}"}},
    };
    return all;
}

}  // namespace rm::store
