// SPDX-License-Identifier: Apache-2.0
// The stages in which a program of the user's deploys by itself, and what it did is looked at. Pure.
//
// It is run once. After a crash nobody knows whether it was, or is at work still: then it is run again only
// when after a while every container is there with its old limits. How to take back what it did is not known
// either, so that only a service which is as it was counts as rolled back.
#pragma once

#include "deploy/move.h"

namespace rm::deploy {

Move script_prepare(const Situation& s);
Move script_run(const Situation& s);
Move script_check(const Situation& s);
Move script_revert(const Situation& s);

}  // namespace rm::deploy
