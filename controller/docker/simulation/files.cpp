// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"
#include "docker/tar.h"

namespace rm::docker {
namespace {

constexpr std::uint32_t folder_mode = 0755;
constexpr std::array<std::string_view, 5> usual_folders{"/etc", "/run", "/tmp", "/usr", "/var"};

SimulatedFile folder() {
    return {.folder = true, .mode = folder_mode};
}

/// Without `.`, empty parts and a slash at the end; `..` goes up and no further than the root.
std::string tidied(std::string_view path) {
    std::string result;
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), part.size() + 1));
        if (part.empty() || part == ".") continue;
        if (part == "..")
            result.resize(result.find_last_of('/') == std::string::npos ? 0 : result.find_last_of('/'));
        else
            (result += '/') += part;
    }
    return result.empty() ? "/" : result;
}

std::string_view parent_of(std::string_view path) {
    return path.substr(0, std::max<std::size_t>(1, path.rfind('/')));
}

std::string_view name_of(std::string_view path) {
    return path == "/" ? path : path.substr(path.rfind('/') + 1);
}

bool leaves_the_folder(std::string_view path) {
    return path == ".." || path.starts_with("../") || path.ends_with("/..") ||
           path.find("/../") != std::string_view::npos;
}

tl::unexpected<Error> no_such(std::string_view path) {
    return fail(ErrorCode::not_found, "could not find the file {} in the container", quoted(path));
}

}  // namespace

std::shared_ptr<const SimulatedFiles::Layer> SimulatedFiles::image_layer(
    const std::map<std::string, std::string>& files) {
    Layer layer{{"/", folder()}};
    for (const std::string_view path : usual_folders) layer.emplace(path, folder());
    for (const auto& [given, content] : files) {
        const std::string path = tidied(given);
        for (std::string_view above = parent_of(path); above != "/"; above = parent_of(above))
            layer.emplace(above, folder());
        layer.insert_or_assign(path, SimulatedFile{.content = content});
    }
    return std::make_shared<const Layer>(std::move(layer));
}

SimulatedFiles::SimulatedFiles(std::shared_ptr<const Layer> image) : image_(std::move(image)) {}

const SimulatedFile* SimulatedFiles::find(std::string_view path) const {
    const std::string wanted = tidied(path);
    if (const auto written = written_.find(wanted); written != written_.end())
        return written->second ? &*written->second : nullptr;
    const auto found = image_->find(wanted);
    return found == image_->end() ? nullptr : &found->second;
}

const SimulatedFile* SimulatedFiles::follow(std::string_view path) const {
    constexpr int most_links = 8;
    std::string at = tidied(path);
    const SimulatedFile* file = find(at);
    for (int i = 0; file != nullptr && !file->link.empty(); ++i) {
        if (i == most_links) return nullptr;
        at = file->link.starts_with('/') ? file->link : std::string(parent_of(at)) + '/' + file->link;
        file = find(at);
    }
    return file;
}

std::optional<std::string> SimulatedFiles::read(std::string_view path) const {
    const SimulatedFile* file = follow(path);
    if (file == nullptr || file->folder) return std::nullopt;
    return file->content;
}

void SimulatedFiles::put(const std::string& path, SimulatedFile file) {
    add_folders(path);
    written_.insert_or_assign(path, std::move(file));
}

void SimulatedFiles::add_folders(std::string_view path) {
    for (std::string_view above = parent_of(path); above != "/"; above = parent_of(above)) {
        const SimulatedFile* there = find(above);
        if (there == nullptr || !there->folder) written_.insert_or_assign(std::string(above), folder());
    }
}

void SimulatedFiles::write(std::string_view path, std::string content) {
    put(tidied(path), {.content = std::move(content)});
}

void SimulatedFiles::remove(std::string_view path) {
    const std::string gone = tidied(path);
    if (image_->contains(gone))
        written_.insert_or_assign(gone, std::nullopt);
    else
        written_.erase(gone);
}

Status SimulatedFiles::unpack(std::string_view into, std::string_view tar) {
    const SimulatedFile* there = find(into);
    if (there == nullptr) return no_such(into);
    if (!there->folder) return fail(ErrorCode::invalid, "{} is not a folder", quoted(into));
    auto entries = read_tar(tar);
    if (!entries)
        return fail(ErrorCode::invalid, "the archive could not be unpacked: {}", entries.error().message);
    for (const TarEntry& entry : *entries) {
        if (leaves_the_folder(entry.path))
            return fail(ErrorCode::invalid, "{} is outside of {}", quoted(entry.path), quoted(into));
        const SimulatedFile* present = find(std::string(into) + '/' + entry.path);
        if (present != nullptr && present->folder != (entry.kind == TarEntry::Kind::folder))
            return fail(ErrorCode::invalid, "cannot overwrite a folder with what is none, or the reverse: {}",
                        quoted(entry.path));
    }
    for (TarEntry& entry : *entries) {
        const std::string path = tidied(std::string(into) + '/' + entry.path);
        const SimulatedFile* present = find(path);
        const bool is_folder = entry.kind == TarEntry::Kind::folder;
        if (is_folder && present != nullptr && present->folder) continue;
        SimulatedFile file{.folder = is_folder, .mode = entry.mode};
        (entry.kind == TarEntry::Kind::link ? file.link : file.content) = std::move(entry.content);
        put(path, std::move(file));
    }
    return {};
}

Result<std::string> SimulatedFiles::pack(std::string_view path) const {
    const std::string wanted = tidied(path);
    const SimulatedFile* top = find(wanted);
    if (top == nullptr) return no_such(path);
    const std::string name(name_of(wanted));
    std::map<std::string, const SimulatedFile*> inside;  // by path behind `wanted`
    const auto add = [&](const std::string& at) {
        const bool below =
            top->folder && at.starts_with(wanted == "/" ? wanted : wanted + '/') && at != wanted;
        if (const SimulatedFile* file = below ? find(at) : nullptr; file != nullptr)
            inside.emplace(at.substr(wanted == "/" ? 0 : wanted.size()), file);
    };
    for (const auto& [at, file] : *image_) add(at);
    for (const auto& [at, file] : written_) add(at);
    const auto kind_of = [](const SimulatedFile& file) {
        if (!file.link.empty()) return TarEntry::Kind::link;
        return file.folder ? TarEntry::Kind::folder : TarEntry::Kind::file;
    };
    const auto entry_of = [&](std::string at, const SimulatedFile& file) {
        return TarEntry{.path = std::move(at),
                        .content = file.link.empty() ? file.content : file.link,
                        .kind = kind_of(file),
                        .mode = file.mode};
    };
    std::vector<TarEntry> entries{entry_of(wanted == "/" ? "." : name, *top)};
    for (const auto& [at, file] : inside)
        entries.push_back(entry_of((wanted == "/" ? "." : name) + at, *file));
    return write_tar(entries);
}

std::vector<FileChange> SimulatedFiles::changes() const {
    std::map<std::string, FileChange::Kind> found;
    for (const auto& [path, file] : written_) {
        const bool in_image = image_->contains(path);
        const auto kept = in_image ? FileChange::Kind::changed : FileChange::Kind::added;
        found[path] = file ? kept : FileChange::Kind::deleted;
        for (std::string_view above = parent_of(path); above != "/"; above = parent_of(above))
            if (image_->contains(above)) found.emplace(above, FileChange::Kind::changed);
    }
    std::vector<FileChange> changes;
    changes.reserve(found.size());
    for (const auto& [path, kind] : found) changes.push_back({.path = path, .kind = kind});
    return changes;
}

}  // namespace rm::docker
