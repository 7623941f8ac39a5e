// SPDX-License-Identifier: Apache-2.0
// How the commands that look at services get their answers and tell what went wrong.
#pragma once

#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "app/command_line.h"
#include "app/execute.h"
#include "config/config.h"
#include "decide/check.h"
#include "store/database.h"

namespace rm::app {

/// The JSON of an answer, or how the command ends; what stands in the way was told on stderr then.
using Answer = tl::expected<std::string, ExitCode>;

/// Says so on stderr; `failed`.
ExitCode tell(const Error& error);

/// The same of a deployment that was asked for. `refused` where that has changed nothing for sure.
ExitCode tell_refusal(const Error& error);

/// Whether `name` can be a service's; if not, stderr says what one looks like.
bool can_be_service(const std::string& name);

/// GET from the daemon.
Answer ask(const DaemonChoice& choice, const Environment& environment, const std::string& target);

/// GET from the daemon; where none answers, and none was named by its address, what `read` finds in the
/// store.
using ReadStore = std::function<Result<std::string>(store::Database&)>;
Answer ask_or_read(const DaemonChoice& choice, const Environment& environment, const std::string& target,
                   const ReadStore& read);

/// From the store of the configuration, without a daemon.
Answer read_store(const ConfigChoice& choice, const Environment& environment, const ReadStore& read);

/// POST to the daemon, with the token.
Answer order(const DaemonChoice& choice, const Environment& environment, const std::string& target,
             std::string body);

/// What `show` finds without a daemon, by the configuration.
Answer look_with(const ConfigChoice& choice, const Environment& environment,
                 const std::function<Result<std::string>(const config::Config&)>& show);

/// A look without a daemon, as `show` writes it.
Answer look(const ConfigChoice& choice, const Environment& environment,
            const std::function<Result<std::string>(const decide::Check&)>& show);

}  // namespace rm::app
