// SPDX-License-Identifier: Apache-2.0
#include "config/promql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

using test::loaded;
using test::problems;
using testing::ElementsAre;
using testing::HasSubstr;

std::string fault(std::string_view query) {
    const auto found = fault_of_query(query);
    return found ? found->says : "";
}

TEST(Query, must_have_its_matcher_inside_the_braces_of_a_selector) {
    EXPECT_EQ(fault("rate(cpu{$matcher}[$window])"), "");
    EXPECT_EQ(fault("cpu{ $matcher , mode=\"user\"} / ram{mode='x',$matcher}"), "");
    EXPECT_THAT(fault("rate(cpu[5m])"), HasSubstr("it needs $matcher"));
    EXPECT_THAT(fault("rate(cpu{}[5m])"), HasSubstr("it needs $matcher"));
    EXPECT_THAT(fault("cpu{} * $matcher"), HasSubstr("$matcher must stand inside braces"));
    EXPECT_THAT(fault("cpu{job=$matcher}"), HasSubstr("separate it with commas"));
    EXPECT_THAT(fault("cpu{$matcher job=\"a\"}"), HasSubstr("separate it with commas"));
}

TEST(Query, has_its_windows_outside_of_braces_and_no_other_placeholders) {
    EXPECT_EQ(fault("avg_over_time(ram{$matcher}[$trend_window:$window])"), "");
    EXPECT_THAT(fault("cpu{$matcher,$window}"), HasSubstr("$window must stand outside of braces"));
    const auto typo = fault_of_query("rate(cpu{$matcher}[$windw])");
    ASSERT_TRUE(typo);
    EXPECT_THAT(typo->says, HasSubstr("there is no placeholder '$windw'"));
    EXPECT_EQ(typo->meant, "$window");
    EXPECT_THAT(fault("cpu{$matcher} + $"), HasSubstr("there is no placeholder '$'"));
}

TEST(Query, is_not_judged_by_what_stands_in_its_strings_and_comments) {
    EXPECT_EQ(fault(R"(label_replace(cpu{$matcher}, "name", "$1", "pod", "{(.*)}$"))"), "");
    EXPECT_EQ(fault("cpu{$matcher} # all of {it for $5"), "");
    EXPECT_EQ(fault("cpu{$matcher,a=`\\`}"), "");
    EXPECT_EQ(fault(R"(cpu{$matcher,a="\"}"})"), "");
    EXPECT_THAT(fault("cpu{a=\"$matcher\"}"), HasSubstr("it needs $matcher"));
    EXPECT_THAT(fault("cpu{$matcher,a=\"b}"), HasSubstr("does not end"));
}

TEST(Query, has_braces_that_match) {
    for (const auto* text : {"cpu{$matcher,a=\"b\"", "cpu{$matcher}}", "{cpu{$matcher}}", "}cpu{$matcher}"})
        EXPECT_THAT(fault(text), HasSubstr("braces do not match")) << text;
}

TEST(Query, is_filled_in_where_placeholders_stand_and_nowhere_else) {
    using namespace std::chrono_literals;
    const QueryParts parts{.matcher = "name!=\"\"", .window = 90s, .trend_window = 1h};
    EXPECT_EQ(filled_in("rate(cpu{$matcher,a=\"$window\"}[$window]) / x{$matcher}[$trend_window] # $matcher",
                        parts),
              "rate(cpu{name!=\"\",a=\"$window\"}[1m30s]) / x{name!=\"\"}[1h] # $matcher");
}

TEST(Matchers, are_labels_operators_and_texts_in_quotes) {
    for (const auto* text : {R"(name!="")", R"(job="cadvisor",instance=~"host1:.*")",
                             "a='b' , c !~ \"d\\\\.e\"", R"(_a1="quoted \" and {brace} and, comma")"})
        EXPECT_TRUE(is_matchers(text)) << text;
    for (const auto* text :
         {"", "name", "name!=", "name!=x", R"(name=="x")", R"(1a="x")", R"(a="x",)", R"(,a="x")",
          R"(a="x" b="y")", R"(a="x"} or up{b="y")", R"(a="x)", R"(a="\q")", "a=\"x\ny\"", R"(__name__="up")",
          R"({a="x"})", R"(a="\'")", "a=`x`", "a=\"\xff\""})
        EXPECT_FALSE(is_matchers(text)) << text;
}

TEST(PrometheusKeys, replace_queries_and_matcher_and_are_checked) {
    const Config config = loaded("prometheus: {matcher: 'job=\"a\"', queries: {cpu_usage: 'x{$matcher}'}}");
    EXPECT_EQ(config->prometheus.matcher, "job=\"a\"");
    EXPECT_EQ(config->prometheus.queries.at("cpu_usage"), "x{$matcher}");
    EXPECT_EQ(loaded("")->prometheus.matcher, "name!=\"\"");
    EXPECT_THAT(problems("prometheus: {queries: {cpu_usag: 'x{$matcher}'}}"),
                ElementsAre(testing::AllOf(HasSubstr("prometheus.queries.cpu_usag: expected a signal: "),
                                           HasSubstr("did you mean 'cpu_usage'?"))));
    EXPECT_THAT(problems("prometheus: {queries: {cpu_usage: 'x{$matcher}[$windo]'}}"),
                ElementsAre(testing::AllOf(HasSubstr("expected a PromQL query"),
                                           HasSubstr("did you mean '$window'?"))));
    EXPECT_THAT(problems("prometheus: {matcher: 'job=a'}"),
                ElementsAre(HasSubstr("expected label matchers")));
}

TEST(SampleInterval, fits_twice_into_the_window_where_the_engine_is_the_source) {
    EXPECT_THAT(problems("monitoring: {source: docker, window: 20s}"),
                ElementsAre(HasSubstr("a window needs at least two samples")));
    EXPECT_EQ(loaded("monitoring: {window: 20s}")->monitoring.sample_interval, std::chrono::seconds(15));
    EXPECT_FALSE(loaded("")->monitoring.export_containers);
}

}  // namespace
}  // namespace rm::config
