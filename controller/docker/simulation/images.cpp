// SPDX-License-Identifier: Apache-2.0
#include "docker/simulation/images.h"

#include <utility>

#include "docker/json.h"
#include "docker/simulation/digest.h"

namespace rm::docker {
namespace {

constexpr std::size_t largest_config = std::size_t{1} << 20;

std::string with_tag(std::string_view name) {
    const auto colon = name.rfind(':');
    const bool tagged = colon != std::string_view::npos && name.find('/', colon) == std::string_view::npos;
    return std::string(name) + (tagged ? "" : ":latest");
}

}  // namespace

Status SimulatedImages::add(std::string_view name, SimulatedImage image) {
    auto config = parse_json(image.config, largest_config);
    if (!config || !config->is_object())
        return fail(ErrorCode::invalid, "the Config of image {} is no JSON object", name);
    const std::string tag = with_tag(name);
    std::string id = image.id.empty() ? "sha256:" + digest("image " + tag) : image.id;
    auto files = SimulatedFiles::image_layer(image.files);
    const auto stored =
        std::make_shared<const StoredImage>(StoredImage{.behaviour = std::move(image),
                                                        .id = std::move(id),
                                                        .config = std::move(config->get_object()),
                                                        .files = std::move(files)});
    by_name_.insert_or_assign(tag, stored);
    by_id_.insert_or_assign(stored->id, stored);
    return {};
}

ImagePtr SimulatedImages::find(std::string_view image) const {
    if (const auto named = by_id_.find(image); named != by_id_.end()) return named->second;
    const auto found = by_name_.find(with_tag(image));
    return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace rm::docker
