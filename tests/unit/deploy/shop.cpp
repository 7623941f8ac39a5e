// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/deploy/shop.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fmt/format.h>

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;

template <class T>
T value_of(Result<T> value) {
    if (!value) throw std::runtime_error(value.error().message);
    return *std::move(value);
}

std::string new_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rm-shop-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return pattern;
}

}  // namespace

config::LiveConfig live_config(std::vector<std::string> overrides) {
    for (const char* const one : {"deployment.health_timeout=1h", "deployment.health_interval=1s",
                                  "deployment.drain=5s", "deployment.observe=10s"})
        overrides.emplace_back(one);
    auto config = config::load({.file = std::nullopt, .environment = {}, .overrides = std::move(overrides)});
    if (!config) throw std::runtime_error(print(config.error()));
    return {config::Sources{}, *std::move(config), config::FileState{}};
}

Shop::Shop(Clock& clock)
    : engine(clock),
      folder(new_folder()),
      store(
          value_of(store::Database::open({.url = "sqlite:" + folder + "/store.db", .password = {}}, clock))),
      live(live_config()) {}

Shop::~Shop() {
    store.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

void Shop::add_service(const std::string& name, int replicas, bool sick_with_more) {
    docker::SimulatedImage image;
    image.ready_after = 3s;
    image.stops_after = 700ms;
    if (sick_with_more)
        image.probe = [](const docker::SimulatedProgram& program) {
            return docker::ExecOutcome{.exit_code = program.limits == more ? 1 : 0, .output = "not today"};
        };
    for (int number = 1; number <= replicas; ++number)
        value_of(
            engine.run({.name = fmt::format("shop-{}-{}", name, number),
                        .image = "shop/" + name + ":1",
                        .program = image,
                        .labels = {{"com.docker.compose.project", "shop"},
                                   {"com.docker.compose.service", name},
                                   {"com.docker.compose.container-number", std::to_string(number)},
                                   {"com.docker.compose.oneoff", "False"}},
                        .limits = less,
                        .health_check = docker::HealthCheck{.interval = 1s, .timeout = 1s, .retries = 5}}));
}

Wish Shop::wish(const std::string& service) const {
    return {.service = value_of(ServiceName::parse("shop/" + service)),
            .to = more,
            .requested_by = "the test",
            .reason = "to see"};
}

std::vector<docker::Container> Shop::containers() {
    std::vector<docker::Container> all;
    for (const auto& one : value_of(engine.list({}))) all.push_back(value_of(engine.inspect(one.id, {})));
    std::ranges::sort(all, {}, &docker::Container::name);
    return all;
}

}  // namespace rm::deploy::test
