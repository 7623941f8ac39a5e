// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "core/text.h"
#include "docker/json.h"
#include "docker/read_container_parts.h"
#include "docker/read_parts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Result<RestartRule> read_restart(const json::object& host) {
    const auto rule = object_at(host, "RestartPolicy");
    if (!rule) return fail(rule.error());
    const auto name = text_or_empty(**rule, "Name");
    if (!name) return fail(name.error());
    const auto retries = count_at(**rule, "MaximumRetryCount");
    if (!retries) return fail(retries.error());
    if (name->empty()) return RestartRule();
    using enum RestartPolicy;
    constexpr std::array policies{no, on_failure, always, unless_stopped};
    const auto* const found =
        std::ranges::find_if(policies, [&](RestartPolicy one) { return to_string(one) == *name; });
    if (found == policies.end())
        return fail(ErrorCode::protocol, "{} is not a restart policy", quoted(*name));
    return RestartRule{.policy = *found, .maximum_retries = *retries};
}

}  // namespace

Status read_host_config_into(Container& container, const json::object& host) {
    // Without it nothing is known of the limits, which is not the same as "unlimited".
    if (host.empty()) return fail(ErrorCode::protocol, "HostConfig is missing");
    const auto fields = read_limit_fields(host);
    if (!fields) return fail(fields.error());
    const auto limits = limits_of(*fields);
    if (!limits) return fail(limits.error());
    const auto restart = read_restart(host);
    if (!restart) return fail(restart.error());
    container.limits = *limits;
    container.limit_fields = *fields;
    container.restart = *restart;
    return {};
}

}  // namespace rm::docker
