// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems_of(std::string_view text) {
    std::vector<std::string> lines;
    for (const Problem& problem : read_yaml(text, "f").problems) lines.push_back(print(problem));
    return lines;
}

/// As flow YAML on one line.
std::string read(std::string_view text) {
    const YamlText result = read_yaml(text, "f");
    EXPECT_THAT(result.problems, IsEmpty()) << print(result.problems);
    return print_yaml(result.root);
}

std::string repeated(std::string_view text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

TEST(YamlRead, scalars_stay_the_text_that_was_written) {
    EXPECT_EQ(read("[010, yes, 1e3, 0x10, '5', \"a\\tb\", ~, null, 12:30]"),
              R"([010, yes, 1e3, 0x10, "5", "a\tb", null, null, 12:30])");
}

TEST(YamlRead, places_count_lines_and_characters_from_one) {
    const YamlText text = read_yaml("a: 1\nbé:\n  - ü: x\n", "f");
    const Node* b = text.root.find("bé");
    ASSERT_NE(b, nullptr);
    EXPECT_EQ(b->name_mark, (Mark{.line = 2, .column = 1}));
    EXPECT_EQ(b->items[0].items[0].mark, (Mark{.line = 3, .column = 8}));
}

TEST(YamlRead, windows_line_ends_and_a_byte_order_mark_are_fine) {
    EXPECT_EQ(read("\xef\xbb\xbf"
                   "a: 1\r\nb: 2\r\n"),
              "{a: 1, b: 2}");
}

TEST(YamlRead, an_empty_text_is_nothing) {
    EXPECT_EQ(read_yaml("", "f").root.kind, Node::Kind::nothing);
    EXPECT_EQ(read_yaml("# only a comment\n", "f").root.kind, Node::Kind::nothing);
    EXPECT_EQ(read_yaml("---\n", "f").root.kind, Node::Kind::nothing);
}

TEST(YamlRead, a_key_given_twice_is_a_problem_and_the_first_counts) {
    EXPECT_THAT(problems_of("a:\n  b: 1\n  c: 2\n  b: 3\n"),
                ElementsAre("f:4:3: a.b: is given a second time; the first is in line 2"));
    EXPECT_EQ(print_yaml(read_yaml("{a: 1, a: 2}", "f").root), "{a: 1}");
}

TEST(YamlRead, merge_keys_bring_in_what_is_not_there) {
    EXPECT_EQ(read("a: &a {x: 1, k: 2}\nb: {k: 3, <<: *a}\n"), "{a: {x: 1, k: 2}, b: {k: 3, x: 1}}");
    EXPECT_EQ(read("a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc: {<<: [*a, *b]}\n"),
              "{a: {x: 1}, b: {x: 2, z: 3}, c: {x: 1, z: 3}}");
    EXPECT_THAT(problems_of("a: {<<: 1}"), ElementsAre("f:1:5: a.'<<': can only merge maps"));
}

TEST(YamlRead, tags_and_other_keys_than_texts_are_problems) {
    EXPECT_THAT(problems_of("a: !!int 5\n"),
                ElementsAre(HasSubstr("f:1:4: a: has the tag 'tag:yaml.org,2002:int'")));
    EXPECT_THAT(problems_of("? [a]\n: b\n"),
                ElementsAre(HasSubstr("a key must be a plain text, not a list or a map")));
    EXPECT_THAT(problems_of("~: b\n"), ElementsAre(HasSubstr("a key must be written as a text")));
}

TEST(YamlRead, a_second_document_is_a_problem) {
    EXPECT_THAT(problems_of("a: 1\n---\nb: 2\n"),
                ElementsAre("f:2:1: is not valid YAML: a second document starts here; one was expected"));
}

TEST(YamlRead, an_indenting_tab_is_named_as_such) {
    EXPECT_THAT(problems_of("a:\n\tb: 1\n"),
                ElementsAre("f:2:1: is not valid YAML: a tab indents this line; YAML takes only spaces"));
}

TEST(YamlRead, a_syntax_error_has_its_place) {
    EXPECT_THAT(problems_of("a: [1, 2\nb: 3\n"), ElementsAre(HasSubstr("f:2:2: is not valid YAML: ")));
    EXPECT_THAT(problems_of("a: *b\n"), ElementsAre(HasSubstr("f:1:4: is not valid YAML: ")));
}

TEST(YamlRead, control_characters_and_bytes_that_are_no_utf8_are_refused) {
    EXPECT_THAT(problems_of("a: 1\nb: \x04rest"),
                ElementsAre("f:2:4: is not text: the byte 0x04 is a control character or no UTF-8"));
    EXPECT_THAT(problems_of("a: \xff"), ElementsAre(HasSubstr("the byte 0xff")));
    EXPECT_THAT(problems_of(std::string_view("a\0b", 3)), ElementsAre(HasSubstr("the byte 0x00")));
    EXPECT_THAT(problems_of("a: \"\\0\""), ElementsAre(HasSubstr("a zero byte")));
}

TEST(YamlRead, deep_nesting_is_refused_without_harm) {
    EXPECT_THAT(problems_of("a: " + repeated("[", 100) + repeated("]", 100)),
                ElementsAre(HasSubstr("it is nested over 40 levels deep")));
    EXPECT_THAT(problems_of(repeated("- ", 100'000)),
                ElementsAre(HasSubstr("it is nested over 40 levels deep")));
    for (const auto* open : {"[", "{a: ", "- [", "{", "? ", "[{"})
        EXPECT_THAT(problems_of(repeated(open, 100'000)), testing::SizeIs(1)) << open;
    EXPECT_THAT(problems_of(repeated("[", 40) + repeated("]", 40)), IsEmpty());
}

TEST(YamlRead, aliases_cannot_grow_without_end) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        bomb += repeated("*a" + std::to_string(i - 1) + ", ", 10) + "x]\n";
    }
    EXPECT_THAT(problems_of(bomb),
                ElementsAre(HasSubstr("it holds too many values, counting what its aliases repeat")));
    EXPECT_THAT(problems_of("a: &a [*a]\n"), ElementsAre(HasSubstr("an alias stands inside what it names")));
    std::string chain = "- &a0 x\n";
    for (int i = 1; i < 60; ++i) chain += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
    EXPECT_THAT(problems_of(chain), ElementsAre(HasSubstr("over 40 levels deep")));
}

TEST(YamlRead, a_text_over_the_limit_is_refused) {
    EXPECT_THAT(problems_of(std::string(max_yaml_size + 1, '#')), ElementsAre("f: is larger than 1024 KiB"));
}

}  // namespace
}  // namespace rm::config
