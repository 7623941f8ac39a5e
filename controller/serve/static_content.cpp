// SPDX-License-Identifier: Apache-2.0
#include "serve/static_content.h"

#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

namespace rm::serve {

std::string gzip(std::string_view text) {
    constexpr int gzip_format = 15 + 16;
    constexpr int memory_level = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_format, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return {};
    std::string packed(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<const Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    packed.resize(done ? stream.total_out : 0);
    deflateEnd(&stream);
    return packed;
}

std::string content_hash(std::string_view text) {
    // FNV-1a: our own content has no adversary, it only has to differ between versions.
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
    return fmt::format("{:016x}-{:x}", hash, text.size());
}

Handler static_content(std::string content_type, std::string body, Headers headers) {
    Response response;
    response.content_type = std::move(content_type);
    response.etag = content_hash(body);
    response.gzipped = gzip(body);
    response.compressible = true;
    response.body = std::move(body);
    response.headers = std::move(headers);
    response.headers.push_back({.name = "Cache-Control", .value = "no-cache"});
    return [response = std::move(response)](const Request&) { return response; };
}

}  // namespace rm::serve
