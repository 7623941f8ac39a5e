// SPDX-License-Identifier: Apache-2.0
#include "serve/find_service.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.h"

namespace rm::serve {
namespace {

using decide::Assessment;

/// ; did you mean 'web'?
std::string suggestion(const decide::Check& check, std::string_view name) {
    std::vector<std::string> names;
    names.reserve(check.services.size() * 2);
    for (const Assessment& service : check.services) {
        names.push_back(print(service.service.name));
        names.push_back(service.service.name.service());
    }
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string_view meant = closest(name, candidates);
    if (!meant.empty()) return fmt::format("; did you mean {}?", quoted(meant));
    return check.services.empty() ? "; no service was found on this host" : "";
}

}  // namespace

Result<const Assessment*> find_service(const decide::Check& check, std::string_view name) {
    std::vector<const Assessment*> meant;
    for (const Assessment& service : check.services) {
        if (print(service.service.name) == name) return &service;
        if (service.service.name.service() == name) meant.push_back(&service);
    }
    if (meant.size() == 1) return meant.front();
    if (meant.empty())
        return fail(ErrorCode::not_found, "there is no service {}{}", quoted(name), suggestion(check, name));
    std::string candidates;
    for (const Assessment* service : meant)
        candidates += (candidates.empty() ? "" : " or ") + print(service->service.name);
    return fail(ErrorCode::conflict, "{} could be several services: write {}", quoted(name), candidates);
}

}  // namespace rm::serve
