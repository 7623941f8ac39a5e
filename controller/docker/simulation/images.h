// SPDX-License-Identifier: Apache-2.0
// SimulatedImages: the images of the simulated engine, by name and by id. A name may move to another image;
// containers keep what they were made from. Not thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "core/result.h"
#include "docker/simulation/image.h"

namespace rm::docker {

struct StoredImage {
    SimulatedImage behaviour;
    std::string id;  // `sha256:...`
    boost::json::object config;
    std::shared_ptr<const SimulatedFiles::Layer> files;
};

using ImagePtr = std::shared_ptr<const StoredImage>;

class SimulatedImages {
public:
    /// `name` is like `shop/web:3`; without a tag it is `latest`. `invalid` when its Config is no JSON.
    Status add(std::string_view name, SimulatedImage image);

    /// By its name or its id; null where there is none.
    [[nodiscard]] ImagePtr find(std::string_view image) const;

private:
    std::map<std::string, ImagePtr, std::less<>> by_name_;
    std::map<std::string, ImagePtr, std::less<>> by_id_;
};

}  // namespace rm::docker
