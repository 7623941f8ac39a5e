// SPDX-License-Identifier: Apache-2.0
#include "core/url.h"

#include <string>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rm {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string error_of(std::string_view text) {
    const auto url = Url::parse(text);
    return url ? "none" : url.error().message;
}

TEST(Url, is_taken_apart) {
    const Url url = Url::parse("https://prometheus:9090/base/path?x=1").value();
    EXPECT_TRUE(url.tls());
    EXPECT_EQ(url.host(), "prometheus");
    EXPECT_EQ(url.port(), 9090);
    EXPECT_EQ(url.target(), "/base/path?x=1");
    EXPECT_EQ(url.socket(), "");
}

TEST(Url, needs_no_more_than_a_scheme_and_a_host) {
    const Url url = Url::parse("HTTP://10.0.0.1").value();
    EXPECT_FALSE(url.tls());
    EXPECT_EQ(url.port(), std::nullopt);
    EXPECT_EQ(url.target(), "");
    EXPECT_EQ(url, Url::parse("http://10.0.0.1/").value());
    EXPECT_EQ(Url::parse("http://[::1]:80/x").value().host(), "[::1]");
}

TEST(Url, names_a_unix_socket_by_its_whole_path) {
    const Url url = Url::parse("unix:///var/run/docker.sock").value();
    EXPECT_EQ(url.socket(), "/var/run/docker.sock");
    EXPECT_EQ(url.host(), "localhost");
    EXPECT_EQ(print(url, "/events?since=1"), "unix:///var/run/docker.sock (/events)");
    EXPECT_THAT(error_of("unix://var/run/docker.sock"), HasSubstr("unix:///var/run/docker.sock"));
    EXPECT_THAT(error_of("unix:///" + std::string(107, 'x')), HasSubstr("107 bytes"));
    EXPECT_THAT(error_of("unix:///run/"), HasSubstr("whole path"));
    EXPECT_THAT(error_of("unix:///run/\xff"), HasSubstr("cannot be printed"));
    EXPECT_THAT(error_of("unix:///run/\n"), HasSubstr("cannot be printed"));
}

TEST(Url, of_a_foreign_protocol_is_refused) {
    for (const char* text :
         {"file:///etc/passwd", "ftp://host/x", "gopher://host", "javascript://x", "tcp://host:1"})
        EXPECT_THAT(error_of(text), HasSubstr("only http, https and unix")) << text;
    EXPECT_THAT(error_of("prometheus:9090"), HasSubstr("has to start with http://"));
}

TEST(Url, that_could_be_read_in_two_ways_is_refused) {
    for (const char* text : {"http://",          "http:///x",
                             "http://a b",       "http://a\r\nHost: b",
                             "http://\xc3\xbc",  "http://a:0",
                             "http://a:65536",   "http://a:",
                             "http://a:80a",     "http://a:080",
                             "http://a:+80",     "http://[::1",
                             "http://[::1]x",    "http://[fe80::1%eth0]",
                             "http://::1",       "http://.a",
                             "http://a/ b",      "http://a/\r\nX: y",
                             "http://a/#part",   "http://a/../b",
                             "http://a/./b",     "http://a/%2e%2E/b",
                             "http://a/x/..",    "http://a/%0a",
                             "http://a/%4",      "http://a/%zz",
                             "http://a\\b",      "http://a/b\\c",
                             "http://a/\xff",    "http://:pw@a",
                             "http://u%3a:pw@a", "http://%0a:pw@a",
                             "http://a:80\\@b",  "http://a?x#y"})
        EXPECT_FALSE(Url::parse(text).has_value()) << text;
    EXPECT_FALSE(Url::parse(std::string_view("http://a\0b", 10)).has_value());
    EXPECT_FALSE(Url::parse(std::string_view("http://[::\0]", 12)).has_value());
}

TEST(Url, quotes_a_rejected_text_but_never_its_password) {
    EXPECT_THAT(error_of("ftp://host"), HasSubstr("'ftp://host'"));
    for (const char* text : {"http://me:hunter2@host:0", "me:hunter2@host", "http://me:hunter2/x@host",
                             "ftp://hunter2@host", "http://me:80/hunter2@host"})
        EXPECT_THAT(error_of(text), AllOf(Not(HasSubstr("hunter2")), HasSubstr("host"), Not("none"))) << text;
}

