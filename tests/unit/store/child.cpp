// SPDX-License-Identifier: Apache-2.0
// A program for tests that need another process: one to kill, to run as somebody else, or to fill a disk.
//     child [--nobody] open URL      says "ok" or the error
//     child pairs URL                writes numbered pairs until it is killed, and says each number once
//     committed child fill URL BALLAST         writes until that fails, frees the ballast, and writes again
//     child server                   starts a PostgreSQL and waits to be killed
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "core/clock.h"
#include "store/database.h"
#include "tests/lab/postgres.h"

namespace {

using namespace rm;
using namespace rm::store;

std::span<const Migration> pairs_schema() {
    static const std::vector<Migration> all = {
        {1,
         "pairs",
         {"create table pairs (number {integer} not null, half {integer} not null, words text){strict}"}}};
    return all;
}

void say(std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

void say(const Error& error) {
    say(fmt::format("{}: {}", to_string(error.code), error.message));
}

std::unique_ptr<Database> open(const std::string& url, Clock& clock) {
    Options options;
    options.url = url;
    auto opened = Database::open(options, clock, pairs_schema());
    if (opened) return *std::move(opened);
    say(opened.error());
    return nullptr;
}

Status write_pair(Database& database, int number, const std::string& words) {
    return database.transaction([&](Session& session) -> Status {
        for (const int half : {1, 2}) {
            auto written =
                session.execute("insert into pairs (number, half, words) values (:number, :half, :words)",
                                {{"number", number}, {"half", half}, {"words", words}});
            if (!written) return fail(written.error());
        }
        return {};
    });
}

int write_pairs(Database& database) {
    for (int number = 1;; ++number) {
        if (Status written = write_pair(database, number, "x"); !written) {
            say(written.error());
            return 1;
        }
        say(std::to_string(number));
    }
}

int fill_disk(Database& database, const std::string& ballast) {
    int number = 0;
    Status written;
    while (written) written = write_pair(database, ++number, std::string(10'000, 'x'));
    say(written.error());
    say(print(database.health()));
    const auto rows = database.query("select count(*) as rows, count(distinct number) as pairs from pairs");
    if (!rows) {
        say(rows.error());
        return 1;
    }
    const auto& row = rows->front();
    say(fmt::format("committed {}, found {} pairs in {} rows", number - 1, *row.get<std::int64_t>("pairs"),
                    *row.get<std::int64_t>("rows")));
    std::filesystem::remove(ballast);
    written = write_pair(database, number, "x");
    written ? say(print(database.health())) : say(written.error());
    return 0;
}

int run_server() {
    auto server = lab::Postgres::create();
    if (!server) {
        say(server.error());
        return 1;
    }
    say(std::to_string((*server)->pid()));
    say((*server)->folder().string());
    for (;;) pause();
}

bool become_nobody() {
    constexpr unsigned nobody = 65534;
    return setresgid(nobody, nobody, nobody) == 0 && setresuid(nobody, nobody, nobody) == 0;
}

int run(std::vector<std::string> arguments) {
    if (!arguments.empty() && arguments[0] == "--nobody") {
        if (!become_nobody()) return 3;
        arguments.erase(arguments.begin());
    }
    const std::string mode = arguments.empty() ? "" : arguments[0];
    if (mode == "server") return run_server();
    if (arguments.size() < 2) return 2;
    SystemClock clock;
    const auto database = open(arguments[1], clock);
    if (!database) return 1;
    if (mode == "pairs") return write_pairs(*database);
    if (mode == "fill") return fill_disk(*database, arguments.at(2));
    say("ok");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return run({argv + 1, argv + argc});
}
