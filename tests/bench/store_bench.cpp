// SPDX-License-Identifier: Apache-2.0
// How many journal rows a second the store takes when each is on the disk before the next begins. The file
// goes into the working directory, because /tmp is often memory.
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/clock.h"
#include "store/database.h"

namespace {

using namespace rm;
using namespace rm::store;

const std::vector<Migration> journal_schema = {
    {1,
     "journal",
     {"create table journal (id {id}, service text not null, state text not null, written_at {integer} not "
      "null,"
      " details text){strict}",
      "create table current (service text not null primary key, state text not null, written_at {integer} "
      "not null)"
      "{strict}"}},
};

/// A row of history and the row of the present state, as a deployment writes them before each action.
Status write_journal(Session& session, WallTime now, int number) {
    const std::string service = fmt::format("service-{}", number % 50);
    auto written = session.execute(
        "insert into journal (service, state, written_at, details) values (:service, 'green_started', :now, "
        ":details)",
        {{"service", service},
         {"now", now},
         {"details", R"({"green": "4f1c", "cpu": 1.25, "memory": 536870912})"}});
    if (!written) return fail(written.error());
    auto current = session.execute(
        "insert into current (service, state, written_at) values (:service, 'green_started', :now)"
        " on conflict (service) do update set state = excluded.state, written_at = excluded.written_at",
        {{"service", service}, {"now", now}});
    if (!current) return fail(current.error());
    return {};
}

/// Opens a fresh database, or stops the benchmark.
std::unique_ptr<Database> fresh(benchmark::State& state, const std::filesystem::path& folder, Clock& clock) {
    std::filesystem::remove_all(folder);
    Options options;
    options.url = "sqlite:" + (folder / "store.db").string();
    auto opened = Database::open(options, clock, journal_schema);
    if (opened) return *std::move(opened);
    state.SkipWithError(opened.error().message.c_str());
    return nullptr;
}

void sqlite_journal_write(benchmark::State& state) {
    SystemClock clock;
    const std::filesystem::path folder = "store_bench.tmp";
    if (const auto database = fresh(state, folder, clock)) {
        int number = 0;
        for (auto _ : state) {
            const Status written = database->transaction(
                [&](Session& session) { return write_journal(session, clock.now().wall, ++number); });
            if (!written) state.SkipWithError(written.error().message.c_str());
        }
        state.SetItemsProcessed(state.iterations());
    }
    std::filesystem::remove_all(folder);
}
BENCHMARK(sqlite_journal_write)->UseRealTime()->Unit(benchmark::kMicrosecond);

void sqlite_read_page(benchmark::State& state) {
    SystemClock clock;
    const std::filesystem::path folder = "store_bench.tmp";
    if (const auto database = fresh(state, folder, clock)) {
        const Status filled = database->transaction([&](Session& session) -> Status {
            for (int i = 0; i < 10'000; ++i)
                if (Status written = write_journal(session, clock.now().wall, i); !written) return written;
            return {};
        });
        if (!filled) state.SkipWithError(filled.error().message.c_str());
        for (auto _ : state) {
            auto rows = database->query("select * from journal where id > :after order by id limit 100",
                                        {{"after", 5000}});
            benchmark::DoNotOptimize(rows);
        }
        state.SetItemsProcessed(state.iterations() * 100);
    }
    std::filesystem::remove_all(folder);
}
BENCHMARK(sqlite_read_page)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace
