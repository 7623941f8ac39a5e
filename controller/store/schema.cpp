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
        {3,
         "deployments and who may make them",
         {
             "create table deployments ("
             " id {id},"
             " token text not null,"
             " engine text not null,"  // hosts may share a database
             " service text not null,"
             " strategy text not null,"
             " requested_by text not null,"
             " reason text not null,"
             " from_cpu_nanos {integer},"     // null: unlimited
             " from_memory_bytes {integer},"  // null: unlimited
             " to_cpu_nanos {integer},"
             " to_memory_bytes {integer},"
             " status text not null,"
             " phase text not null,"
             " created_at {integer} not null,"
             " phase_since {integer} not null,"
             " finished_at {integer},"  // null: it is under way
             " failure text not null,"
             " progress text not null"
             "){strict}",
             // One at a time for a service, whoever asks.
             // NOLINTNEXTLINE(bugprone-suspicious-missing-comma)
             "create unique index deployments_under_way on deployments (engine, service)"
             " where finished_at is null",
             "create index deployments_by_service on deployments (service, id)",
             "create index deployments_by_time on deployments (created_at)",
             "create table deployment_steps ("
             " id {id},"
             " deployment {integer} not null,"
             " at {integer} not null,"
             " phase text not null,"
             " message text not null"
             "){strict}",
             "create index deployment_steps_by_deployment on deployment_steps (deployment, id)",
             "create table leases ("
             " name text not null primary key,"
             " holder text not null,"
             " held_until {integer} not null"
             "){strict}",
         }},
    };
    return all;
}

}  // namespace rm::store
