// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/lab_shop.h"

#include <string>

#include "tests/lab/require.h"
#include "tests/lab/workload_image.h"

namespace rm::e2e {
namespace {

using lab::must;

/// Health is not looked at here, and asking for it costs more CPU than the services use.
const std::string unchecked = "healthcheck: {disable: true}";

std::string shop_services() {
    return lab::compose_file({{.name = "postgres-exporter",
                               .cpus = "0.05",
                               .memory = "64m",
                               .environment = {{"WORKLOAD_CPU", "0.5"}, {"WORKLOAD_MEMORY", "32m"}},
                               .more = {unchecked}},
                              {.name = "grafana", .cpus = "0.5", .memory = "64m", .more = {unchecked}},
                              {.name = "postgres",
                               .cpus = "0.5",
                               .memory = "64m",
                               .more = {unchecked, "labels: {resource-manager.class: critical}"}},
                              {.name = "scratch", .more = {unchecked}}});
}

lab::Engine engine_with_image() {
    lab::Engine engine = must(lab::Engine::start());
    must(lab::load_workload(engine));
    return engine;
}

}  // namespace

LabShop::LabShop()
    : engine_(engine_with_image()),
      project_(must(lab::ComposeProject::up(engine_, "shop", shop_services()))) {}

}  // namespace rm::e2e