TEST(Url, hides_in_any_text_what_could_be_a_password) {
    EXPECT_EQ(without_password("me:hunter2@host"), "***@host");
    EXPECT_EQ(without_password("http://me:hunter2/x@host"), "http://me:***@host");
    EXPECT_EQ(without_password("x?password=hunter2"), "x?password=***");
    EXPECT_EQ(without_password("http://host:80/path"), "http://host:80/path");
}

TEST(Url, prints_without_user_password_and_query) {
    const Url url = Url::parse("http://me:p%40ss@host:81/base?key=k").value();
    EXPECT_EQ(url.user(), "me");
    EXPECT_EQ(url.password().reveal(), "p@ss");
    EXPECT_EQ(print(url), "http://host:81/base");
}

TEST(Url, that_is_a_secret_prints_its_host_only) {
    const Url url = Url::parse(Secret("https://hooks.example.org/services/T0/B0/token")).value();
    EXPECT_EQ(print(url), "https://hooks.example.org/***");
    EXPECT_EQ(joined(url, "").value(), "/services/T0/B0/token");
    const auto bad = Url::parse(Secret("https://hooks.example.org/services/T0/B0/to ken"));
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error().message, AllOf(Not(HasSubstr("services")), HasSubstr("percent-encoded")));
}

TEST(Url, prints_no_target_that_could_forge_a_line) {
    EXPECT_EQ(print(Url::parse("unix:///s").value(), "/x\nGET /y"), "unix:///s");
    EXPECT_EQ(print(Url::parse("http://a").value(), "/x\nGET /y"), "http://a/");
}

TEST(Url, takes_a_target_behind_its_path) {
    const auto target = [](std::string_view base, std::string_view more) {
        return joined(Url::parse(base).value(), more).value_or("refused");
    };
    EXPECT_EQ(target("http://a", ""), "/");
    EXPECT_EQ(target("http://a", "/x?y=1"), "/x?y=1");
    EXPECT_EQ(target("http://a/base/", "/x"), "/base/x");
    EXPECT_EQ(target("http://a/base", "?y=1"), "/base?y=1");
    EXPECT_EQ(target("http://a", "?y=1"), "/?y=1");
    EXPECT_EQ(target("http://a?z=1", ""), "/?z=1");
    EXPECT_EQ(target("unix:///s", "/images/a@sha256:0/json"), "/images/a@sha256:0/json");
    EXPECT_EQ(target("http://a", "/x?query=up%0A"), "/x?query=up%0A");
    EXPECT_EQ(target("http://a?z=1", "/x"), "refused");
    EXPECT_EQ(target("http://a", "x"), "refused");
    EXPECT_EQ(target("http://a", "/containers/../info"), "refused");
    EXPECT_EQ(target("http://a", "/x HTTP/1.1\r\nA: b"), "refused");
}

TEST(DockerHost, is_http_or_https_at_dockers_ports) {
    const auto shown = [](std::string_view text, bool tls) {
        const auto url = parse_docker_host(text, tls);
        return url ? print(*url) : url.error().message;
    };
    EXPECT_EQ(shown("tcp://docker-socket-proxy:2375", false), "http://docker-socket-proxy:2375/");
    EXPECT_EQ(shown("tcp://host", false), "http://host:2375/");
    EXPECT_EQ(shown("tcp://host/", true), "https://host:2376/");
    EXPECT_EQ(shown("TCP://[::1]:1", true), "https://[::1]:1/");
    EXPECT_EQ(shown("unix:///var/run/docker.sock", false), "unix:///var/run/docker.sock");
    EXPECT_EQ(shown("https://host:1/x", false), "https://host:1/x");
    for (const char* text : {"tcp://", "tcp://host/path", "tcp://host:x"})
        EXPECT_THAT(shown(text, false), HasSubstr("tcp://")) << text;
    EXPECT_THAT(shown("fd://", false), HasSubstr("only http"));
}

}  // namespace
}  // namespace rm
