// SPDX-License-Identifier: Apache-2.0
// The user's script in an ordeal. What is run is a real one, which only leaves a line; what it is to have
// done is done when that line is seen, before anybody looks.
#include <filesystem>

#include <fmt/format.h>

#include "deploy/limits_update.h"
#include "tests/unit/deploy/ordeal.h"
#include "tests/unit/deploy/sure.h"

namespace rm::deploy::test {
namespace {

using namespace std::chrono_literals;
using docker::Container;

}  // namespace

/// Mostly one that works; else one that fails, at its beginning, half way or at its end.
void Ordeal::new_script() {
    script_ = {.replaces = happens(1, 3), .replicas = replicas_};
    if (happens(1, 4)) {
        script_.exit_code = 1;
        script_.replicas = static_cast<int>(below(static_cast<std::uint64_t>(replicas_) + 1));
    }
    script_goes_on_.reset();
    policy_.deployment.script = {"/bin/sh", "-c",
                                 fmt::format("echo run >> {}/script; exit {}", folder_, script_.exit_code)};
}

/// In one of twenty cases we are killed while it runs: it comes to its end all the same, is killed with us
/// half way, or goes on a little later.
void Ordeal::follow_script() {
    if (script_goes_on_ && clock_.now().steady >= *script_goes_on_) {
        script_goes_on_.reset();
        run_script(script_.replicas);
    }
    std::error_code none_yet;
    const auto told = std::filesystem::file_size(folder_ + "/script", none_yet);
    if (none_yet || told == script_told_) return;
    script_told_ = told;
    ++tally_.scripts;
    int last = script_.replicas;
    if (happens(1, 20)) {
        dead_ = true;
        const std::uint64_t fate = below(3);
        if (fate > 0) last /= 2;
        if (fate == 2) script_goes_on_ = clock_.now().steady + 10s;
    }
    run_script(last);
}

void Ordeal::run_script(int last) {
    int done = 0;
    for (const Container& one : containers()) {
        if (++done > last || one.limits == plan_.to) continue;
        const int number = std::stoi(one.labels.at("com.docker.compose.container-number"));
        if (script_.replaces) {
            sure(engine_.wipe(one.id));
            sure(engine_.run(spec_of(one.name, number, plan_.to)));
            continue;
        }
        sure(engine_.set_load(one.id, constantly(little_memory)));
        const auto fields = sure(docker::with_limits(one.limit_fields, plan_.to));
        sure(engine_.update(one.id, update_of(in_numbers(one.limit_fields), in_numbers(fields)), {}));
    }
}

}  // namespace rm::deploy::test
