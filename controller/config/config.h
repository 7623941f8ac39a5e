// SPDX-License-Identifier: Apache-2.0
// Config: a configuration that passed every check, with the origin of every value. It can only come from
// `load`, so an invalid one doesn't exist. Immutable and cheap to copy (copies share their content); safe to
// read from any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "config/problem.h"
#include "config/read_file.h"
#include "config/settings.h"
#include "core/names.h"
#include "core/result.h"

namespace rm::config {

struct Effective;  // config/effective.h: every value with its origin

/// What a configuration is made from; later ones win: defaults, file, environment, overrides.
struct Sources {
    std::optional<std::filesystem::path> file;
    /// The whole environment: variables that don't concern us are passed over, unknown `RM_` ones are
    /// problems.
    std::map<std::string, std::string> environment;
    /// From the command line: `monitoring.check_interval=1m`.
    std::vector<std::string> overrides;
};

class Config {
public:
    [[nodiscard]] const Settings* operator->() const;
    [[nodiscard]] const Settings& settings() const { return *operator->(); }

    /// What applies to one service. `project/service` may be configured as such or as `service` alone; one
    /// that the configuration doesn't name gets the general keys and `defaults`.
    [[nodiscard]] const ServicePolicy& service(const ServiceName& name) const;

    /// The same with what the labels `resource-manager.*` of the service's containers say: over the general
    /// keys, below the service's own ones. Other labels are passed over. If anything is wrong with the
    /// labels, all problems: then what holds without them stands.
    [[nodiscard]] tl::expected<ServicePolicy, Problems> service(
        const ServiceName& name, const std::map<std::string, std::string>& labels) const;

    /// Both of them, to keep: the services whose labels say nothing share what this configuration has.
    [[nodiscard]] PolicyPtr kept_policy(const ServiceName& name) const;
    [[nodiscard]] tl::expected<PolicyPtr, Problems> kept_policy(
        const ServiceName& name, const std::map<std::string, std::string>& labels) const;

    /// For show and for comparing two configurations.
    [[nodiscard]] const Effective& effective() const { return *effective_; }

private:
    friend class Loader;
    explicit Config(std::shared_ptr<const Effective> effective) : effective_(std::move(effective)) {}

    std::shared_ptr<const Effective> effective_;
};

/// Reads and checks everything, the files named by `*_file` keys included; either a Config or every problem
/// there is, in the order of the sources and of the lines. `kinds` is what may be read.
tl::expected<Config, Problems> load(const Sources& sources, FileKinds kinds = FileKinds::regular_or_pipe);

/// `next`, but keys that only take effect at a start have the value that they have in `running`.
Config carried_over(const Config& running, const Config& next);

/// Gives the content of a file up to `cap` bytes, or says why not.
using ReadFile = std::function<Result<std::string>(const std::filesystem::path& file, std::size_t cap)>;

/// As `load`, with `text` in place of the file that `sources.file` names, and other files through `read`.
tl::expected<Config, Problems> load_text(std::string_view text, const Sources& sources, const ReadFile& read);

}  // namespace rm::config
