// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/spec.h"

#include <chrono>
#include <cstdint>

#include <boost/json.hpp>

namespace rm::docker {
namespace {

namespace json = boost::json;

std::int64_t nanos(Duration duration) {
    return std::chrono::nanoseconds(duration).count();
}

json::object print(const HealthCheck& check) {
    json::object made{{"Test", {"CMD", "/probe"}},
                      {"Interval", nanos(check.interval)},
                      {"Timeout", nanos(check.timeout)},
                      {"StartPeriod", nanos(check.start_period)},
                      {"Retries", check.retries}};
    if (check.start_interval > Duration(0)) made["StartInterval"] = nanos(check.start_interval);
    return made;
}

}  // namespace

std::string image_of(const SimulatedSpec& spec) {
    return spec.image.empty() ? "simulated/" + spec.name + ":1" : spec.image;
}

std::string body_of(const SimulatedSpec& spec) {
    json::object host{{"RestartPolicy", {{"Name", to_string(spec.restart)}}}};
    if (spec.limits.cpu) host["NanoCpus"] = spec.limits.cpu->nanos();
    if (spec.limits.memory) host["Memory"] = spec.limits.memory->count();
    json::object labels;
    for (const auto& [name, value] : spec.labels) labels[name] = value;
    json::object body{
        {"Image", image_of(spec)}, {"Labels", std::move(labels)}, {"HostConfig", std::move(host)}};
    if (spec.health_check) body["Healthcheck"] = print(*spec.health_check);
    return json::serialize(body);
}

}  // namespace rm::docker
