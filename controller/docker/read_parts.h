// SPDX-License-Identifier: Apache-2.0
// Parts that several of the engine's answers have. Internal to docker/; for .cpp files.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "core/names.h"
#include "core/result.h"
#include "docker/container.h"
#include "docker/limit_fields.h"

namespace rm::docker {

Result<ContainerId> read_id(std::string_view text);

/// With or without the slash in front.
Result<std::string> read_name(std::string_view text);

Result<ContainerState> read_state(std::string_view text);

/// `sha256:...`; empty when the member is absent.
Result<std::string> read_image_id_at(const boost::json::object& object, std::string_view name);

/// The members of a HostConfig that LimitFields has.
inline constexpr std::array limit_members{std::pair{"NanoCpus", &LimitFields::nano_cpus},
                                          std::pair{"CpuQuota", &LimitFields::cpu_quota},
                                          std::pair{"CpuPeriod", &LimitFields::cpu_period},
                                          std::pair{"Memory", &LimitFields::memory},
                                          std::pair{"MemorySwap", &LimitFields::memory_swap},
                                          std::pair{"MemoryReservation", &LimitFields::memory_reservation}};

/// Of a HostConfig; 0 where a member is absent.
Result<LimitFields> read_limit_fields(const boost::json::object& host);

/// Empty when the member is absent.
Result<Labels> read_labels(const boost::json::object& object, std::string_view name);

}  // namespace rm::docker
