// SPDX-License-Identifier: Apache-2.0
#include "store/location.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::store {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string refusal(std::string_view url) {
    const auto location = parse_location(url);
    EXPECT_FALSE(location) << url;
    return location ? std::string() : location.error().message;
}

TEST(Location, an_sqlite_url_is_a_path) {
    EXPECT_EQ(std::get<SqliteFile>(*parse_location("sqlite:data/x.db")).path, "data/x.db");
    EXPECT_EQ(std::get<SqliteFile>(*parse_location("sqlite:/var/lib/x y.db")).path, "/var/lib/x y.db");
}

TEST(Location, a_postgresql_url_has_all_its_parts) {
    const auto location = parse_location(
        "postgresql://resource%20manager@db.local:6432/a%2Fb?sslmode=verify-full&sslrootcert=/ca");
    ASSERT_TRUE(location) << location.error().message;
    const auto& server = std::get<PostgresServer>(*location);
    EXPECT_EQ(server.user, "resource manager");
    EXPECT_EQ(server.host, "db.local");
    EXPECT_EQ(server.port, 6432);
    EXPECT_EQ(server.database, "a/b");
    EXPECT_EQ(server.options.at("sslmode"), "verify-full");
    EXPECT_EQ(server.options.at("sslrootcert"), "/ca");
}

TEST(Location, the_port_has_a_default_and_ipv6_stands_in_brackets) {
    EXPECT_EQ(std::get<PostgresServer>(*parse_location("postgres://u@h/d")).port, 5432);
    const auto location = parse_location("postgresql://u@[::1]:5/d");
    ASSERT_TRUE(location);
    EXPECT_EQ(std::get<PostgresServer>(*location).host, "::1");
    EXPECT_EQ(print(*location), "PostgreSQL u@[::1]:5/d");
}

TEST(Location, a_password_in_the_url_is_refused_and_never_repeated) {
    for (const char* url : {"postgresql://u:hunter2@h/d", "postgresql://u:hun@ter2@h/d",
                            "postgresql://u:hunter2/x@h/d", "postgresql://u:hunter2?@h/d"})
        EXPECT_THAT(refusal(url), AllOf(Not(HasSubstr("hun")), Not(HasSubstr("ter2")))) << url;
    EXPECT_THAT(refusal("postgresql://u:hunter2@h/d"), HasSubstr("password"));
}

TEST(Location, what_is_wrong_is_said) {
    EXPECT_THAT(refusal("mysql://u@h/d"), AllOf(HasSubstr("'mysql'"), HasSubstr("sqlite:PATH")));
    EXPECT_THAT(refusal("data/x.db"), HasSubstr("sqlite:PATH"));
    EXPECT_THAT(refusal("sqlite:"), HasSubstr("names no file"));
    EXPECT_THAT(refusal("sqlite:data/"), HasSubstr("names no file"));
    EXPECT_THAT(refusal("sqlite:///data/x.db"), HasSubstr("without slashes"));
    EXPECT_THAT(refusal("sqlite::memory:"), HasSubstr("survives a restart"));
    EXPECT_THAT(refusal("sqlite:a\"b"), HasSubstr("double quote"));
    EXPECT_THAT(refusal("postgresql://h/d"), HasSubstr("no user"));
    EXPECT_THAT(refusal("postgresql://u@h"), HasSubstr("no database"));
    EXPECT_THAT(refusal("postgresql://u@/d"), HasSubstr("no host"));
    EXPECT_THAT(refusal("postgresql://u@h:99999/d"), AllOf(HasSubstr("'99999'"), HasSubstr("65535")));
    EXPECT_THAT(refusal("postgresql://u@h/d?sslmod=x"), HasSubstr("did you mean 'sslmode'"));
    EXPECT_THAT(refusal("postgresql://%zz@h/d"), HasSubstr("hexadecimal"));
}

}  // namespace
}  // namespace rm::store
