// SPDX-License-Identifier: Apache-2.0
#include "app/completions.h"

#include <functional>

#include <fmt/format.h>

namespace rm::app {
namespace {

// All three scripts work alike: walk over the words before the cursor, skipping options and their values, to
// find which command is being written; then offer what may follow that command.

using Visit = std::function<void(const CommandInfo&, const std::string& path)>;

void visit(const CommandInfo& command, const std::string& path, const Visit& what) {
    what(command, path);
    for (const CommandInfo& below : command.commands) visit(below, path + "/" + below.name, what);
}

/// Shell patterns `path:word` for every step from a command to one below it.
std::string steps(const CommandInfo& root, std::string_view format) {
    std::string text;
    visit(root, "", [&](const CommandInfo& command, const std::string& path) {
        for (const CommandInfo& below : command.commands)
            text += fmt::format(fmt::runtime(format), path, below.name, path + "/" + below.name);
    });
    return text;
}

std::string options_with_value(const CommandInfo& root, std::string_view separator) {
    std::string names;
    visit(root, "", [&](const CommandInfo& command, const std::string&) {
        for (const auto& option : command.options)
            for (const auto& name : option.names) {
                const bool listed =
                    (std::string(separator) + names + std::string(separator))
                        .find(std::string(separator) + name + std::string(separator)) != std::string::npos;
                if (option.takes_value && !listed)
                    names += (names.empty() ? "" : std::string(separator)) + name;
            }
    });
    return names;
}

/// Everything that may follow a command, with a description each.
void each_word(const CommandInfo& command,
               const std::function<void(std::string_view, std::string_view)>& what) {
    for (const CommandInfo& below : command.commands) what(below.name, below.description);
    for (const std::string& word : command.words) what(word, "");
    for (const auto& option : command.options)
        for (const auto& name : option.names) what(name, option.description);
}

/// Safe between single quotes in all three shells.
std::string single_quotable(std::string_view text) {
    std::string result;
    for (const char c : text)
        if (c != '\'' && c != '\\') result += c;
    return result;
}

std::string bash(const CommandInfo& root) {
    std::string cases;
    visit(root, "", [&](const CommandInfo& command, const std::string& path) {
        std::string words;
        each_word(command, [&](std::string_view word, std::string_view) {
            (words += words.empty() ? "" : " ") += word;
        });
        cases +=
            fmt::format("        '{}') words='{}'{} ;;\n", path, words, command.takes_file ? " files=1" : "");
    });
    return fmt::format(
        R"(# bash completion for resource-manager
_resource_manager() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} at='' words='' files='' i word skip=''
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${{COMP_WORDS[i]}}
        if [[ -n $skip ]]; then skip=''; continue; fi
        case $word in {}) skip=1; continue ;; esac
        case $at:$word in
{}        esac
    done
    case $previous in {}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;; esac
    case $at in
{}    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if [[ -n $files && $current != -* ]]; then mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$current"); fi
}}
complete -o filenames -F _resource_manager resource-manager
)",
        options_with_value(root, "|"), steps(root, "            '{}:{}') at='{}' ;;\n"),
        options_with_value(root, "|"), cases);
}

std::string zsh(const CommandInfo& root) {
    std::string cases;
    visit(root, "", [&](const CommandInfo& command, const std::string& path) {
        std::string words;
        each_word(command, [&](std::string_view word, std::string_view description) {
            words += fmt::format(" '{}:{}'", single_quotable(word), single_quotable(description));
        });
        cases += fmt::format("        '{}') choices=({} ){} ;;\n", path, words,
                             command.takes_file ? " files=1" : "");
    });
    return fmt::format(
        R"(#compdef resource-manager
# zsh completion for resource-manager
_resource_manager() {{
    local at='' files='' skip='' word i
    local -a choices
    for ((i = 2; i < CURRENT; i++)); do
        word=${{words[i]}}
        if [[ -n $skip ]]; then skip=''; continue; fi
        case $word in {}) skip=1; continue ;; esac
        case $at:$word in
{}        esac
    done
    if [[ -n $skip ]]; then _files; return; fi
    case $at in
{}    esac
    _describe 'resource-manager' choices
    [[ -n $files ]] && _files
    return 0
}}
if [[ "${{funcstack[1]}}" == _resource_manager ]]; then
    _resource_manager "$@"
else
    compdef _resource_manager resource-manager
fi
)",
        options_with_value(root, "|"), steps(root, "            '{}:{}') at='{}' ;;\n"), cases);
}

std::string fish(const CommandInfo& root) {
    std::string lines;
    visit(root, "", [&](const CommandInfo& command, const std::string& path) {
        const std::string condition = fmt::format("-n 'test (__resource_manager_at) = \"{}\"'", path);
        const auto line = [&](std::string_view flags, std::string_view description) {
            lines += fmt::format("complete -c resource-manager {} {} -d '{}'\n", condition, flags,
                                 single_quotable(description));
        };
        for (const CommandInfo& below : command.commands)
            line(fmt::format("-f -a {}", below.name), below.description);
        for (const std::string& word : command.words) line(fmt::format("-f -a {}", word), "");
        if (command.takes_file) line("-F", "");
        for (const auto& option : command.options) {
            std::string flags = option.takes_value ? "-r -F" : "";
            for (const auto& name : option.names)
                flags += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            line(flags, option.description);
        }
    });
    return fmt::format(
        R"(# fish completion for resource-manager
function __resource_manager_at
    set -l at ''
    set -l skip ''
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $word
            case {}
                set skip 1
                continue
        end
        switch "$at:$word"
{}        end
    end
    echo $at
end
complete -c resource-manager -f
{})",
        options_with_value(root, " "), steps(root, "            case '{}:{}'\n                set at '{}'\n"),
        lines);
}

}  // namespace

std::string completion_script(const CommandInfo& root, std::string_view shell) {
    if (shell == "zsh") return zsh(root);
    if (shell == "fish") return fish(root);
    return bash(root);
}

}  // namespace rm::app
