// SPDX-License-Identifier: Apache-2.0
// What the parts of the guard share: comparing the members of two objects, with rules for those that may
// differ. Internal to docker/; for .cpp files.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/result.h"
#include "docker/clone.h"

namespace rm::docker::guard {

/// What is compared: the old container's document and what it shall become.
struct Case {
    const boost::json::object& document;
    const CloneWanted& wanted;
};

/// Whether a member may be so. Null stands for a member that is absent or null.
using Rule = std::function<bool(const boost::json::value* blue, const boost::json::value* green)>;
using Rules = std::map<std::string_view, Rule>;

/// Every member of either object must be the same in both, or as its rule allows.
Status compare(const boost::json::object& blue, const boost::json::object& green, const Rules& rules,
               std::string_view where);

bool same(const boost::json::value* blue, const boost::json::value* green);
/// Null or an empty text, list or object.
bool is_empty(const boost::json::value* value);
bool is_text(const boost::json::value* value, std::string_view text);
/// An empty one where it is none.
const boost::json::object& object_in(const boost::json::object& object, std::string_view name);
const boost::json::array& array_in(const boost::json::object& object, std::string_view name);
std::string_view text_in(const boost::json::object& object, std::string_view name);
std::int64_t number_in(const boost::json::object& object, std::string_view name);

tl::unexpected<Error> refuse(std::string_view where);

Status check_host_config(const Case& with, const boost::json::object& green);
Status check_limits(const Case& with, const boost::json::object& green);
Status check_volumes(const Case& with, const boost::json::object& green);
/// `at_create` is NetworkingConfig.
Status check_networks(const Case& with, const boost::json::object& at_create, const NewContainer& made);
/// The same links, each in the form that is told or in the one that is taken.
bool same_links(const boost::json::value* blue, const boost::json::value* green);

}  // namespace rm::docker::guard
