// SPDX-License-Identifier: Apache-2.0
#include "config/values.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/url.h"

namespace rm::config {

std::string_view Url::scheme() const {
    return std::string_view(text_).substr(0, text_.find(':'));
}

// A password can only stand before the @, behind a colon. What is no URL of a server has neither.
std::string print(const Url& url) {
    const std::string& text = url.with_password();
    if (url.scheme() == "sqlite" || url.scheme() == "unix") return text;
    const auto slashes = text.find("//");
    const auto at = text.rfind('@');
    const bool only_a_user =
        slashes != std::string::npos && at != std::string::npos && text.find(':', slashes) > at;
    return only_a_user ? text : without_password(text);
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
