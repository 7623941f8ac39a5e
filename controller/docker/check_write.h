// SPDX-License-Identifier: Apache-2.0
// What may be told to an engine at all, whichever it is: names that can't reach anything else, limits that an
// engine would take and then ignore. An error is `invalid` or `too_large`. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/result.h"
#include "docker/write.h"

namespace rm::docker {

/// The largest archive that is taken out of a container or put into one.
inline constexpr std::size_t longest_archive = std::size_t{8} << 20;

Status check_container_name(std::string_view name);
/// A network's name or id.
Status check_network(std::string_view network);
/// `registry:5000/shop/web:3@sha256:...`, or an image's id.
Status check_image(std::string_view image);
/// `SIGTERM`, `term`, `15`, `SIGRTMIN+3`
Status check_signal(std::string_view signal);
/// From the container's root: `/etc/app.conf`.
Status check_path(std::string_view path);
/// That it is a tar archive, and not a compressed one.
Status check_archive(std::string_view tar);
/// Zero is what an engine takes for "not given", and below a hundredth of a CPU the kernel changes nothing:
/// both would look like a success.
Status check_update(const Update& update);
Status check_exec(const Exec& what);

}  // namespace rm::docker
