// SPDX-License-Identifier: Apache-2.0
// The traces in traces/, see trace.h. A trace that says something else now is written, as it would have to
// be, beside the test's other output; look at it before you put it in place of the old one.
#include "tests/unit/decide/trace.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rm::decide::test {
namespace {

using std::filesystem::path;

std::vector<path> traces() {
    std::vector<path> found;
    for (const auto& entry : std::filesystem::directory_iterator(RM_TRACES_DIR))
        if (entry.path().extension() == ".trace") found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

std::string content(const path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class Trace : public testing::TestWithParam<path> {};

TEST_P(Trace, is_decided_as_it_says) {
    const std::string expected = content(GetParam());
    const std::string actual = replay(expected, Carry::in_place);
    if (actual == expected) return;
    const path written = path(testing::TempDir()) / GetParam().filename();
    std::ofstream(written) << actual;
    FAIL() << GetParam() << " is decided otherwise; see " << written;
}

TEST_P(Trace, a_dry_run_shows_what_would_really_happen) {
    const std::string expected = content(GetParam());
    EXPECT_EQ(replay(expected, Carry::assumed), expected);
}

TEST_P(Trace, a_restart_before_every_check_changes_nothing) {
    const std::string expected = content(GetParam());
    EXPECT_EQ(replay(expected, Carry::restarted), expected);
}

std::string name_of(const testing::TestParamInfo<path>& info) {
    return info.param.stem().string();
}

INSTANTIATE_TEST_SUITE_P(Traces, Trace, testing::ValuesIn(traces()), name_of);

TEST(Traces, are_there) {
    EXPECT_GE(traces().size(), 7U);
}

}  // namespace
}  // namespace rm::decide::test
