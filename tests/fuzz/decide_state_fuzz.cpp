// SPDX-License-Identifier: Apache-2.0
// Any text as the stored state of a service: it is refused with a sentence in one line, or it is a state that
// is read back as itself, and that a check can go on from.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "decide/decide.h"

namespace {

using namespace rm::decide;

void require(bool condition) {
    if (!condition) std::abort();
}

/// One replica at the limits that the state may assume, checked at a time that the state may hold.
void go_on_from(const ServiceState& state) {
    const rm::WallTime now{std::chrono::seconds(1'774'742'400)};
    ServiceView service{
        .name = rm::ServiceName::parse("web").value(), .replicas = {}, .host = {}, .pause = {}};
    service.replicas.push_back({.id = rm::ContainerId::parse(std::string(64, 'a')).value(),
                                .name = "web-1",
                                .limits = state.assumed ? state.assumed->instead_of : rm::Limits{},
                                .started_at = {},
                                .usage = {}});
    service.replicas.front().usage.oom_kills = 1;
    const rm::config::ServicePolicy policy;
    const Verdict verdict = decide(service, policy, {}, state, now);
    require(!verdict.summary.empty());
    require(parse_state(print(verdict.next)).value() == verdict.next);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto state = parse_state(text);
    if (!state) {
        require(!state.error().message.empty());
        require(state.error().message.find_first_of(std::string_view("\0\n\r\x1b", 4)) == std::string::npos);
        return 0;
    }
    require(parse_state(print(*state)).value() == *state);
    go_on_from(*state);
    return 0;
}
