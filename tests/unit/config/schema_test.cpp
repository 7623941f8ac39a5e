// SPDX-License-Identifier: Apache-2.0
// The schema in the hands of a validator that isn't ours, python3-jsonschema: what it says about a file must
// agree with what the reader says.
#include "config/schema.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/node.h"
#include "config/read_file.h"
#include "config/yaml_read.h"
#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

/// Plain scalars as YAML's core schema reads them, so that the validator sees numbers and booleans.
Node resolved(Node node) {
    for (Node& item : node.items) item = resolved(std::move(item));
    if (node.kind != Node::Kind::text || node.style != Node::Style::bare) return node;
    char* end = nullptr;
    std::strtod(node.text.c_str(), &end);
    const bool number =
        !node.text.empty() && *end == '\0' && node.text.find_first_of("xXnN") == std::string::npos;
    if (number || node.text == "true" || node.text == "false") node.style = Node::Style::literal;
    return node;
}

constexpr std::string_view program = R"(
import json, sys
from jsonschema import Draft202012Validator
schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
for name in sys.argv[2:]:
    errors = list(validator.iter_errors(json.load(open(name))))
    print('valid' if not errors else 'wrong: ' + '; '.join(sorted('.'.join(map(str, e.absolute_path)) for e in errors)))
)";

bool has_validator() {
    return std::system("python3 -c 'from jsonschema import Draft202012Validator' 2>/dev/null") == 0;
}

class Validator : public testing::Test {
protected:
    void SetUp() override {
        if (!has_validator()) {
            ASSERT_EQ(std::getenv("CI"), nullptr) << "python3-jsonschema is missing";
            GTEST_SKIP() << "python3-jsonschema is missing";
        }
        std::filesystem::create_directories(folder_);
        write("schema.json", schema());
        write("validate.py", program);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, std::string_view text) { std::ofstream(folder_ / name) << text; }

    /// The validator's word on a configuration file.
    std::string judged(std::string_view yaml) {
        const YamlText text = read_yaml(yaml, "f");
        EXPECT_TRUE(text.problems.empty()) << print(text.problems);
        write("file.json", print_json(resolved(text.root)));
        const std::string command =
            "cd '" + folder_.string() + "' && python3 validate.py schema.json file.json 2>&1";
        std::string output;
        FILE* pipe = ::popen(command.c_str(), "r");
        std::array<char, 4096> buffer{};
        while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
        EXPECT_EQ(::pclose(pipe), 0) << output;
        if (output.ends_with('\n')) output.pop_back();
        return output;
    }

private:
    std::filesystem::path folder_ =
        std::filesystem::path(testing::TempDir()) / ("schema_test." + std::to_string(::getpid()));
};

TEST_F(Validator, accepts_the_shipped_file) {
    const auto shipped = read_file(RM_SOURCE_DIR "/config/config.yml", max_yaml_size);
    ASSERT_TRUE(shipped);
    EXPECT_EQ(judged(*shipped), "valid");
}

TEST_F(Validator, accepts_what_the_reader_accepts) {
    constexpr std::string_view text = R"(
monitoring: {check_interval: 90, window: 1m30s, dry_run: true}
thresholds: {cpu_high: 80%, cpu_low: "0.2"}
bounds: {cpu: {min: 500m}, memory: {max: 1.5 GB}, host_reserve: {cpu: 5%, memory: 512MiB}}
services: {a: , shop/b: {class: optional, deployment: {hooks: {before: [echo, hi]}}}}
http:
)";
    EXPECT_TRUE(test::problems(text).empty());
    EXPECT_EQ(judged(text), "valid");
}

TEST_F(Validator, agrees_with_the_reader_about_single_values) {
    for (const auto* taken :
         {"deployment: {script: [sleep, 1, true]}", "notifications: {webhook: {headers: {X: 1}}}",
          "logging: {keep: 5.0}", "logging: {keep: 5}", "bounds: {memory: {min: 6M}}",
          "bounds: {memory: {min: 6144k}}", "bounds: {memory: {min: 6291456}}",
          "bounds: {memory: {min: 0.5G}}", "bounds: {host_reserve: {memory: 99%}}",
          "bounds: {host_reserve: {memory: 98.5%}}", "bounds: {host_reserve: {cpu: .5%}}",
          "logging: {rotate_at: 64K}"}) {
        EXPECT_THAT(test::problems(taken), testing::IsEmpty()) << taken;
        EXPECT_EQ(judged(taken), "valid") << taken;
    }
    for (const auto* refused :
         {"deployment: {script: [[a]]}", "deployment: {script: [\"\"]}", "deployment: {script: [~]}",
          "notifications: {webhook: {headers: {X: [1]}}}", "logging: {keep: 5.5}", "logging: {keep: \"5\"}",
          "bounds: {memory: {min: 5M}}", "bounds: {memory: {min: 5.9 MiB}}", "bounds: {memory: {min: .5m}}",
          "bounds: {memory: {min: 6143k}}", "bounds: {memory: {min: 6291455}}",
          "bounds: {memory: {min: 6291455b}}", "bounds: {host_reserve: {memory: 100%}}",
          "bounds: {host_reserve: {memory: 99.5%}}", "bounds: {host_reserve: {cpu: 1000%}}",
          "logging: {rotate_at: 63K}"}) {
        EXPECT_THAT(test::problems(refused), testing::Not(testing::IsEmpty())) << refused;
        EXPECT_THAT(judged(refused), testing::StartsWith("wrong: ")) << refused;
    }
}

TEST_F(Validator, refuses_what_the_reader_refuses) {
    EXPECT_EQ(judged("monitorng: {}"), "wrong: ");
    EXPECT_EQ(judged("monitoring: {dry_run: \"yes\", check_interval: fast}"),
              "wrong: monitoring.check_interval; monitoring.dry_run");
    EXPECT_EQ(judged("thresholds: {cpu_high: 1.5, consecutive_checks: 0}"),
              "wrong: thresholds.consecutive_checks; thresholds.cpu_high");
    EXPECT_EQ(judged("services: {a: {class: critcal}, \"b c\": {}}"), "wrong: services; services.a.class");
    EXPECT_EQ(judged("http: {cors_origins: [https://a.example/x]}"), "wrong: http.cors_origins.0");
    EXPECT_EQ(judged("docker: {host: \"ssh://a\"}"), "wrong: docker.host");
}

}  // namespace
}  // namespace rm::config
