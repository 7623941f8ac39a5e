// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "core/text.h"
#include "docker/clone_parts.h"
#include "docker/json.h"
#include "docker/read_parts.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

Status set_limits(const CloneWanted& wanted, json::object& host) {
    const auto now = read_limit_fields(host);
    if (!now) return fail(now.error());
    const auto fields = with_limits(*now, wanted.limits);
    if (!fields) return fail(fields.error());
    for (const auto& [name, field] : limit_members)
        if ((*now).*field != (*fields).*field) host[name] = (*fields).*field;
    return {};
}

}  // namespace

Status clone_links(json::object& holder, std::string_view name) {
    const json::value* links = member(holder, "Links");
    if (links == nullptr) return {};
    if (!links->is_array()) return fail(ErrorCode::protocol, "{} is not a list", name);
    json::array result;
    for (const json::value& link : links->get_array()) {
        if (!link.is_string()) return fail(ErrorCode::protocol, "{}: a link is not a text", name);
        const std::string_view text = link.get_string();
        if (text.starts_with('/')) {
            const auto colon = text.find(':');
            const auto last = text.rfind('/');
            if (colon == std::string_view::npos || last < colon)
                return fail(ErrorCode::protocol, "{}: {} is not a link", name, quoted(text));
            result.emplace_back(fmt::format("{}:{}", text.substr(1, colon - 1), text.substr(last + 1)));
        } else {
            result.push_back(link);
        }
    }
    holder["Links"] = std::move(result);
    return {};
}

Result<json::object> clone_host_config(const Blueprint& blue, const CloneWanted& wanted) {
    json::object host = blue.host;
    if (const auto done = set_limits(wanted, host); !done) return fail(done.error());
    if (const auto done = clone_links(host, "HostConfig.Links"); !done) return fail(done.error());
    if (const auto done = pin_volumes(blue, host); !done) return fail(done.error());
    if (wanted.restart)
        host["RestartPolicy"] = json::object{{"Name", to_string(wanted.restart->policy)},
                                             {"MaximumRetryCount", wanted.restart->maximum_retries}};
    return host;
}

}  // namespace rm::docker
