// SPDX-License-Identifier: Apache-2.0
#include "core/names.h"

#include <algorithm>

#include "core/text.h"

namespace rm {
namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t id_digits = 64;

bool is_docker_name(std::string_view text) {
    return !text.empty() && text.size() <= longest_name && is_letter_or_digit(text[0]) &&
           std::ranges::all_of(
               text, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

}  // namespace

Result<ServiceName> ServiceName::parse(std::string_view text) {
    const auto slash = text.find('/');
    const bool with_project = slash != std::string_view::npos;
    const std::string_view project = with_project ? text.substr(0, slash) : std::string_view();
    const std::string_view service = with_project ? text.substr(slash + 1) : text;
    if (!is_docker_name(service) || (with_project && !is_docker_name(project)))
        return fail(ErrorCode::invalid,
                    "{} is not a service: write the compose service's name like grafana, or project/service, "
                    "in letters, "
                    "digits, '.', '_' and '-'",
                    quoted(text));
    return ServiceName(std::string(project), std::string(service));
}

std::string print(const ServiceName& name) {
    return name.project().empty() ? name.service() : name.project() + '/' + name.service();
}

Result<ContainerId> ContainerId::parse(std::string_view text) {
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (text.size() != id_digits || !std::ranges::all_of(text, is_hex))
        return fail(ErrorCode::invalid,
                    "{} is not a container id: 64 lower-case hexadecimal digits were expected", quoted(text));
    return ContainerId(std::string(text));
}

}  // namespace rm
