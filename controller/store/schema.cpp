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
             " host text not null,"
             " instance text not null,"
             " version text not null,"
             " started_at {integer} not null,"
             " stopped_at {integer}"  // null: it runs, or was killed
             "){strict}",
         }},
        {2,
         "what the checks of the services remember",
         {
             "create table service_states ("
             " service text not null primary key,"
             " state text not null,"
             " updated_at {integer} not null"
             "){strict}",
             "create index service_states_by_time on service_states (updated_at)",
             "create table decisions ("
             " id {id},"
             " decided_at {integer} not null,"
             " service text not null,"
             " outcome text not null,"
             " from_cpu_nanos {integer},"     // null: unlimited
             " from_memory_bytes {integer},"  // null: unlimited
             " changes {boolean} not null,"   // false: the next two mean nothing and are null
             " to_cpu_nanos {integer},"
             " to_memory_bytes {integer},"
             " reason text not null,"
             " details text not null"
             "){strict}",
             "create index decisions_by_service on decisions (service, id)",
             "create index decisions_by_time on decisions (decided_at)",
             "create table pauses ("
             " service text not null primary key,"
             " paused_until {integer},"  // null: until somebody clears it
             " reason text not null,"
             " paused_at {integer} not null"
             "){strict}",
         }},
    };
    return all;
}

}  // namespace rm::store
