// SPDX-License-Identifier: Apache-2.0
// Secret: text that must not reach a log, a metric, an error or a page. It has no conversion to text; the one
// place that sends it says `reveal()`, and printing it with fmt gives `***`.
#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>

namespace rm {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] const std::string& reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

    friend bool operator==(const Secret&, const Secret&) = default;

private:
    std::string text_;
};

}  // namespace rm

template <>
struct fmt::formatter<rm::Secret> : fmt::formatter<fmt::string_view> {
    template <class Context>
    auto format(const rm::Secret&, Context& context) const {
        return fmt::formatter<fmt::string_view>::format("***", context);
    }
};
