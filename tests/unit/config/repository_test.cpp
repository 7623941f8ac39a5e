// SPDX-License-Identifier: Apache-2.0
// The files of the repository that belong to the table of keys: the shipped configuration, the reference and
// the schema.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/effective.h"
#include "config/live_config.h"
#include "config/reference.h"
#include "config/schema.h"
#include "tests/unit/config/loading.h"

namespace rm::config {
namespace {

std::string content(const std::string& file) {
    const std::ifstream stream(std::string(RM_SOURCE_DIR "/") + file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

TEST(ShippedConfig, loads_and_holds_the_defaults_but_for_its_services) {
    const auto shipped =
        load({.file = RM_SOURCE_DIR "/config/config.yml", .environment = {}, .overrides = {}});
    ASSERT_TRUE(shipped) << print(shipped.error());
    for (const Change& change : changes(test::loaded(""), *shipped))
        EXPECT_TRUE(change.path.starts_with("services.")) << print(change);
}

TEST(ShippedConfig, lists_every_key_that_has_a_default) {
    const auto shipped =
        load({.file = RM_SOURCE_DIR "/config/config.yml", .environment = {}, .overrides = {}});
    ASSERT_TRUE(shipped) << print(shipped.error());
    for (const Entry& entry : shipped->effective().entries) {
        if (entry.value.kind == Node::Kind::nothing) continue;
        EXPECT_EQ(entry.origin.kind, Origin::Kind::file)
            << entry.path << " is missing from config/config.yml";
    }
}

TEST(ShippedConfig, knows_the_twelve_services) {
    const auto shipped =
        load({.file = RM_SOURCE_DIR "/config/config.yml", .environment = {}, .overrides = {}});
    ASSERT_TRUE(shipped) << print(shipped.error());
    const auto policy = [&](std::string_view name) { return shipped->service(test::service(name)); };
    EXPECT_EQ((*shipped)->services.size(), 12U);
    for (const auto* name : {"traefik", "postgres", "redis", "prometheus"}) {
        EXPECT_EQ(policy(name).service_class, ServiceClass::critical) << name;
        EXPECT_EQ(policy(name).baseline.memory,
                  Bytes::mebi(
                      name == std::string_view("traefik") || name == std::string_view("redis") ? 256 : 512));
    }
    EXPECT_EQ(policy("redis").baseline.cpu, Cores::from_nanos(250'000'000));
    EXPECT_EQ(policy("postgres").deployment.strategy, Strategy::in_place);
    EXPECT_EQ(policy("redis").deployment.strategy, Strategy::in_place);
    for (const auto* name : {"grafana", "loki", "crowdsec", "oauth", "alertmanager"})
        EXPECT_EQ(policy(name).service_class, ServiceClass::normal) << name;
    for (const auto* name : {"jaeger", "portainer", "vscode"})
        EXPECT_EQ(policy(name).service_class, ServiceClass::optional) << name;
}

TEST(ShippedConfig, tells_editors_where_the_schema_is) {
    EXPECT_THAT(content("config/config.yml"),
                testing::StartsWith("# yaml-language-server: $schema=schema.json\n"));
}

TEST(Reference, is_the_file_in_the_repository) {
    EXPECT_TRUE(reference() == content("docs/configuration.md"))
        << "docs/configuration.md is out of date; make it again:\n"
           "    resource-manager config reference > docs/configuration.md";
}

TEST(Reference, names_every_key) {
    const std::string text = reference();
    const Config config = test::loaded("");
    for (const Entry& entry : config.effective().entries)
        EXPECT_THAT(text, testing::HasSubstr("| `" + entry.path + "` |"));
}

TEST(Schema, is_the_file_in_the_repository) {
    EXPECT_TRUE(schema() == content("config/schema.json"))
        << "config/schema.json is out of date; make it again:\n"
           "    resource-manager config schema > config/schema.json";
}

}  // namespace
}  // namespace rm::config
