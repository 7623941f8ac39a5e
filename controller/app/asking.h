// SPDX-License-Identifier: Apache-2.0
// How the commands that look at services get their answers and tell what went wrong.
#pragma once

#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "app/command_line.h"
#include "app/execute.h"
#include "decide/check.h"

namespace rm::app {

/// The JSON of an answer, or how the command ends; what stands in the way was told on stderr then.
using Answer = tl::expected<std::string, ExitCode>;

/// Says so on stderr; `failed`.
ExitCode tell(const Error& error);

/// Whether `name` can be a service's; if not, stderr says what one looks like.
bool can_be_service(const std::string& name);

/// GET from the daemon.
Answer ask(const DaemonChoice& choice, const Environment& environment, const std::string& target);

/// POST to the daemon, with the token.
Answer order(const DaemonChoice& choice, const Environment& environment, const std::string& target,
             std::string body);

/// A look without a daemon, as `show` writes it.
Answer look(const ConfigChoice& choice, const Environment& environment,
            const std::function<Result<std::string>(const decide::Check&)>& show);

}  // namespace rm::app
