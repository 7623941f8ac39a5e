// SPDX-License-Identifier: Apache-2.0
// Finding out what a machine offers, for a first start without a configuration of one's own: Docker and
// Prometheus where the configuration says or in their usual places, Docker alone, or else a simulation.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace rm::app {

struct Detected {
    std::vector<std::string> overrides;  // for Sources::overrides: `monitoring.source=docker`
    std::vector<std::string> lines;      // for people: what it is, and how to get the others
    bool simulation = false;
    double speed = 1;  // of the simulation's time
};

/// Where Docker and Prometheus are on most machines.
struct UsualPlaces {
    std::string docker = "unix:///var/run/docker.sock";
    std::string prometheus = "http://127.0.0.1:9090";
};

/// A token for Prometheus is sent to the address that it was configured with and to no other: with one, the
/// usual place is not tried.
Detected detect(const config::Config& config, const UsualPlaces& usual = {});

/// On a real host, which nobody described, a first look changes nothing, whatever the file says: only an
/// argument or a variable for this very run lets it act.
void only_look(Detected& found, const config::Config& config);

/// What a simulation needs: a source and a store of its own, which ends with it. `folder` is that store's.
std::vector<std::string> simulation_overrides(const std::string& folder);

}  // namespace rm::app
