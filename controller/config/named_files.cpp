// SPDX-License-Identifier: Apache-2.0
#include "config/named_files.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/address_kinds.h"
#include "config/yaml_read.h"
#include "core/text.h"

namespace rm::config {
namespace {

constexpr std::size_t max_secret_size = std::size_t{64} << 10;

void strip_line_break(std::string& text) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
}

/// What editors and shells leave in front of a text or around it, and nobody sees.
std::string_view unseen(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf"))
        return "begins with a byte order mark; save it as UTF-8 without one";
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "is UTF-16; save it as UTF-8";
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
    if (std::ranges::any_of(text, is_control)) return "must hold one line of text, and nothing else";
    if (text.starts_with(' ') || text.ends_with(' ')) return "must not begin or end with a blank";
    return {};
}

/// Why the text can't be the secret; empty if it can.
std::string_view unfit(std::string_view text, FileUse use) {
    if (text.empty()) return "is empty";
    if (const auto why = unseen(text); !why.empty()) return why;
    if (use == FileUse::secret_address && !is_web_address(text))
        return "must hold an address that starts with http or https";
    const auto is_visible = [](char c) { return c > ' ' && c < 0x7f; };
    if (use == FileUse::secret_token && !std::ranges::all_of(text, is_visible))
        return "must hold a token: printable ASCII characters without spaces";
    return {};
}

void complain_about_file(Given& given, const Entry& entry, std::string_view why) {
    complain(given, entry.origin, entry.path, fmt::format("the file {} {}", quoted(entry.value.text), why));
}

void read_named_file(Given& given, Entry& entry, Settings& settings, const ReadFile& read) {
    const FileUse use = entry.key->row.file_use;
    const bool secret = use != FileUse::must_exist;
    auto content = read(entry.value.text, secret ? max_secret_size : max_yaml_size);
    if (!content) {
        complain_about_file(given, entry, fmt::format("can't be read: {}", content.error().message));
        return;
    }
    if (!secret) return;
    strip_line_break(*content);
    if (const auto why = unfit(*content, use); !why.empty()) {
        complain_about_file(given, entry, why);
        return;
    }
    entry.content = Secret(*std::move(content));
    entry.key->content(settings) = entry.content;
}

}  // namespace

void read_named_files(Given& given, std::vector<Entry>& entries, Settings& settings, const ReadFile& read) {
    for (Entry& entry : entries)
        if (entry.key->row.file_use != FileUse::none && entry.value.kind == Node::Kind::text)
            read_named_file(given, entry, settings, read);
}

}  // namespace rm::config
