// SPDX-License-Identifier: Apache-2.0
// Any text as a configuration file: it is refused with problems that can be printed, or it makes a Config
// that shows itself as a file with the same content.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/config.h"
#include "config/live_config.h"
#include "config/show.h"

namespace {

using namespace rm::config;

const ReadFile no_files = [](const std::filesystem::path&, std::size_t) -> rm::Result<std::string> {
    return rm::fail(rm::ErrorCode::not_found, "there are no files here");
};

void require(bool condition) {
    if (!condition) std::abort();
}

bool is_printable(std::string_view text) {
    return text.find_first_of(std::string_view("\0\n\r\x1b", 4)) == std::string_view::npos;
}

/// Secrets are shown as ***, which is not what they were.
bool hides_something(const Config& config) {
    return !config->notifications.webhook.url.empty() || !config->notifications.webhook.headers.empty() ||
           show(config).find("***") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto config = load_text(text, {}, no_files);
    if (!config) {
        require(!config.error().empty());
        for (const Problem& problem : config.error()) require(is_printable(print(problem)));
        return 0;
    }
    if (hides_something(*config)) return 0;
    const auto again = load_text(show(*config), {}, no_files);
    require(again.has_value() && changes(*config, *again).empty());
    return 0;
}
