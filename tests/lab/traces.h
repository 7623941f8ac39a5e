// SPDX-License-Identifier: Apache-2.0
// The traces a lab leaves in a machine, by its name (`rm-lab-AbC123`): its folder of temporary data, its
// cgroup folders (`rm-lab-AbC123.1`, ...), the processes it started and what they mounted. To look for them,
// and to remove those of labs that are dead.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace rm::lab {

/// How the name of every lab begins.
inline constexpr std::string_view lab_prefix = "rm-lab-";

/// In the environment of everything a lab starts, with the lab's name.
inline constexpr std::string_view lab_variable = "RM_LAB";

/// The file in a lab's folder that its keeper holds locked while it lives.
inline constexpr std::string_view lock_file = ".keeper-lock";

/// Where the folders of labs are: $TMPDIR or /tmp, or /tmp when the former is too long for a socket's path or
/// would be hidden inside a Space, which has a /run of its own.
std::filesystem::path labs_folder();

/// Where `lab` may keep small data in memory, for peers that write many small files; it goes with the lab's
/// folder.
std::filesystem::path memory_folder(const std::string& lab);

/// Where cgroup file systems are mounted: one for each controller in version 1, one for all in version 2.
std::vector<std::filesystem::path> cgroup_mounts();

/// What is left of `lab`, a sentence each; empty when nothing is.
std::vector<std::string> traces(const std::string& lab);

/// Removes the cgroup folders called `name` or beginning with `name` and a dot, killing nothing. Waits a
/// little for a kernel that is not quite done with the processes that were in them.
Status remove_cgroups(const std::string& name);

/// Removes the folders of labs whose keeper was killed: those of this user with a lock file that nobody
/// holds. Returns their names.
std::vector<std::string> sweep_dead_labs(const std::filesystem::path& folder);

}  // namespace rm::lab
