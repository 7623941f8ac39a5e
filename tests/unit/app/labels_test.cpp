// SPDX-License-Identifier: Apache-2.0
#include "app/labels.h"

#include <chrono>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lab/http_double.h"

namespace rm::app {
namespace {

using lab::Answer;
using lab::HttpDouble;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string line(char digit, const std::string& project, const std::string& label) {
    const std::string id(64, digit);
    return R"({"Id":")" + id + R"(","Names":["/)" + project +
           R"(-web-1"],"State":"running","Created":7,"Labels":{)" + R"("com.docker.compose.project":")" +
           project + R"(","com.docker.compose.service":"web",)" + label + "}}";
}

class FindLabels : public testing::Test {
protected:
    FindLabels() {
        engine_->on("GET", "/version", Answer::text(200, R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})"));
        docker_.host = config::Url("tcp://127.0.0.1:" + std::to_string(engine_->port()));
        docker_.timeout = std::chrono::seconds(30);
    }

    void list(const std::string& lines) {
        engine_->on("GET", "/v1.41/containers/json", Answer::text(200, "[" + lines + "]"));
    }

    [[nodiscard]] Result<LabelledService> find(std::string_view name) const {
        return find_labels(docker_, ServiceName::parse(name).value(), {});
    }

    const std::unique_ptr<HttpDouble> engine_ = HttpDouble::start().value();
    config::Docker docker_;
};

TEST_F(FindLabels, tells_the_service_in_full_and_what_its_labels_say) {
    list(line('a', "shop", R"("resource-manager.cpu.min":"0.5","traefik.enable":"true")"));
    const auto found = find("web");
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(print(found->name), "shop/web");
    EXPECT_THAT(found->labels, ElementsAre(Pair("resource-manager.cpu.min", "0.5")));
}

TEST_F(FindLabels, a_name_of_no_service_or_of_several_is_an_error) {
    list(line('a', "shop", R"("x":"y")") + "," + line('b', "blog", R"("x":"y")"));
    EXPECT_THAT(find("web").error().message, HasSubstr("blog/web, shop/web"));
    EXPECT_THAT(find("wep").error().message, HasSubstr("did you mean web?"));
}

TEST_F(FindLabels, an_engine_that_does_not_answer_is_not_waited_for_long) {
    engine_->on("GET", "/version", Answer::never());
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(find("web").error().code, ErrorCode::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

}  // namespace
}  // namespace rm::app
