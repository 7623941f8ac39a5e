// SPDX-License-Identifier: Apache-2.0
// The last look at a request before it is sent: whoever may create containers may become root of the host, so
// nothing in it may differ from the container that it replaces, but for what clone.h names. It shares no
// code with clone(), and says where a difference is, never what stands there: it may be a secret.
#pragma once

#include <string_view>

#include "core/result.h"
#include "docker/clone.h"

namespace rm::docker {

/// `document` is the answer to GET /containers/{id}/json, `made` what is about to be sent for `wanted`.
/// `internal` when they differ where they must not, `protocol` when the document can't be read.
Status check_create_body(std::string_view document, const NewContainer& made, const CloneWanted& wanted);

}  // namespace rm::docker
