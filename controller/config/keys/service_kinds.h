// SPDX-License-Identifier: Apache-2.0
// Kinds that both `defaults` and `services` have.
#pragma once

#include "config/kind.h"
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

}  // namespace rm::config
