// SPDX-License-Identifier: Apache-2.0
#include "config/reference.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/table.h"
#include "config/text_layers.h"

namespace rm::config {
namespace {

constexpr std::string_view introduction = R"(# Configuration

<!-- Made by `resource-manager config reference > docs/configuration.md` from controller/config/keys/. -->

Everything has a default; a configuration file only says what is different. `config/config.yml` shows every
section. These commands help:

- `resource-manager config check FILE` names every mistake at once, with line and column.
- `resource-manager config show` prints every value in effect and where it comes from, without secrets.
- `resource-manager config schema` prints a JSON Schema with which editors complete and check the file.

## Where values come from

Later ones win:

1. the default below;
2. the file: `--config FILE`, or the first of `/etc/resource-manager/config.yml`,
   `$XDG_CONFIG_HOME/resource-manager/config.yml`, `./config/config.yml` and `./config.yml` that exists;
3. the environment: `RM_`, then the key in capitals with two underscores between its parts, such as
   `RM_MONITORING__CHECK_INTERVAL=1m`. An empty variable counts as not set, one that starts with `RM_` and is no
   key is a mistake. `DOCKER_HOST` is honoured too; `RM_DOCKER__HOST` wins over it;
4. the command line: `--set monitoring.check_interval=1m`, as often as needed.

A list is written `[a, b]` or `a, b` there, and a map `{name: value}`; both replace what the file says.
A service's own key is `RM_SERVICES__MY_APP__BOUNDS__CPU__MAX=2` for a service `my-app` (also `my.app` or `My-App`; where
two services would be meant, it is a mistake) that the file lists, or `--set services.my-app.bounds.cpu.max=2`.
What the [labels](labels.md) of its containers say comes between the general keys and its own.

Relative paths start at the working directory. SIGHUP reads everything again, and so does a change of the file; a
configuration with a mistake is refused as a whole, and the old one stays. Keys marked *restart* change only when
the program is started again; until then `/health` lists those that wait for it. A pipe can be read at the start, but not
again: then a reload is refused.

## How values are written

- CPU: cores `1.5`, or thousandths `500m`. Memory: `64M`, `768MiB`, `1.5g` or bytes; K, M, G and T are powers of 1024,
  as in Docker. Time: `30s`, `1h30m`, `250ms`, `7d`, or seconds. Ratio: `0.8` or `80%`.
- Amounts and texts may be in quotes; whole numbers, `true` and `false` may not.
- `010`, `1e3`, `0x10`, `yes`, `~` and the like are mistakes, not other ways to write something.
- Each key at most once. Anchors, aliases and merge keys (`<<`) work; tags and several documents don't.
- Secrets come from files (`..._file`): one line of text, of which a line break at the end is dropped.
)";

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
    return result;
}

std::string marks(const Key& key) {
    std::string text;
    if (key.row.needs_restart) text += " *restart*";
    if (key.row.privacy == Privacy::secret || key.content) text += " *secret*";
    for (const std::string_view variable : key.row.variables) text += fmt::format(" Also `{}`.", variable);
    return text;
}

std::string row(std::string_view path, const Key& key) {
    const std::string fallback = key.row.fallback.empty() ? "not set" : fmt::format("`{}`", key.row.fallback);
    return fmt::format("| `{}` | {} | {} | {}{} |\n", path, escaped(key.expects), fallback,
                       escaped(key.row.about), marks(key));
}

constexpr std::string_view heading = "\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n";

std::string services() {
    std::string text(heading);
    std::string shared;
    for_each_key([&](const Key& key) {
        if (key.row.service_path.empty()) return;
        const std::string path = fmt::format("services.NAME.{}", key.row.service_path);
        if (key.row.path.empty())
            text += row(path, key);
        else
            shared += fmt::format("| `{}` | `{}` |\n", path, key.row.path);
    });
    text +=
        "\nAnd these, each with the value of another key where it is not set:\n\n| Key | Otherwise "
        "|\n|---|---|\n";
    return text + shared;
}

std::string general(const Section& section) {
    std::string text(heading);
    for (const Key& key : section.keys) text += row(key.row.path, key);
    return text;
}

}  // namespace

std::string reference() {
    std::string text(introduction);
    for (const Section& section : table()) {
        text += fmt::format("\n## {}\n\n{}\n", section.name, section.about);
        text += section.name == "services" ? services() : general(section);
    }
    return text;
}

}  // namespace rm::config
