// SPDX-License-Identifier: Apache-2.0
#include "config/keys/sections.h"
#include "config/number_kinds.h"

namespace rm::config {

Keys services_keys() {
    return {
        service_only({.service_path = "baseline.cpu", .about = "The CPU that the service always keeps."},
                     cores(Cores::from_nanos(10'000'000), Cores::whole(1024)),
                     [](ServicePolicy& p) -> auto& { return p.baseline.cpu; }),
        service_only(
            {.service_path = "baseline.memory", .about = "The memory that the service always keeps."},
            bytes(Bytes::mebi(6), Bytes::mebi(std::int64_t{64} << 20)),
            [](ServicePolicy& p) -> auto& { return p.baseline.memory; }),
    };
}

}  // namespace rm::config
