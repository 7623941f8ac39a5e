// SPDX-License-Identifier: Apache-2.0
#include "observe/reply_reader.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm::observe {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Read {
    std::vector<std::string> samples;
    Result<ReplyNotes> notes;
};

Read read(std::string_view text, std::size_t piece = std::string_view::npos, Bytes cap = Bytes::mebi(1)) {
    std::vector<std::string> samples;
    ReplyReader reader(
        [&](const Sample& sample) {
            samples.push_back(fmt::format("{}|{}|{:.0f}|{}", sample.id.value_or("-"),
                                          sample.name.value_or("-"), sample.at, sample.value));
        },
        cap);
    while (!text.empty() && reader.take(text.substr(0, piece)))
        text.remove_prefix(std::min(piece, text.size()));
    auto notes = reader.finish();
    return {std::move(samples), std::move(notes)};
}

std::string complaint(std::string_view text) {
    const auto notes = read(text).notes;
    return notes ? "" : std::string(to_string(notes.error().code)) + ": " + notes.error().message;
}

std::string with_result(std::string_view result) {
    return fmt::format(R"({{"status":"success","data":{{"resultType":"vector","result":{}}}}})", result);
}

constexpr std::string_view two =
    R"({"status":"success","data":{"resultType":"vector","result":[
        {"metric":{"id":"/docker/a","name":"web","image":"x"},"value":[1700000000.781,"0.25"]},
        {"metric":{},"value":[1700000000,"NaN"]}]}})";

TEST(ReplyReader, hands_on_samples_with_their_id_and_name) {
    const auto whole = read(two);
    ASSERT_TRUE(whole.notes) << whole.notes.error().message;
    EXPECT_THAT(whole.samples, ElementsAre("/docker/a|web|1700000001|0.25", "-|-|1700000000|nan"));
}

TEST(ReplyReader, reads_the_same_in_pieces_of_any_size) {
    for (std::size_t piece = 1; piece <= two.size(); ++piece) {
        const auto read_so = read(two, piece);
        ASSERT_TRUE(read_so.notes) << piece << ": " << read_so.notes.error().message;
        EXPECT_EQ(read_so.samples, read(two).samples) << piece;
    }
}

TEST(ReplyReader, takes_parts_in_any_order_and_passes_over_what_it_does_not_know) {
    const auto odd = read(
        R"( {"x":{"y":[1,{"z":null}]},"data":{"stats":{"a":[[]]},"result":[{"value":[1,"2"],"extra":true,)"
        R"("metric":{"name":"n","odd":"1","id":"i"}}],"resultType":"vector"},)"
        R"("infos":null,"status":"success"} )");
    ASSERT_TRUE(odd.notes) << odd.notes.error().message;
    EXPECT_THAT(odd.samples, ElementsAre("i|n|1|2"));
}

TEST(ReplyReader, reads_every_form_of_number_that_prometheus_writes) {
    EXPECT_THAT(read(with_result(R"([{"metric":{},"value":[1,"+Inf"]},{"metric":{},"value":[1,"-Inf"]},)"
                                 R"({"metric":{},"value":[1,"1.5e-07"]},{"metric":{},"value":[1,"-0"]}])"))
                    .samples,
                ElementsAre("-|-|1|inf", "-|-|1|-inf", "-|-|1|1.5e-07", "-|-|1|-0"));
    for (const auto* number : {"", "x", "0x10", "1 ", "nan", "1e999", "1,5"})
        EXPECT_THAT(complaint(with_result(fmt::format(R"([{{"metric":{{}},"value":[1,"{}"]}}])", number))),
                    HasSubstr("protocol: a value is not a number"))
            << number;
}

TEST(ReplyReader, keeps_the_warnings_of_a_good_answer) {
    const auto notes = read(R"({"status":"success","warnings":["w1","w2","w3","w4"],)"
                            R"("data":{"resultType":"vector","result":[]}})")
                           .notes;
    ASSERT_TRUE(notes);
    EXPECT_THAT(notes->warnings, ElementsAre("w1", "w2", "w3"));
}

TEST(ReplyReader, tells_why_prometheus_refuses) {
    EXPECT_EQ(complaint(R"({"status":"error","errorType":"bad_data","error":"parse error"})"),
              "invalid: it says 'bad_data': 'parse error'");
    EXPECT_THAT(complaint(R"({"status":"error","errorType":"timeout","error":"query timed out"})"),
                HasSubstr("timeout: "));
}

TEST(ReplyReader, believes_nothing_of_an_answer_that_is_not_whole) {
    for (std::size_t length = 0; length < two.size(); ++length)
        EXPECT_THAT(complaint(two.substr(0, length)), HasSubstr("protocol: it is cut short")) << length;
    EXPECT_THAT(complaint(std::string(two) + "{}"), HasSubstr("something follows its end"));
    EXPECT_EQ(complaint(std::string(two) + " \n"), "");
}

TEST(ReplyReader, refuses_what_is_no_vector_or_has_the_wrong_form) {
    for (const auto* text :
         {"<html>", "[]", "1", "null", "\"a\"", "{}", R"({"status":"success"})",
          R"({"status":"success","data":{}})", R"({"status":1})", R"({"data":[]})", R"({"data":"x"})",
          R"({"data":{"result":{}}})", R"({"status":"success","data":{"resultType":"matrix","result":[]}})",
          R"({"status":"success","data":{"resultType":"scalar","result":[1,"2"]}})",
          R"({"status":"maybe","data":{"resultType":"vector","result":[]}})"})
        EXPECT_THAT(complaint(text), HasSubstr("protocol: ")) << text;
    for (const auto* result :
         {"[1]", "[[]]", "[null]", R"([{"metric":{}}])", R"([{"metric":[],"value":[1,"2"]}])",
          R"([{"metric":{"id":1},"value":[1,"2"]}])", R"([{"metric":{},"value":"2"}])",
          R"([{"metric":{},"value":[1]}])", R"([{"metric":{},"value":[1,2]}])",
          R"([{"metric":{},"value":["1","2"]}])", R"([{"metric":{},"value":[1,"2","3"]}])",
          R"([{"metric":{},"value":[1,"2"],"value":[1,"2"]}])",
          R"([{"metric":{"id":"a","id":"b"},"value":[1,"2"]}])"})
        EXPECT_THAT(complaint(with_result(result)), HasSubstr("protocol: ")) << result;
    EXPECT_THAT(complaint(R"({"status":"error","status":"success"})"), HasSubstr("the same thing twice"));
}

TEST(ReplyReader, is_bounded_in_size_depth_and_texts) {
    const auto large = read(two, 10, Bytes(50)).notes;
    ASSERT_FALSE(large);
    EXPECT_EQ(large.error().code, ErrorCode::too_large);
    EXPECT_THAT(complaint("{\"x\":" + std::string(100, '[')), HasSubstr("protocol: "));
    EXPECT_THAT(complaint(with_result("[{\"metric\":{\"id\":\"" + std::string(5000, 'a') + "\"}}]")),
                HasSubstr("a label is too long"));
    EXPECT_EQ(complaint(with_result("[{\"metric\":{\"other\":\"" + std::string(5000, 'a') +
                                    "\"},\"value\":[1,\"2\"]}]")),
              "");
}

}  // namespace
}  // namespace rm::observe
