// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/faults.h"

#include <array>
#include <cstddef>

namespace rm::docker {
namespace {

using namespace std::string_view_literals;

/// In the order of the enumeration.
constexpr std::array call_names{
    "ping"sv,   "version"sv,  "info"sv,    "list"sv,     "inspect"sv,     "document"sv,    "stats"sv,
    "events"sv, "image_id"sv, "changes"sv, "log_tail"sv, "get_archive"sv, "create"sv,      "connect"sv,
    "start"sv,  "signal"sv,   "rename"sv,  "remove"sv,   "update"sv,      "put_archive"sv, "exec"sv};
static_assert(call_names.size() == static_cast<std::size_t>(EngineCall::exec) + 1);

}  // namespace

std::string_view to_string(EngineCall call) {
    return call_names.at(static_cast<std::size_t>(call));
}

bool is_writing(EngineCall call) {
    return call >= EngineCall::create;
}

}  // namespace rm::docker
