// SPDX-License-Identifier: Apache-2.0
#include "config/values.h"

#include <cmath>

namespace rm::config {
namespace {

constexpr std::string_view hidden = "***";

/// Replaces what stands behind `password=` in the query.
void hide_parameter(std::string& text) {
    constexpr std::string_view name = "password=";
    for (auto at = text.find('?'); (at = text.find(name, at)) != std::string::npos;) {
        const auto from = at + name.size();
        const auto end = text.find_first_of("&#", from);
        text.replace(from, end == std::string::npos ? end : end - from, hidden);
        at = from;
    }
}

}  // namespace

std::string without_password(std::string_view text) {
    std::string result(text);
    const auto slashes = result.find("//");
    const auto from = slashes == std::string::npos ? 0 : slashes + 2;
    const auto at = result.rfind('@');
    if (at != std::string::npos && at >= from) {
        const auto colon = result.find(':', from);
        const bool with_user = slashes != std::string::npos && colon < at;
        result.replace(with_user ? colon + 1 : from, at - (with_user ? colon + 1 : from), hidden);
    }
    hide_parameter(result);
    return result;
}

std::string_view Url::scheme() const {
    return std::string_view(text_).substr(0, text_.find(':'));
}

std::string print(const Url& url) {
    std::string text = url.with_password();
    if (const auto slashes = text.find("//"); slashes != std::string::npos) {
        const auto from = slashes + 2;
        const auto authority = std::string_view(text).substr(from, text.find_first_of("/?#", from) - from);
        const auto at = authority.rfind('@');
        const auto colon = authority.find(':');
        if (at != std::string_view::npos && colon < at)
            text.replace(from + colon + 1, at - colon - 1, hidden);
    }
    hide_parameter(text);
    return text;
}

Cores amount_of(const Reserve<Cores>& reserve, Cores total) {
    if (const auto* cores = std::get_if<Cores>(&reserve.value)) return *cores;
    return Cores::from_nanos(
        std::llround(static_cast<double>(total.nanos()) * std::get<Ratio>(reserve.value).value()));
}

Bytes amount_of(const Reserve<Bytes>& reserve, Bytes total) {
    if (const auto* bytes = std::get_if<Bytes>(&reserve.value)) return *bytes;
    return Bytes(std::llround(static_cast<double>(total.count()) * std::get<Ratio>(reserve.value).value()));
}

std::string print(TimeOfDay time) {
    const auto minutes = time.since_midnight.count();
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

bool DailyWindow::contains(TimeOfDay time) const {
    if (from < to) return from <= time && time < to;
    return time >= from || time < to;
}

std::string print(const DailyWindow& window) {
    return fmt::format("{}-{}", print(window.from), print(window.to));
}

std::string print(const ListenAddress& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

}  // namespace rm::config
