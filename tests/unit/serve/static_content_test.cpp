// SPDX-License-Identifier: Apache-2.0
#include "serve/static_content.h"

#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

namespace rm::serve {
namespace {

std::string unpacked(const std::string& packed) {
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    std::string text(1U << 20U, '\0');
    stream.next_in = reinterpret_cast<const Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    text.resize(stream.total_out);
    inflateEnd(&stream);
    return text;
}

TEST(StaticContent, gzip_is_read_back_as_the_same_text) {
    std::string text;
    for (int i = 0; i < 10000; ++i) text += std::to_string(i * i);
    EXPECT_LT(gzip(text).size(), text.size());
    EXPECT_EQ(unpacked(gzip(text)), text);
    EXPECT_EQ(unpacked(gzip("")), "");
}

TEST(StaticContent, the_hash_names_the_content) {
    EXPECT_EQ(content_hash("a"), content_hash("a"));
    EXPECT_NE(content_hash("a"), content_hash("b"));
    EXPECT_NE(content_hash(""), content_hash(std::string(1, '\0')));
}

TEST(StaticContent, it_is_hashed_and_compressed_beforehand) {
    const Response response = static_content("text/plain", "hello", {{"X", "y"}})(Request());
    EXPECT_EQ(response.body, "hello");
    EXPECT_EQ(response.content_type, "text/plain");
    EXPECT_EQ(response.etag, content_hash("hello"));
    EXPECT_EQ(unpacked(response.gzipped), "hello");
    EXPECT_EQ(*find(response.headers, "X"), "y");
    EXPECT_EQ(*find(response.headers, "Cache-Control"), "no-cache");
}

}  // namespace
}  // namespace rm::serve
