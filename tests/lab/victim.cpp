// SPDX-License-Identifier: Apache-2.0
// A test process to be killed: it builds a lab, prints the lab's name, and waits.
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <unistd.h>

#include "tests/lab/compose.h"
#include "tests/lab/engine.h"
#include "tests/lab/keeper.h"
#include "tests/lab/require.h"
#include "tests/lab/workload_image.h"

int main() try {
    using namespace rm::lab;
    const Engine engine = must(Engine::start());
    const PeerProcess outside = must(PeerProcess::start({.name = "sleep", .argv = {"sleep", "1000"}}));
    must(load_workload(engine));
    const ComposeProject shop = must(ComposeProject::up(engine, "shop", compose_file({{.name = "web"}})));
    fmt::print("{}\n", must(lab_folder()).filename().string());
    static_cast<void>(std::fflush(stdout));
    ::pause();
} catch (const std::exception& wrong) {
    fmt::print(stderr, "{}\n", wrong.what());
    return 1;
}
