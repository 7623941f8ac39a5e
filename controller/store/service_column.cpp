// SPDX-License-Identifier: Apache-2.0
#include "store/service_column.h"

#include <string>
#include <utility>

namespace rm::store {

Result<ServiceName> service_of(const Row& row) {
    auto text = row.get<std::string>("service");
    if (!text) return fail(std::move(text).error());
    auto name = ServiceName::parse(*text);
    if (!name) return fail(ErrorCode::corrupt, "column \"service\": {}", name.error().message);
    return name;
}

}  // namespace rm::store
