// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.h"

namespace rm::store {

std::span<const Migration> schema() {
    static const std::vector<Migration> all = {
        {1,
         "runs of the daemon",
         {
             "create table runs ("
             " id {id},"
             " instance text not null,"
             " version text not null,"
             " started_at {integer} not null,"
             " stopped_at {integer}"  // null: it runs, or was killed
             "){strict}",
         }},
    };
    return all;
}

}  // namespace rm::store
