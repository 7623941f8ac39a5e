// SPDX-License-Identifier: Apache-2.0
// The scripts are tried in the shells themselves by tests/e2e; here: what they are made of.
#include "app/completions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::app {
namespace {

using testing::HasSubstr;
using testing::Not;

CommandInfo small_program() {
    CommandInfo sub{.name = "check",
                    .description = "It's a check",
                    .options = {},
                    .words = {},
                    .takes_file = true,
                    .commands = {}};
    CommandInfo root{
        .name = "resource-manager", .description = "", .options = {}, .words = {}, .commands = {sub}};
    root.options.push_back({.names = {"-c", "--config"}, .description = "A file", .takes_value = true});
    return root;
}

TEST(Completions, every_shell_offers_commands_and_options) {
    for (const auto* shell : {"bash", "zsh", "fish"}) {
        const std::string script = completion_script(small_program(), shell);
        EXPECT_THAT(script, HasSubstr("check")) << shell;
        EXPECT_THAT(script, HasSubstr("config")) << shell;
        EXPECT_THAT(script, HasSubstr("':check'")) << shell;
    }
}

TEST(Completions, a_description_cannot_end_the_quotes_it_stands_in) {
    for (const auto* shell : {"zsh", "fish"})
        EXPECT_THAT(completion_script(small_program(), shell), Not(HasSubstr("It's"))) << shell;
}

}  // namespace
}  // namespace rm::app
