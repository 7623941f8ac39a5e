// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/loading.h"
#include "tests/unit/config/takes.h"

namespace rm::config {
namespace {

using test::takes;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(AddressKinds, a_web_address_has_a_known_scheme_a_host_and_perhaps_a_port_and_a_path) {
    for (const auto* good : {"http://a", "https://a.b:443/c", "http://[::1]:80", "http://u:p@h:1/x"})
        EXPECT_TRUE(takes(web_address(), good)) << good;
    for (const auto* bad :
         {"", "a", "http:/a", "http://", "ftp://a", "HTTP://a", "http://a:x", "http://a:0", "http://a:65536",
          "http://:80", "http://a b", "http://[::1", "http://\"a", "http://ä", "unix:///a"})
        EXPECT_FALSE(takes(web_address(), bad)) << bad;
}

TEST(AddressKinds, what_the_client_would_refuse_later_is_refused_here) {
    for (const auto* bad : {"http://p:9090/#/graph", "http://p:9090/a/../b", "http://p/?x=1", "http://-a",
                            "http://user:12/34@host", "http://a/b@c", "http://a/%zz"})
        EXPECT_FALSE(takes(web_address(), bad)) << bad;
    for (const auto* good : {"tcp://h", "tcp://h:2375", "unix:///run/docker.sock", "https://h:1/engine"})
        EXPECT_TRUE(takes(docker_host(), good)) << good;
    for (const auto* bad : {"tcp://h:2375/v1.41", "unix://run/docker.sock", "unix:/x", "http://h?x", "fd://"})
        EXPECT_FALSE(takes(docker_host(), bad)) << bad;
}

TEST(AddressKinds, what_the_store_would_refuse_later_is_refused_here) {
    for (const auto* good : {"sqlite:data/x.db", "sqlite:/var/lib/a b.db", "postgresql://u@h:5432/d",
                             "postgres://u@[::1]/d?sslmode=require"})
        EXPECT_TRUE(takes(store_url(), good)) << good;
    for (const auto* bad :
         {"postgresql:///db", "postgresql://host/db", "postgresql://u:pw@h/db", "postgresql://u@h",
          "postgresql:d", "postgresql://u@h/d?sslmod=x", "sqlite::memory:", "sqlite:data/",
          "sqlite:", "sqlite://x", "sqlite:a\nb", "mysql://u@h/d"})
        EXPECT_FALSE(takes(store_url(), bad)) << bad;
}

TEST(AddressKinds, the_reason_is_given_without_the_password) {
    EXPECT_THAT(test::problems("prometheus: {url: 'http://user:12/34@host'}"),
                ElementsAre(AllOf(HasSubstr("'http://user:***@host'"), Not(HasSubstr("34")))));
    EXPECT_THAT(test::problems("store: {url: 'postgresql://u:hunter2@h/db'}"),
                ElementsAre(AllOf(HasSubstr("store.password_file"), Not(HasSubstr("hunter2")))));
    EXPECT_THAT(test::problems("docker: {host: 'tcp://h:2375/v1.41'}"),
                ElementsAre(HasSubstr("(tcp:// is followed by a host and a port only)")));
    EXPECT_THAT(test::problems("http: {listen: 'localhost:8000'}"),
                ElementsAre(HasSubstr("an IP address, not a name")));
}

TEST(AddressKinds, a_secret_address_may_have_a_query) {
    EXPECT_TRUE(takes(secret_url(), "https://hooks.example.org/a?key=b"));
    EXPECT_FALSE(takes(secret_url(), "https://hooks.example.org/a b"));
}

TEST(AddressKinds, a_listen_address_is_an_ip_address_with_a_port) {
    const auto read = [](const char* text) {
        const auto value = listen_address().read(bare(text));
        return value ? print(*value) : "refused";
    };
    EXPECT_EQ(read("127.0.0.1:8000"), "127.0.0.1:8000");
    EXPECT_EQ(read(":0"), "0.0.0.0:0");
    EXPECT_EQ(read("[::1]:80"), "[::1]:80");
    for (const auto* bad : {"8000", "a:b", "::1:80", "0.0.0.0:65536", "http://a:80", "[]:80", "1.2.3.4:80/x",
                            "*:80", "1,2:80", "localhost:8000", "1.2.3:80", "1.2.3.4:", "1.2.3.4:+80"})
        EXPECT_EQ(read(bad), "refused") << bad;
}

TEST(AddressKinds, an_origin_gets_the_form_in_which_browsers_send_it) {
    const auto read = [](const char* text) { return web_origin().read(string(text)).value_or("refused"); };
    EXPECT_EQ(read("https://grafana.example.com"), "https://grafana.example.com");
    EXPECT_EQ(read("https://Grafana.Example.COM:443"), "https://grafana.example.com");
    EXPECT_EQ(read("http://a:80"), "http://a");
    EXPECT_EQ(read("http://a:443"), "http://a:443");
    EXPECT_EQ(read("http://[::A]:3000"), "http://[::a]:3000");
    for (const auto* bad : {"https://a/", "https://a/b", "https://a?b", "https://u@a", "null", "*", "a.b",
                            "https://*.a", "HTTPS://a"})
        EXPECT_EQ(read(bad), "refused") << bad;
}

TEST(AddressKinds, a_host_name_has_no_port_and_is_kept_in_lower_case) {
    const auto read = [](const char* text) { return host_name().read(string(text)).value_or("refused"); };
    EXPECT_EQ(read("RM.Example.com"), "rm.example.com");
    EXPECT_EQ(read("10.0.0.7"), "10.0.0.7");
    EXPECT_EQ(read("[::A]"), "[::a]");
    for (const auto* bad : {"", "a:80", "http://a", "a b", "::1", "a/b", "*"})
        EXPECT_EQ(read(bad), "refused") << bad;
    const auto config = test::loaded("http: {allowed_hosts: [RM.example.com, localhost]}");
    EXPECT_THAT(config->http.allowed_hosts, ElementsAre("rm.example.com", "localhost"));
    EXPECT_TRUE(test::loaded("")->http.allowed_hosts.empty());
}

}  // namespace
}  // namespace rm::config
