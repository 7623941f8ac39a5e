// SPDX-License-Identifier: Apache-2.0
#include "core/names.h"

#include <gtest/gtest.h>

#include "tests/unit/core/rejected.h"

namespace rm {
namespace {

TEST(ServiceName, may_carry_its_project) {
    const auto plain = ServiceName::parse("grafana").value();
    EXPECT_EQ(plain.project(), "");
    EXPECT_EQ(plain.service(), "grafana");
    const auto full = ServiceName::parse("monitoring/node_exporter-1.2").value();
    EXPECT_EQ(full.project(), "monitoring");
    EXPECT_EQ(full.service(), "node_exporter-1.2");
    EXPECT_EQ(ServiceName::parse(print(full)), full);
    EXPECT_NE(plain, full);
}

TEST(ServiceName, cannot_hold_what_would_escape_a_path_a_query_or_a_label) {
    for (const auto* text : {"", "/", "a/", "/a", "a/b/c", "../etc", ".hidden", "a b", "a\nb", "a\"b", "{}",
                             "-x", "%2e%2e", "gräfana", "<script>"})
        test::expect_rejected(ServiceName::parse(text), text);
    test::expect_rejected(ServiceName::parse(std::string(256, 'a')), std::string(256, 'a'));
}

TEST(ContainerId, is_64_hexadecimal_digits) {
    const std::string text = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const auto id = ContainerId::parse(text).value();
    EXPECT_EQ(id.full(), text);
    EXPECT_EQ(id.brief(), "0123456789ab");
}

TEST(ContainerId, rejects_everything_else) {
    const std::string good(64, 'a');
    for (const std::string& text : {std::string(), std::string("abc"), good + "a", good.substr(1),
                                    good.substr(1) + "G", good.substr(1) + "A", "../" + good.substr(3)})
        test::expect_rejected(ContainerId::parse(text), text);
}

}  // namespace
}  // namespace rm
