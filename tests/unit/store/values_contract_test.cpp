// SPDX-License-Identifier: Apache-2.0
// What every backend must do alike: keep values exactly, and refuse what one of them could not keep.
#include <limits>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/store/place.h"

namespace rm::store {
namespace {

using testing::HasSubstr;

class ValuesContract : public ContractTest {
protected:
    /// Writes `value` into the column and reads it back as a T.
    template <class T>
    Result<T> through(std::string_view column, const Value& value) {
        Result<T> back = fail(ErrorCode::internal, "nothing came back");
        Status status = database->transaction([&](Session& session) -> Status {
            auto id =
                session.insert(fmt::format("insert into kinds ({0}) values (:value) returning id", column),
                               {{"value", value}});
            if (!id) return fail(id.error());
            auto rows = session.query("select * from kinds where id = :id", {{"id", *id}});
            if (!rows) return fail(rows.error());
            back = rows->at(0).get<T>(column);
            return {};
        });
        if (!status) return fail(status.error());
        return back;
    }
};

TEST_P(ValuesContract, integers_keep_all_64_bits) {
    for (const std::int64_t value :
         {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0}, std::int64_t{1} << 31,
          (std::int64_t{1} << 53) + 1, std::numeric_limits<std::int64_t>::max()})
        EXPECT_EQ(through<std::int64_t>("whole", value), value);
}

TEST_P(ValuesContract, reals_keep_every_bit) {
    using Limits = std::numeric_limits<double>;
    for (const double value : {0.0, -0.1, 0.1 + 0.2, std::numbers::pi, 5.0, 1e300, Limits::max(),
                               Limits::lowest(), Limits::min(), Limits::denorm_min(), Limits::epsilon()})
        EXPECT_EQ(through<double>("real", value), value);
}

TEST_P(ValuesContract, bools_are_bools) {
    EXPECT_EQ(through<bool>("truth", true), true);
    EXPECT_EQ(through<bool>("truth", false), false);
}

TEST_P(ValuesContract, times_are_exact_to_the_millisecond) {
    const WallTime time = clock.now().wall + std::chrono::milliseconds(123);
    EXPECT_EQ(through<WallTime>("whole", time), time);
    EXPECT_EQ(through<std::int64_t>("whole", time), Value::to_milliseconds(time));
    const WallTime long_ago = WallTime(std::chrono::milliseconds(-1));
    EXPECT_EQ(through<WallTime>("whole", long_ago), long_ago);
}

TEST_P(ValuesContract, texts_keep_every_character) {
    for (const std::string text : {"", " ", R"(it's "quoted" \ and % _ ?)", "\r\n\t\x01\x7f",
                                   "é 漢字 🦊 \u202e\u202c", ":a $1 ::text"})
        EXPECT_EQ(through<std::string>("words", text), text);
    const std::string megabyte(1 << 20, 'x');
    EXPECT_EQ(through<std::string>("words", megabyte), megabyte);
}

TEST_P(ValuesContract, an_empty_text_is_not_null) {
    using Maybe = std::optional<std::string>;
    EXPECT_EQ(through<Maybe>("words", ""), Result<Maybe>(""));
    EXPECT_EQ(through<Maybe>("words", std::nullopt), Result<Maybe>(std::nullopt));
}

TEST_P(ValuesContract, null_is_read_as_an_empty_optional_of_any_type) {
    const auto is_empty = [](const auto& read) { return read && !read->has_value(); };
    EXPECT_TRUE(is_empty(through<std::optional<std::int64_t>>("whole", std::nullopt)));
    EXPECT_TRUE(is_empty(through<std::optional<double>>("real", std::nullopt)));
    EXPECT_TRUE(is_empty(through<std::optional<bool>>("truth", std::nullopt)));
    EXPECT_TRUE(is_empty(through<std::optional<WallTime>>("whole", std::optional<WallTime>())));
}

TEST_P(ValuesContract, null_where_a_value_must_be_is_an_error_that_names_the_column) {
    const auto value = through<std::int64_t>("whole", std::nullopt);
    ASSERT_FALSE(value);
    EXPECT_THAT(value.error().message, HasSubstr("'whole' is null"));
}

TEST_P(ValuesContract, what_one_backend_could_not_keep_is_refused_by_both) {
    const std::string nul("a\0b", 3);
    for (const Value& value : {Value(nul), Value("\xff"), Value("\xc3"), Value("\xed\xa0\x80"),
                               Value("\xc0\x80"), Value("\xf4\x90\x80\x80"), Value("\xe0\x80\x80")}) {
        const auto refused = through<std::string>("words", value);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::invalid);
        EXPECT_THAT(refused.error().message, HasSubstr("'value'"));
    }
    for (const double value :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        const auto refused = through<double>("real", value);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    }
}

TEST_P(ValuesContract, a_column_holds_only_its_type) {
    const auto refused = through<std::int64_t>("whole", "seven");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid) << refused.error().message;
}

TEST_P(ValuesContract, expressions_have_the_types_one_expects) {
    ASSERT_TRUE(execute("insert into kinds (whole, real) values (9000000000, 0.1), (1, 0.2)"));
    const auto rows = database->query(
        "select count(*) as n, sum(whole) as total, max(real) as top, coalesce(max(words), 'none') as words,"
        " sum(whole) * 2 as twice from kinds");
    ASSERT_TRUE(rows) << rows.error().message;
    const Row& row = rows->at(0);
    EXPECT_EQ(row.get<std::int64_t>("n"), 2);
    EXPECT_EQ(row.get<std::int64_t>("total"), 9000000001);
    EXPECT_EQ(row.get<double>("top"), 0.2);
    EXPECT_EQ(row.get<std::string>("words"), "none");
    EXPECT_EQ(row.get<std::int64_t>("twice"), 18000000002);
}

INSTANTIATE_TEST_SUITE_P(Stores, ValuesContract, testing::Values(Backend::sqlite, Backend::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace rm::store
