// SPDX-License-Identifier: Apache-2.0
#include "config/node.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "config/yaml_read.h"
#include "core/text.h"

namespace rm::config {
namespace {

TEST(Node, strings_are_quoted_in_yaml_only_where_they_need_it) {
    const auto yaml = [](const char* text) { return print_yaml(string(text)); };
    EXPECT_EQ(yaml("info"), "info");
    EXPECT_EQ(yaml("http://prometheus:9090"), "http://prometheus:9090");
    EXPECT_EQ(yaml("/run/secrets/x"), "/run/secrets/x");
    EXPECT_EQ(yaml(""), R"("")");
    EXPECT_EQ(yaml("yes"), R"("yes")");
    EXPECT_EQ(yaml("09:00"), R"("09:00")");
    EXPECT_EQ(yaml("a: b # c"), R"("a: b # c")");
    EXPECT_EQ(yaml("line\n\"\\\x1b"), R"("line\n\"\\\u001b")");
}

TEST(Node, json_quotes_everything_but_literals) {
    const Node node =
        map({{"a", literal("0.8")}, {"b", bare("5m")}, {"c", list({string("x"), Node()})}, {"d", map()}});
    EXPECT_EQ(print_json(node),
              "{\n  \"a\": 0.8,\n  \"b\": \"5m\",\n  \"c\": [\"x\", null],\n  \"d\": {}\n}");
}

RC_GTEST_PROP(Node, any_text_is_read_back_from_its_yaml, (const std::vector<std::string>& texts)) {
    Node node = map();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::string text = valid_utf8(texts[i]);
        std::erase(text, '\0');
        node.add("k" + std::to_string(i), list({string(text), string(text)}));
    }
    const YamlText read = read_yaml(print_yaml(node), "f");
    RC_ASSERT(read.problems.empty());
    RC_ASSERT(same(read.root, node));
}

}  // namespace
}  // namespace rm::config
