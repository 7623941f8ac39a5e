// SPDX-License-Identifier: Apache-2.0
#include "config/number_kinds.h"

#include <gtest/gtest.h>

namespace rm::config {
namespace {

using namespace std::chrono_literals;

template <class T>
std::string reread(const Kind<T>& kind, const Node& node) {
    const auto value = kind.read(node);
    if (value) return print_yaml(kind.write(*value));
    return value.error().hint.empty() ? "refused" : "refused: " + value.error().hint;
}

TEST(NumberKinds, a_boolean_is_true_or_false_and_nothing_else) {
    EXPECT_EQ(reread(boolean(), bare("true")), "true");
    EXPECT_EQ(reread(boolean(), bare("false")), "false");
    EXPECT_EQ(reread(boolean(), bare("yes")), "refused: write true");
    EXPECT_EQ(reread(boolean(), bare("True")), "refused: write true");
    EXPECT_EQ(reread(boolean(), bare("0")), "refused: write false");
    EXPECT_EQ(reread(boolean(), string("true")), "refused: without quotes");
    EXPECT_EQ(reread(boolean(), Node()), "refused: leave the key out to get its default");
}

TEST(NumberKinds, a_whole_number_has_plain_digits_only) {
    const auto kind = integer(0, 100);
    EXPECT_EQ(reread(kind, bare("0")), "0");
    EXPECT_EQ(reread(kind, bare("100")), "100");
    EXPECT_EQ(reread(kind, bare("101")), "refused");
    EXPECT_EQ(reread(kind, bare("-1")), "refused: it can't be negative");
    EXPECT_EQ(reread(kind, bare("+1")), "refused: without the sign");
    EXPECT_EQ(reread(kind, bare("010")), "refused: without leading zeros");
    EXPECT_EQ(reread(kind, bare("1e1")), "refused: write it out, without an exponent");
    EXPECT_EQ(reread(kind, bare("0x10")), "refused: write it in decimal");
    EXPECT_EQ(reread(kind, bare("1_0")), "refused: only digits and one decimal point");
    EXPECT_EQ(reread(kind, bare("1.0")), "1") << "to JSON Schema it is the same";
    EXPECT_EQ(reread(kind, bare("1.5")), "refused");
    EXPECT_EQ(reread(kind, bare("1.")), "refused");
    EXPECT_EQ(reread(kind, string("10")), "refused: without quotes");
    EXPECT_EQ(reread(kind, bare("99999999999999999999")), "refused");
    EXPECT_EQ(reread(kind, list({})), "refused");
}

TEST(NumberKinds, amounts_keep_to_their_ranges_and_take_quotes) {
    EXPECT_EQ(reread(ratio(0.1, 1), string("80%")), "0.8");
    EXPECT_EQ(reread(ratio(0.1, 1), bare("0.09")), "refused");
    EXPECT_EQ(reread(ratio(0.1, 1), bare("1e-1")), "refused: write it out, without an exponent");
    EXPECT_EQ(reread(duration(1s, 1h), bare("90")), "1m30s");
    EXPECT_EQ(reread(duration(1s, 1h), bare("999ms")), "refused");
    EXPECT_EQ(reread(duration(1s, 1h), bare("60m")), "1h");
    EXPECT_EQ(reread(cores(Cores::whole(1), Cores::whole(2)), bare("1500m")), "1.5");
    EXPECT_EQ(reread(cores(Cores::whole(1), Cores::whole(2)), bare("2.1")), "refused");
    EXPECT_EQ(reread(bytes(Bytes(1), Bytes::mebi(1)), string("512KiB")), "512K");
    EXPECT_EQ(reread(bytes(Bytes(1), Bytes::mebi(1)), bare("0")), "refused");
}

TEST(NumberKinds, a_reserve_is_an_amount_or_a_share) {
    EXPECT_EQ(reread(cores_or_percent(), bare("0")), "0");
    EXPECT_EQ(reread(cores_or_percent(), bare("7%")), "7%");
    EXPECT_EQ(reread(bytes_or_percent(), bare("0.5%")), "0.5%");
    EXPECT_EQ(reread(bytes_or_percent(), bare("512M")), "512M");
    EXPECT_EQ(reread(bytes_or_percent(), bare("100%")), "refused");
}

}  // namespace
}  // namespace rm::config
