// SPDX-License-Identifier: Apache-2.0
// EventStream: the events in a body that arrives in pieces, cut anywhere. Memory is bounded: an event that is
// too long (the command of an exec may be) is passed over. One stream each; not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "docker/engine.h"

namespace rm::docker {

class EventStream {
public:
    static constexpr std::size_t longest_event = std::size_t{1} << 20;

    /// `on_event` must outlive it.
    explicit EventStream(const Engine::OnEvent& on_event) : on_event_(on_event) {}

    /// False when it is over: `on_event` said so, or what came is no event.
    bool take(std::string_view piece);

    /// To be asked at the end: what was wrong; that the last event was cut off, among others.
    Status finish() const;

    /// Events that were too long.
    [[nodiscard]] std::size_t passed_over() const { return passed_over_; }

private:
    bool take_line(std::string_view line);
    void keep(std::string_view begun);

    const Engine::OnEvent& on_event_;
    std::string line_;       // begun, its end still to come
    bool too_long_ = false;  // the begun line is passed over
    bool over_ = false;
    std::size_t passed_over_ = 0;
    Status status_;
};

}  // namespace rm::docker
