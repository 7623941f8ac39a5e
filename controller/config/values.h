// SPDX-License-Identifier: Apache-2.0
// The value types that only the configuration has. Values; each one that the reader made is valid.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "core/bytes.h"
#include "core/cores.h"
#include "core/ratio.h"
#include "core/secret.h"

namespace rm::config {

/// An address that may carry a password: printed with fmt it shows `***` in its place. Whoever connects asks
/// for the whole text by name.
class Url {
public:
    Url() = default;
    explicit Url(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] const std::string& with_password() const { return text_; }
    /// `unix`, `tcp`, `https`, `sqlite`.
    [[nodiscard]] std::string_view scheme() const;
    [[nodiscard]] bool empty() const { return text_.empty(); }

    friend bool operator==(const Url&, const Url&) = default;

private:
    std::string text_;
};

/// For people: without the password.
std::string print(const Url& url);

/// A secret that lives in a file. `value` is the file's content without the line break at its end, read when
/// the configuration was loaded; both are empty when the key is not set.
struct SecretFile {
    std::filesystem::path file;
    Secret value;

    [[nodiscard]] bool is_set() const { return !file.empty(); }
    friend bool operator==(const SecretFile&, const SecretFile&) = default;
};

/// An amount, or a share of what the host has.
template <class Amount>
struct Reserve {
    std::variant<Amount, Ratio> value;

    friend bool operator==(const Reserve&, const Reserve&) = default;
};

/// The amount that `reserve` means on a host that has `total`.
Cores amount_of(const Reserve<Cores>& reserve, Cores total);
Bytes amount_of(const Reserve<Bytes>& reserve, Bytes total);

/// A time of day in the time zone that stands beside it: `09:00`.
struct TimeOfDay {
    std::chrono::minutes since_midnight{0};

    friend auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;
};

std::string print(TimeOfDay time);

/// A part of every day, `02:00-04:00`; one that ends before it starts goes over midnight.
struct DailyWindow {
    TimeOfDay from;
    TimeOfDay to;

    [[nodiscard]] bool contains(TimeOfDay time) const;
    friend bool operator==(const DailyWindow&, const DailyWindow&) = default;
};

std::string print(const DailyWindow& window);

/// Where a server listens: `0.0.0.0:8000`, `[::1]:8000`, `:8000` (all addresses). Port 0 is any free one.
struct ListenAddress {
    std::string host;  // without brackets
    std::uint16_t port = 0;

    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

std::string print(const ListenAddress& address);

}  // namespace rm::config

template <>
struct fmt::formatter<rm::config::Url> : fmt::formatter<std::string> {
    template <class Context>
    auto format(const rm::config::Url& url, Context& context) const {
        return fmt::formatter<std::string>::format(print(url), context);
    }
};
