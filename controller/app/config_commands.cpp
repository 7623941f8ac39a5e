// SPDX-License-Identifier: Apache-2.0
// config check | show | schema | reference
#include <cstdio>

#include <fmt/format.h>

#include "app/configuration.h"
#include "app/execute.h"
#include "app/labels.h"
#include "config/reference.h"
#include "config/schema.h"
#include "config/show.h"

namespace rm::app {
namespace {

/// Adds what the labels of the service's containers say; people are told when that isn't possible.
void add_labels(config::ShowOptions& options, const config::Config& loaded) {
    const auto found = find_labels(loaded->docker, *options.service, std::stop_token());
    if (!found) {
        std::fprintf(stderr, "resource-manager: labels of containers were not read: %s\n",
                     found.error().message.c_str());
        return;
    }
    options.service = found->name;
    options.labels = found->labels;
    if (const auto policy = loaded.service(found->name, found->labels); !policy)
        std::fprintf(stderr, "%sresource-manager: the labels of %s don't count because of this\n",
                     print(policy.error()).c_str(), print(found->name).c_str());
}

}  // namespace

ExitCode run(const ConfigCheck& command, const Environment& environment) {
    const config::Sources sources = sources_for(command.config, environment);
    const auto loaded = load_or_complain(sources);
    if (!loaded) return ExitCode::usage;
    return write_out(
        fmt::format("{}: valid, {} services named\n",
                    sources.file ? sources.file->string() : "no configuration file, defaults only",
                    (*loaded)->services.size()));
}

ExitCode run(const ConfigShow& command, const Environment& environment) {
    config::ShowOptions options{.format = command.json ? config::ShowFormat::json : config::ShowFormat::yaml,
                                .service = {}};
    if (command.service) {
        const auto name = ServiceName::parse(*command.service);
        if (!name) {
            std::fprintf(stderr, "resource-manager: --service: %s\n", name.error().message.c_str());
            return ExitCode::usage;
        }
        options.service = *name;
    }
    const auto loaded = load_or_complain(sources_for(command.config, environment));
    if (!loaded) return ExitCode::usage;
    if (options.service) add_labels(options, *loaded);
    return write_out(config::show(*loaded, options));
}

ExitCode run(const ConfigSchema&, const Environment&) {
    return write_out(config::schema());
}

ExitCode run(const ConfigReference&, const Environment&) {
    return write_out(config::reference());
}

}  // namespace rm::app
