// SPDX-License-Identifier: Apache-2.0
#include "docker/tar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "core/text.h"

namespace rm::docker {
namespace {

constexpr std::size_t block = 512;

/// Where a header has what.
struct Field {
    std::size_t at;
    std::size_t size;
};

constexpr Field name_field{0, 100};
constexpr Field mode_field{100, 8};
constexpr Field user_field{108, 8};
constexpr Field group_field{116, 8};
constexpr Field size_field{124, 12};
constexpr Field time_field{136, 12};
constexpr Field sum_field{148, 8};
constexpr std::size_t type_at = 156;
constexpr Field link_field{157, 100};
constexpr Field magic_field{257, 8};
constexpr Field prefix_field{345, 155};

constexpr std::string_view ustar{"ustar\00000", 8};
constexpr std::uint32_t all_permissions = 07777;

std::size_t padded(std::size_t size) {
    return (size + block - 1) / block * block;
}

void put(std::string& header, Field field, std::string_view text) {
    header.replace(field.at, text.size(), text);
}

void put_number(std::string& header, Field field, std::uint64_t value) {
    put(header, field, fmt::format("{:0{}o}", value, field.size - 1));
}

/// The sum of the header's bytes, its own field counted as blanks.
std::uint64_t sum_of(std::string_view header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < block; ++i) {
        const bool own = i >= sum_field.at && i < sum_field.at + sum_field.size;
        sum += own ? ' ' : static_cast<unsigned char>(header[i]);
    }
    return sum;
}

std::string_view text_in(std::string_view header, Field field) {
    const std::string_view whole = header.substr(field.at, field.size);
    return whole.substr(0, whole.find('\0'));
}

std::optional<std::uint64_t> number_in(std::string_view header, Field field) {
    const std::string_view text = trimmed(text_in(header, field), " ");
    if (text.empty()) return 0;
    std::uint64_t value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
    if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The slash at which a path that is too long for its field goes into two.
std::optional<std::size_t> split_of(std::string_view path) {
    const std::size_t slash = path.rfind('/', std::min(prefix_field.size, path.size() - 2));
    if (slash == std::string_view::npos || slash == 0 || path.size() - slash - 1 > name_field.size)
        return std::nullopt;
    return slash;
}

Status put_path(std::string& header, std::string_view path) {
    if (path.size() <= name_field.size) {
        put(header, name_field, path);
        return {};
    }
    const auto slash = split_of(path);
    if (!slash) return fail(ErrorCode::invalid, "{} is too long for a tar archive", quoted(path));
    put(header, prefix_field, path.substr(0, *slash));
    put(header, name_field, path.substr(*slash + 1));
    return {};
}

/// What a PAX header says of the path of the entry behind it: lines of `23 path=...`, length first.
std::optional<std::string> path_in_pax(std::string_view records) {
    while (!records.empty()) {
        std::size_t length = 0;
        const auto [end, wrong] = std::from_chars(records.data(), records.data() + records.size(), length);
        const auto digits = static_cast<std::size_t>(end - records.data());
        if (wrong != std::errc() || length > records.size() || length < digits + 2) return std::nullopt;
        const std::string_view record = records.substr(digits + 1, length - digits - 2);
        if (record.starts_with("path=")) return std::string(record.substr(5));
        records.remove_prefix(length);
    }
    return std::nullopt;
}

struct Member {
    TarEntry entry;
    char type = '0';
};

std::string path_in(std::string_view header) {
    const std::string name(text_in(header, name_field));
    const bool has_prefix = header.substr(magic_field.at, 6) == ustar.substr(0, 6);
    const std::string prefix(has_prefix ? text_in(header, prefix_field) : std::string_view());
    return prefix.empty() ? name : prefix + '/' + name;
}

/// Takes one header and its content from the front of `rest`.
Result<Member> take_member(std::string_view& rest) {
    if (rest.size() < block) return fail(ErrorCode::invalid, "the archive is cut");
    const std::string_view header = rest.substr(0, block);
    const auto size = number_in(header, size_field);
    const auto mode = number_in(header, mode_field);
    if (!size || !mode || number_in(header, sum_field) != sum_of(header))
        return fail(ErrorCode::invalid, "this is no tar archive");
    rest.remove_prefix(block);
    if (*size > rest.size()) return fail(ErrorCode::invalid, "the archive is cut");
    Member member{.entry = {.path = path_in(header),
                            .content = std::string(rest.substr(0, *size)),
                            .mode = static_cast<std::uint32_t>(*mode) & all_permissions},
                  .type = header[type_at]};
    if (member.type == '2') member.entry.content = text_in(header, link_field);
    rest.remove_prefix(std::min(rest.size(), padded(*size)));
    return member;
}

TarEntry::Kind kind_of(char type) {
    if (type == '5') return TarEntry::Kind::folder;
    if (type == '2') return TarEntry::Kind::link;
    return type == '0' || type == '\0' || type == '7' ? TarEntry::Kind::file : TarEntry::Kind::other;
}

Result<char> type_of(const TarEntry& entry) {
    switch (entry.kind) {
        case TarEntry::Kind::file:
            return '0';
        case TarEntry::Kind::folder:
            return '5';
        case TarEntry::Kind::link:
            if (entry.content.size() <= link_field.size) return '2';
            return fail(ErrorCode::invalid, "{} is too long for a tar archive", quoted(entry.content));
        case TarEntry::Kind::other:
            break;
    }
    return fail(ErrorCode::invalid, "{} is neither file nor folder nor link", quoted(entry.path));
}

bool is_end(std::string_view rest) {
    return rest.empty() || std::ranges::all_of(rest.substr(0, block), [](char c) { return c == '\0'; });
}

}  // namespace

Result<std::string> write_tar(std::span<const TarEntry> entries) {
    std::string archive;
    for (const TarEntry& entry : entries) {
        const auto type = type_of(entry);
        if (!type) return fail(type.error());
        const std::string_view content = *type == '0' ? std::string_view(entry.content) : "";
        std::string header(block, '\0');
        const auto named = put_path(header, *type == '5' ? entry.path + '/' : entry.path);
        if (!named) return fail(named.error());
        put_number(header, mode_field, entry.mode & all_permissions);
        put_number(header, user_field, 0);
        put_number(header, group_field, 0);
        put_number(header, size_field, content.size());
        put_number(header, time_field, 0);
        header[type_at] = *type;
        if (*type == '2') put(header, link_field, entry.content);
        put(header, magic_field, ustar);
        put(header, sum_field, fmt::format("{:06o}", sum_of(header)));
        header[sum_field.at + sum_field.size - 1] = ' ';
        archive += header;
        archive += content;
        archive.append(padded(content.size()) - content.size(), '\0');
    }
    archive.append(2 * block, '\0');
    return archive;
}

Result<std::vector<TarEntry>> read_tar(std::string_view archive) {
    std::vector<TarEntry> entries;
    std::optional<std::string> long_path;
    while (!is_end(archive)) {
        auto member = take_member(archive);
        if (!member) return fail(member.error());
        TarEntry& entry = member->entry;
        if (member->type == 'x' || member->type == 'L') {
            long_path = member->type == 'x'
                            ? path_in_pax(entry.content)
                            : std::optional(entry.content.substr(0, entry.content.find('\0')));
            continue;
        }
        if (member->type == 'g') continue;
        if (long_path) entry.path = *std::exchange(long_path, std::nullopt);
        entry.path = std::string(trimmed(entry.path, "/"));
        entry.kind = kind_of(member->type);
        if (entry.kind == TarEntry::Kind::folder || entry.kind == TarEntry::Kind::other)
            entry.content.clear();
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace rm::docker
