// SPDX-License-Identifier: Apache-2.0
// Every row of the table, one by one.
#include "config/table.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/text_layers.h"
#include "core/ratio.h"
#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

TEST(Table, every_default_is_a_value_of_its_key) {
    for_each_key([](const Key& key) {
        if (key.row.fallback.empty()) return;
        const auto node = node_of(key.row.fallback, key.form);
        ASSERT_TRUE(node) << key.row.path;
        EXPECT_TRUE(key.check(*node)) << key.row.path << ": " << key.row.fallback;
    });
}

TEST(Table, paths_and_variables_are_unique_and_in_their_section) {
    std::set<std::string> names;
    for (const Section& section : table()) {
        for (const Key& key : section.keys) {
            if (key.row.path.empty()) continue;
            EXPECT_TRUE(key.row.path.starts_with(std::string(section.name) + '.')) << key.row.path;
            EXPECT_TRUE(names.insert(variable_name(key.row.path)).second) << key.row.path;
            EXPECT_EQ(find_key(key.row.path), &key);
        }
    }
}

TEST(Table, no_key_of_a_service_ends_like_another_so_names_with_dots_are_clear) {
    for_each_key([](const Key& a) {
        for_each_key([&](const Key& b) {
            if (a.row.service_path.empty() || b.row.service_path.empty()) return;
            EXPECT_FALSE(a.row.service_path.ends_with("." + std::string(b.row.service_path)))
                << a.row.service_path << " and " << b.row.service_path;
        });
    });
}

TEST(Table, what_services_override_needs_no_restart) {
    for_each_key([](const Key& key) {
        EXPECT_FALSE(key.row.needs_restart && !key.row.service_path.empty()) << key.row.path;
    });
}

TEST(Table, every_row_says_what_it_is_for_in_a_sentence) {
    for_each_key([](const Key& key) {
        EXPECT_TRUE(key.row.about.ends_with('.')) << key.row.path << key.row.service_path;
        EXPECT_FALSE(key.expects.empty());
        EXPECT_EQ(key.row.about.find('\n'), std::string_view::npos);
    });
}

/// The number in the schema of an amount; null where it has none.
const Node* limit(const Node& schema, std::string_view name) {
    const Node* choices = schema.find("anyOf");
    return choices != nullptr ? choices->items[0].find(name) : schema.find(name);
}

void expect_refused(const Key& key, double value) {
    const std::string path(key.row.path.empty() ? "services.a." + std::string(key.row.service_path)
                                                : std::string(key.row.path));
    const std::string text = print(Ratio(value));
    const auto found = test::problems("services: {a: {}}", test::sources({}, {path + "=" + text}));
    EXPECT_THAT(found, testing::Contains(testing::AllOf(testing::HasSubstr(": " + path + ": expected "),
                                                        testing::HasSubstr("found '" + text + "'"))))
        << path;
}

TEST(Table, a_value_out_of_its_range_is_refused_and_its_key_is_named) {
    int ranges = 0;
    for_each_key([&](const Key& key) {
        const Node* min = limit(key.schema, "minimum");
        const Node* max = limit(key.schema, "maximum");
        if (min == nullptr || max == nullptr) return;
        ++ranges;
        const double low = std::stod(min->text);
        const double high = std::stod(max->text);
        const double step = min->text.find('.') == std::string::npos && high > 1000 ? 1 : 0.001;
        if (low >= step) expect_refused(key, low - step);
        expect_refused(key, high + std::max(step, high / 1000));
    });
    EXPECT_GT(ranges, 30);
}

TEST(Table, every_key_can_be_set_from_the_environment) {
    for_each_key([](const Key& key) {
        if (key.row.path.empty() || key.row.fallback.empty()) return;
        const auto found =
            test::problems("", test::sources({{variable_name(key.row.path), std::string(key.row.fallback)}}));
        EXPECT_THAT(found, testing::IsEmpty());
    });
}

}  // namespace
}  // namespace rm::config
