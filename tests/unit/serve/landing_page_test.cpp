// SPDX-License-Identifier: Apache-2.0
#include "serve/landing_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::serve {
namespace {

using testing::HasSubstr;
using testing::Not;

Route route(std::string method, std::string pattern, std::string description) {
    Route made;
    made.methods = {std::move(method)};
    made.pattern = std::move(pattern);
    made.description = std::move(description);
    return made;
}

TEST(LandingPage, it_links_to_what_a_browser_can_open) {
    const std::string page =
        landing_page("1.2.3", {route("GET", "/health", "How it is."), route("POST", "/-/reload", "-"),
                               route("GET", "/problems/{name}", "-")});
    EXPECT_THAT(page, HasSubstr("Version 1.2.3"));
    EXPECT_THAT(page, HasSubstr(R"(<dt><a href="/health">/health</a></dt>)"));
    EXPECT_THAT(page, HasSubstr("<dd>How it is.</dd>"));
    EXPECT_THAT(page, Not(HasSubstr("reload")));
    EXPECT_THAT(page, Not(HasSubstr("problems")));
}

TEST(LandingPage, whatever_it_shows_is_escaped) {
    const std::string page = landing_page("<script>alert('1')</script>", {route("GET", "/\"><b>", "a & b")});
    EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"));
    EXPECT_THAT(page, HasSubstr("/&quot;&gt;&lt;b&gt;"));
    EXPECT_THAT(page, HasSubstr("a &amp; b"));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace rm::serve
