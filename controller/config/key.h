// SPDX-License-Identifier: Apache-2.0
// Key: one row of the table that the reader, the defaults, the environment's names, `config show`, the JSON
// Schema and docs/configuration.md are all made from. The rows stand in keys/, one file per section.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "config/kind.h"
#include "config/settings.h"
#include "config/text_kinds.h"

namespace rm::config {

/// What of a value may be shown.
enum class Privacy {
    open,
    address,  // all but a password in it
    secret    // nothing
};

/// What loading does with the file that a path names.
enum class FileUse {
    none,
    must_exist,
    secret,         // its one line is kept
    secret_token,   // its one line is a token: printable ASCII without spaces
    secret_address  // its one line is an http or https address
};

/// What a person writes to add a key.
struct Row {
    std::string_view path = {};          // "monitoring.check_interval"; empty when only services have it
    std::string_view service_path = {};  // behind "services.NAME."; empty when services don't have it
    std::string_view fallback = {};      // the default as in a file; empty when the key is not set by default
    std::string_view about;              // a sentence or two for docs/configuration.md
    Privacy privacy = Privacy::open;
    FileUse file_use = FileUse::none;
    bool needs_restart = false;
    std::vector<std::string_view> variables = {};  // of the environment, besides RM_...
};

struct Key {
    Row row;
    Form form = Form::text;
    std::string expects;
    Node schema = {};
    /// The value in its usual form, or why it is none.
    std::function<tl::expected<Node, Misfit>(const Node&)> check = {};
    /// Put a value that passed `check` in its place. Empty where the key doesn't exist.
    std::function<void(const Node&, Settings&)> store = {};
    std::function<void(const Node&, ServicePolicy&)> store_for_service = {};
    /// Takes over the value that other settings have, set or not. Empty where `store` is.
    std::function<void(Settings& from, Settings& to)> copy = {};
    /// For a file with a secret: where its content goes.
    std::function<Secret&(Settings&)> content = {};
};

using Keys = std::vector<Key>;

template <class T>
Key key_without_place(const Row& row, const Kind<T>& kind) {
    Key key{.row = row, .form = kind.form, .expects = kind.expects, .schema = kind.schema};
    key.check = [kind](const Node& node) -> tl::expected<Node, Misfit> {
        auto value = kind.read(node);
        if (!value) return tl::unexpected(std::move(value.error()));
        return kind.write(*value);
    };
    return key;
}

/// Reads with `kind` into `field(target)`. Only called with a node that `check` took.
template <class T, class Field>
auto storing(const Kind<T>& kind, Field field) {
    return [read = kind.read, field](const Node& node, auto& target) {
        if (auto value = read(node)) field(target) = *std::move(value);
    };
}

/// A key of the whole program. `field` gives its place: [](Settings& s) -> auto& { return s.http.listen; }.
template <class T, class Field>
Key general(const Row& row, const Kind<T>& kind, Field field) {
    Key key = key_without_place(row, kind);
    key.store = storing(kind, field);
    key.copy = [field](Settings& from, Settings& to) { field(to) = field(from); };
    return key;
}

/// A key that only services have.
template <class T, class Field>
Key service_only(const Row& row, const Kind<T>& kind, Field field) {
    Key key = key_without_place(row, kind);
    key.store_for_service = storing(kind, field);
    return key;
}

/// A general key that each service may override under the same path. `field` takes Settings and
/// ServicePolicy.
template <class T, class Field>
Key overridable(const Row& row, const Kind<T>& kind, Field field) {
    Key key = general(row, kind, field);
    key.store_for_service = storing(kind, field);
    key.row.service_path = key.row.path;
    return key;
}

/// A path whose file is read when the configuration is loaded. `field` gives the SecretFile.
template <class Field>
Key secret_file(Row row, Field field) {
    if (row.file_use == FileUse::none) row.file_use = FileUse::secret;
    Key key =
        general(row, path("the path of a file"), [field](Settings& s) -> auto& { return field(s).file; });
    key.copy = [field](Settings& from, Settings& to) { field(to) = field(from); };
    key.content = [field](Settings& s) -> Secret& { return field(s).value; };
    return key;
}

}  // namespace rm::config
