// SPDX-License-Identifier: Apache-2.0
// Kinds that `services` have and general sections too.
#pragma once

#include "config/kind.h"
#include "config/number_kinds.h"
#include "config/settings.h"

namespace rm::config {

inline Kind<ServiceClass> service_class() {
    return words<ServiceClass>({{"critical", ServiceClass::critical},
                                {"normal", ServiceClass::normal},
                                {"optional", ServiceClass::optional}});
}

inline Kind<Direction> direction() {
    return words<Direction>({{"both", Direction::both}, {"up", Direction::up}, {"down", Direction::down}});
}

/// The engine refuses less memory, and rounds less CPU to nothing.
inline Kind<Cores> cpu_limit() {
    return cores(Cores::from_nanos(10'000'000), Cores::whole(1024));
}

inline Kind<Bytes> memory_limit() {
    return bytes(Bytes::mebi(6), Bytes::mebi(std::int64_t{64} << 20));
}

}  // namespace rm::config
