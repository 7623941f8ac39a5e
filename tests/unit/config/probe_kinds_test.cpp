// SPDX-License-Identifier: Apache-2.0
#include "config/probe_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"
#include "tests/unit/config/takes.h"

namespace rm::config {
namespace {

using test::takes;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ProbeKinds, health_is_a_word_or_a_port_of_the_container) {
    for (const auto* good : {"docker", "running", "command", "http://:8080", "http://:8080/healthz",
                             "http://:1/a?b=c", "tcp://:5432"})
        EXPECT_EQ(print(health_source().read(string(good)).value_or(HealthSource())), good);
    for (const auto* bad : {"",
                            "none",
                            "Docker",
                            "http",
                            "http://",
                            "http://:0",
                            "http://:65536",
                            "http://web:80/",
                            "http://:80 ",
                            "http://u@:80/",
                            "https://:443",
                            "http://:80?a",
                            "http://:80/#a",
                            "http://:80/../x",
                            "tcp://:80/",
                            "tcp://db:5432",
                            "tcp://:",
                            "tcp://",
                            "udp://:53",
                            "tcp://:5432?x"})
        EXPECT_FALSE(takes(health_source(), bad)) << bad;
}

TEST(ProbeKinds, what_is_wrong_with_an_address_is_said) {
    EXPECT_THAT(test::problems("deployment: {health: 'http://web:8080/healthz'}"),
                ElementsAre(HasSubstr("(it is written http://:PORT, without a host)")));
    EXPECT_THAT(test::problems("deployment: {health: 'tcp://:80/x'}"),
                ElementsAre(HasSubstr("(tcp:// is followed by a colon and a port only)")));
    EXPECT_THAT(test::problems("deployment: {verify: 'tcp://:80'}"),
                ElementsAre(HasSubstr("(it starts with http://)")));
}

TEST(ProbeKinds, a_probe_over_http_has_its_parts) {
    const auto probe = http_probe().read(string("http://:8080/ready?full=1"));
    ASSERT_TRUE(probe);
    EXPECT_EQ(probe->port, 8080);
    EXPECT_EQ(probe->target, "/ready?full=1");
    EXPECT_EQ(http_probe().read(string("http://:80/"))->target, "");
    EXPECT_FALSE(takes(http_probe(), "running"));
}

TEST(ProbeKinds, a_file_in_a_container_has_its_whole_path) {
    for (const auto* good : {"/drain", "/tmp/drain", "/var/run/a b.txt", "/a/..b/.c"})
        EXPECT_TRUE(takes(container_file(), good)) << good;
    for (const auto* bad : {"", "/", "drain", "/tmp/", "/a/../b", "/a//b", "/./a", "/a/..", "/a/.", "/a\nb"})
        EXPECT_FALSE(takes(container_file(), bad)) << bad;
    EXPECT_FALSE(takes(container_file(), "/" + std::string(5000, 'a')));
}

TEST(ProbeKinds, haproxy_is_reached_by_a_socket) {
    for (const auto* good : {"unix:///run/haproxy/admin.sock", "tcp://haproxy:9999", "tcp://[::1]:9999"})
        EXPECT_TRUE(takes(haproxy_socket(), good)) << good;
    for (const auto* bad : {"", "/run/haproxy.sock", "unix://run/x", "tcp://haproxy", "tcp://h:9999/x",
                            "tcp://u@h:1", "http://h:1", "tcp://:9999"})
        EXPECT_FALSE(takes(haproxy_socket(), bad)) << bad;
}

}  // namespace
}  // namespace rm::config
