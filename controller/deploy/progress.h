// SPDX-License-Identifier: Apache-2.0
// The part of a deployment that its row keeps as one line of JSON: how far each replica has come.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "deploy/deployment.h"

namespace rm::deploy {

std::string print_progress(const Deployment& deployment);

/// Fills the members that print_progress() wrote. `corrupt` when the text is not one of ours.
Status read_progress(std::string_view text, Deployment& into);

}  // namespace rm::deploy
