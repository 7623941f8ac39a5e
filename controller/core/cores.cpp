// SPDX-License-Identifier: Apache-2.0
#include "core/cores.h"

#include "core/decimal.h"
#include "core/text.h"

namespace rm {

Result<Cores> Cores::parse(std::string_view text) {
    std::string_view rest = text;
    if (const auto number = Decimal::take(rest)) {
        const bool milli = rest == "m";
        const auto nanos = number->times_exactly(milli ? nanos_per_core / 1000 : nanos_per_core);
        if (nanos && (milli || rest.empty())) return Cores(*nanos);
    }
    return fail(ErrorCode::invalid,
                "{} is not an amount of CPU: write cores like 1.5 or millicores like 500m", quoted(text));
}

std::string print(Cores cores) {
    return print_decimal(cores.nanos(), 9);
}

}  // namespace rm
