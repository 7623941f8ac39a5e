// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/docker/json_walk.h"

#include <cstdint>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <rapidcheck.h>

namespace rm::docker::test {
namespace {

namespace json = boost::json;

const json::value nothing;

void find_differences(const json::value& a, const json::value& b, const std::string& at,
                      std::vector<std::string>& found) {
    const auto inside = [&](std::string_view name) { return fmt::format("{}/{}", at, name); };
    if (a == b) return;
    if (a.is_object() && b.is_object()) {
        std::set<std::string_view> names;
        for (const auto* const one : {&a.get_object(), &b.get_object()})
            for (const auto& [name, value] : *one) names.insert(name);
        const auto in = [](const json::value& object, std::string_view name) -> const json::value& {
            const json::value* value = object.get_object().if_contains(name);
            return value == nullptr ? nothing : *value;
        };
        for (const std::string_view name : names)
            find_differences(in(a, name), in(b, name), inside(name), found);
    } else if (a.is_array() && b.is_array() && a.get_array().size() == b.get_array().size()) {
        for (std::size_t i = 0; i < a.get_array().size(); ++i)
            find_differences(a.get_array()[i], b.get_array()[i], inside(std::to_string(i)), found);
    } else {
        found.push_back(at);
    }
}

/// A value without parts, and the object that it is a member of, if any.
struct Leaf {
    std::string place;
    json::value* value;
    json::object* parent;
    std::string name;
};

struct Places {
    std::vector<Leaf> leaves{};
    std::vector<std::pair<std::string, json::object*>> objects{};
};

void find_places(json::value& value, const Leaf& as, Places& places) {
    if (value.is_object()) places.objects.emplace_back(as.place, &value.get_object());
    const bool has_parts = (value.is_object() && !value.get_object().empty()) ||
                           (value.is_array() && !value.get_array().empty());
    if (!has_parts) {
        places.leaves.push_back(as);
        places.leaves.back().value = &value;
    } else if (value.is_object()) {
        for (auto&& [name, part] : value.get_object())
            find_places(part,
                        {.place = fmt::format("{}/{}", as.place, std::string_view(name)),
                         .value = nullptr,
                         .parent = &value.get_object(),
                         .name = std::string(name)},
                        places);
    } else {
        for (json::value& part : value.get_array())
            find_places(part, {.place = as.place + "/*", .value = nullptr, .parent = nullptr, .name = {}},
                        places);
    }
}

json::value another(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null:
            return true;
        case json::kind::bool_:
            return !value.get_bool();
        case json::kind::int64:
            return value.get_int64() == std::numeric_limits<std::int64_t>::max() ? 0 : value.get_int64() + 1;
        case json::kind::uint64:
            return value.get_uint64() - 1;
        case json::kind::double_:
            return value.get_double() / 2 + 1;
        case json::kind::string:
            return json::string(std::string(value.get_string()) + "x");
        case json::kind::array:
            return json::array{0};
        case json::kind::object:
            return json::object{{"x", 0}};
    }
    return nullptr;
}

/// What may as well be absent.
bool is_nothing(const json::value& value) {
    return value.is_null() || value == json::value(0) || value == json::value("") ||
           value == json::value(json::array()) || value == json::value(json::object());
}

}  // namespace

std::vector<std::string> differing_places(const json::value& a, const json::value& b) {
    std::vector<std::string> found;
    find_differences(a, b, "", found);
    return found;
}

std::string change_somewhere(json::value& value) {
    Places places;
    find_places(value, {.place = {}, .value = nullptr, .parent = nullptr, .name = {}}, places);
    if (*rc::gen::inRange(0, 4) == 0) {
        const auto& [place, object] =
            places.objects[*rc::gen::inRange<std::size_t>(0, places.objects.size())];
        (*object)["Zz"] = *rc::gen::element<json::value>(true, 7, "x");
        return place + " has one more";
    }
    const Leaf& leaf = places.leaves[*rc::gen::inRange<std::size_t>(0, places.leaves.size())];
    if (leaf.parent != nullptr && !is_nothing(*leaf.value) && *rc::gen::inRange(0, 3) == 0) {
        leaf.parent->erase(leaf.name);
        return leaf.place + " is gone";
    }
    *leaf.value = another(*leaf.value);
    return leaf.place + " is another one";
}

}  // namespace rm::docker::test
