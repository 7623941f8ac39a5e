// SPDX-License-Identifier: Apache-2.0
// pause | resume
#include <cstdio>
#include <string>

#include <boost/json.hpp>

#include "app/api_client.h"
#include "app/asking.h"
#include "app/views/figures.h"
#include "app/views/json_fields.h"
#include "core/text.h"

namespace rm::app {
namespace {

std::string request_of(const PauseService& command) {
    boost::json::object request;
    if (command.length) request["for"] = valid_utf8(*command.length);
    if (command.reason) request["reason"] = valid_utf8(*command.reason);
    return boost::json::serialize(request);
}

struct Paused {
    std::string service;
    std::optional<WallTime> until;
};

Result<std::optional<WallTime>> read_until(const boost::json::value& value) {
    JsonFields read(value, "pause");
    return read.result(read.maybe_time("until"));
}

Result<Paused> read_paused(const std::string& answer) {
    const auto body = parse_json(answer);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    return read.result(Paused{.service = read.text("service"), .until = read.part("pause", read_until)});
}

struct Resumed {
    std::string service;
    bool was_paused = false;
};

Result<Resumed> read_resumed(const std::string& answer) {
    const auto body = parse_json(answer);
    if (!body) return fail(body.error());
    JsonFields read(*body, "body");
    return read.result(Resumed{.service = read.text("service"), .was_paused = read.flag("was_paused")});
}

}  // namespace

ExitCode run(const PauseService& command, const Environment& environment) {
    if (!can_be_service(command.service)) return ExitCode::usage;
    const Answer answer = order(command.daemon, environment, address_of_service(command.service) + "/pause",
                                request_of(command));
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const auto paused = read_paused(*answer);
    if (!paused) return tell(paused.error());
    const std::string until =
        paused->until ? print_moment(*paused->until) : "`resource-manager resume " + paused->service + "`";
    std::fprintf(stderr, "%s is paused until %s\n", paused->service.c_str(), until.c_str());
    return ExitCode::ok;
}

ExitCode run(const ResumeService& command, const Environment& environment) {
    if (!can_be_service(command.service)) return ExitCode::usage;
    const Answer answer =
        order(command.daemon, environment, address_of_service(command.service) + "/resume", {});
    if (!answer) return answer.error();
    if (command.json) return write_out(*answer);
    const auto resumed = read_resumed(*answer);
    if (!resumed) return tell(resumed.error());
    std::fprintf(stderr, "%s %s\n", resumed->service.c_str(),
                 resumed->was_paused ? "is resumed" : "was not paused");
    return ExitCode::ok;
}

}  // namespace rm::app
