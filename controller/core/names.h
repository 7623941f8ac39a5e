// SPDX-License-Identifier: Apache-2.0
// Names of the things we manage. Both types can only hold text that is safe in a path, a label and a query.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/result.h"

namespace rm {

/// A compose service: `grafana`, or `monitoring/grafana` where the project matters.
class ServiceName {
public:
    static Result<ServiceName> parse(std::string_view text);

    /// Empty when only the service was named.
    [[nodiscard]] const std::string& project() const { return project_; }
    [[nodiscard]] const std::string& service() const { return service_; }

    friend auto operator<=>(const ServiceName&, const ServiceName&) = default;

private:
    ServiceName(std::string project, std::string service)
        : project_(std::move(project)), service_(std::move(service)) {}

    std::string project_;
    std::string service_;
};

/// What `ServiceName::parse` reads back as the same name.
std::string print(const ServiceName& name);

/// The engine's full id of a container: 64 hexadecimal digits.
class ContainerId {
public:
    static Result<ContainerId> parse(std::string_view text);

    [[nodiscard]] const std::string& full() const { return full_; }
    /// The first twelve digits, as `docker ps` shows them.
    [[nodiscard]] std::string_view brief() const { return std::string_view(full_).substr(0, 12); }

    friend auto operator<=>(const ContainerId&, const ContainerId&) = default;

private:
    explicit ContainerId(std::string full) : full_(std::move(full)) {}

    std::string full_;
};

}  // namespace rm
