// SPDX-License-Identifier: Apache-2.0
// Reads what progress.cpp wrote, member by member. Internal to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "core/clock.h"
#include "core/limits.h"
#include "core/names.h"
#include "core/result.h"
#include "docker/limit_fields.h"

namespace rm::deploy {

/// Keeps the first error; what is read after it does not count.
class Members {
public:
    explicit Members(const boost::json::object& object) : object_(object) {}

    std::string text(std::string_view name);
    /// A text that must not be empty.
    std::string name(std::string_view name);
    bool flag(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name);
    int small(std::string_view name);
    std::optional<WallTime> time(std::string_view name);
    std::optional<ContainerId> id(std::string_view name);
    Limits limits(std::string_view name);
    docker::LimitFields fields(std::string_view name);
    /// Null when it is absent.
    const boost::json::object* object(std::string_view name);

    void complain(std::string_view name);
    /// Takes over the error of the members of one of its members.
    void take(const Members& inner);
    [[nodiscard]] const Status& status() const { return status_; }

private:
    template <class T>
    T keep(Result<T> value) {
        if (value) return *std::move(value);
        if (status_) status_ = fail(ErrorCode::corrupt, "{}", value.error().message);
        return T{};
    }

    const boost::json::object& object_;
    Status status_;
};

}  // namespace rm::deploy
