// SPDX-License-Identifier: Apache-2.0
#include "store/rows.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::store {
namespace {

using testing::HasSubstr;

Row row() {
    auto columns =
        std::make_shared<std::vector<std::string>>(std::vector<std::string>{"id", "name", "share", "gone"});
    return {columns, {std::int64_t{7}, std::string("a"), 0.5, Null()}};
}

TEST(Row, a_column_is_read_by_its_name) {
    EXPECT_EQ(row().get<std::int64_t>("id"), 7);
    EXPECT_EQ(row().get<std::string>("name"), "a");
    EXPECT_EQ(row().get<double>("share"), 0.5);
}

TEST(Row, an_unknown_column_is_named_with_those_there_are) {
    const auto value = row().get<std::int64_t>("idd");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().message, "the result has no column 'idd'; it has id, name, share, gone");
}

TEST(Row, a_column_of_another_type_is_an_error_that_names_both) {
    EXPECT_EQ(row().get<std::int64_t>("name").error().message, "column 'name' holds a text, not an integer");
    EXPECT_EQ(row().get<std::string>("id").error().message, "column 'id' holds an integer, not a text");
    EXPECT_EQ(row().get<bool>("id").error().message, "column 'id' holds an integer, not a bool");
    EXPECT_EQ(row().get<std::int64_t>("share").error().message,
              "column 'share' holds a real number, not an integer");
}

TEST(Row, an_integer_is_also_a_real_a_time_and_if_it_is_0_or_1_a_bool) {
    const auto columns = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"n"});
    const Row one(columns, {std::int64_t{1}});
    EXPECT_EQ(one.get<double>("n"), 1.0);
    EXPECT_EQ(one.get<bool>("n"), true);
    EXPECT_EQ(one.get<WallTime>("n"), WallTime(std::chrono::milliseconds(1)));
}

TEST(RowReader, gives_the_filled_struct_when_every_column_was_right) {
    const Row one = row();
    RowReader read(one);
    const auto id = read.get<std::int64_t>("id");
    EXPECT_EQ(read.result(id), 7);
}

TEST(RowReader, keeps_the_first_of_several_errors) {
    const Row one = row();
    RowReader read(one);
    const auto sum = read.get<std::int64_t>("gone") + read.get<std::int64_t>("missing");
    const auto result = read.result(sum);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("'gone' is null where there must be an integer"));
}

}  // namespace
}  // namespace rm::store
