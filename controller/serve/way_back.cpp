// SPDX-License-Identifier: Apache-2.0
#include "serve/way_back.h"

#include "store/deployments.h"

namespace rm::serve {

Result<Wanted> way_back(store::Database& store, const ServiceName& service) {
    const auto last = store::last_success(store, service, store::requested_by_sweep);
    if (!last) return fail(last.error());
    if (!*last)
        return fail(ErrorCode::conflict, "no adjustment of {} is known that could be taken back",
                    print(service));
    const store::Deployment& made = **last;
    const bool takes_away = (made.to.cpu && !made.from.cpu) || (made.to.memory && !made.from.memory);
    if (takes_away)
        return fail(ErrorCode::conflict,
                    "{} had {} before deployment {}, and a limit can't be taken away by a deployment",
                    print(service), print(made.from), made.id);
    return Wanted{.service = service,
                  .strategy = {},
                  .to = made.from,
                  .requested_by = "rollback",
                  .reason = fmt::format("deployment {} is taken back", made.id)};
}

}  // namespace rm::serve
