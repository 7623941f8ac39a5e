// SPDX-License-Identifier: Apache-2.0
// What the simulated engine makes of the body of a creation, and what it refuses.
#include <gmock/gmock.h>

#include "tests/unit/docker/simulation/fixture.h"

namespace rm::docker {
namespace {

using namespace std::chrono_literals;
using boost::json::parse;
using test::done;
using testing::HasSubstr;

class SimulatedCreateTest : public test::SimulationTest {};

TEST_F(SimulatedCreateTest, fills_in_what_was_not_said) {
    const auto id = create("web");
    EXPECT_EQ(at(id, "/Id"), text(id.full()));
    EXPECT_EQ(at(id, "/Name"), "/web");
    EXPECT_EQ(at(id, "/State/Status"), "created");
    EXPECT_EQ(at(id, "/State/StartedAt"), "0001-01-01T00:00:00Z");
    EXPECT_EQ(at(id, "/Created"), "2026-01-01T00:00:00.000000000Z");
    EXPECT_EQ(at(id, "/Config/Hostname"), text(id.brief()));
    EXPECT_EQ(at(id, "/Config/Image"), "web:1");
    EXPECT_EQ(at(id, "/Config/Labels"), parse("{}"));
    EXPECT_EQ(at(id, "/Config/Volumes"), nullptr);
    EXPECT_EQ(at(id, "/HostConfig/NetworkMode"), "default");
    EXPECT_EQ(at(id, "/HostConfig/RestartPolicy"), parse(R"({"Name":"","MaximumRetryCount":0})"));
    EXPECT_EQ(at(id, "/HostConfig/ShmSize"), 67108864);
    EXPECT_EQ(at(id, "/HostConfig/Memory"), 0);
    EXPECT_EQ(at(id, "/HostConfig/MemorySwap"), 0);
    EXPECT_EQ(at(id, "/HostConfig/IpcMode"), "private");
    EXPECT_EQ(at(id, "/Mounts"), parse("[]"));
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/bridge/Aliases"), nullptr);
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/bridge/IPAddress"), "");
}

TEST_F(SimulatedCreateTest, keeps_what_was_said_even_what_it_does_not_know) {
    const auto id = create("web", R"({"Image":"web:1","Hostname":"own","User":"1000:1000","Env":["A=1"],
        "Labels":{"a":"b"},"StopTimeout":7,"NewThing":{"x":[1,2]},
        "HostConfig":{"CapAdd":["NET_ADMIN"],"Sysctls":{"net.core.somaxconn":"1024"},"Init":true,"ShmSize":1},
        "NetworkingConfig":{"EndpointsConfig":{"front":{"Aliases":["web"],"DriverOpts":{"a":"b"}}}}})");
    EXPECT_EQ(at(id, "/Config/Hostname"), "own");
    EXPECT_EQ(at(id, "/Config/User"), "1000:1000");
    EXPECT_EQ(at(id, "/Config/NewThing"), parse(R"({"x":[1,2]})"));
    EXPECT_EQ(at(id, "/HostConfig/Sysctls"), parse(R"({"net.core.somaxconn":"1024"})"));
    EXPECT_EQ(at(id, "/HostConfig/Init"), true);
    EXPECT_EQ(at(id, "/HostConfig/ShmSize"), 1);
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/front/DriverOpts"), parse(R"({"a":"b"})"));
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/front/Aliases"),
              parse(R"(["web"])"));  // its id comes with the start
    EXPECT_EQ(inspect(id).stop.timeout, 7s);
    EXPECT_EQ(inspect(id).labels, (Labels{{"a", "b"}}));
}

TEST_F(SimulatedCreateTest, swap_is_twice_the_memory_unless_it_is_given) {
    const auto memory = create("m1", R"({"Image":"web:1","HostConfig":{"Memory":67108864}})");
    EXPECT_EQ(at(memory, "/HostConfig/MemorySwap"), 134217728);
    EXPECT_EQ(inspect(memory).limit_fields.memory_swap, Bytes::mebi(128).count());
    const auto both = create("m2", R"({"Image":"web:1","HostConfig":{"Memory":67108864,"MemorySwap":-1}})");
    EXPECT_EQ(at(both, "/HostConfig/MemorySwap"), -1);
    EXPECT_EQ(inspect(both).limit_fields.memory_swap, -1);
}

TEST_F(SimulatedCreateTest, takes_over_what_the_image_says) {
    done(engine.add_image("full",
                          {.config = R"({"Env":["PATH=/bin","A=1","B=2"],"Cmd":["run"],"Entrypoint":["/w"],
        "ExposedPorts":{"80/tcp":{}},"Volumes":{"/data":{}},"Labels":{"vendor":"me","a":"image"},"WorkingDir":"/tmp",
        "StopSignal":"SIGQUIT","User":"app",
        "Healthcheck":{"Test":["CMD","/w","probe"],"Interval":1000000000,"Retries":2}})"}));
    const auto id = create("web", R"({"Image":"full:latest","Env":["A=9","C=1"],"Labels":{"a":"own"},
        "ExposedPorts":{"81/tcp":{}},"Healthcheck":{"Retries":9}})");
    EXPECT_EQ(at(id, "/Config/Env"), parse(R"(["A=9","C=1","PATH=/bin","B=2"])"));
    EXPECT_EQ(at(id, "/Config/Cmd"), parse(R"(["run"])"));
    EXPECT_EQ(at(id, "/Config/ExposedPorts"), parse(R"({"80/tcp":{},"81/tcp":{}})"));
    EXPECT_EQ(at(id, "/Config/Labels"), parse(R"({"vendor":"me","a":"own"})"));
    EXPECT_EQ(at(id, "/Config/Healthcheck"),
              parse(R"({"Test":["CMD","/w","probe"],"Interval":1000000000,"Retries":9})"));
    EXPECT_EQ(at(id, "/Path"), "/w");
    EXPECT_EQ(at(id, "/Args"), parse(R"(["run"])"));
    EXPECT_EQ(inspect(id).stop.signal, "SIGQUIT");
    EXPECT_EQ(inspect(id).health_check,
              (HealthCheck{.interval = 1s, .timeout = 30s, .start_period = 0s, .retries = 9}));
    EXPECT_EQ(at(id, "/Mounts/0/Destination"), "/data");
    EXPECT_EQ(at(id, "/Mounts/0/Type"), "volume");
}

TEST_F(SimulatedCreateTest, an_entrypoint_of_its_own_goes_without_the_images_command) {
    done(engine.add_image("full", {.config = R"({"Cmd":["run"],"Entrypoint":["/w"]})"}));
    EXPECT_EQ(at(create("own", R"({"Image":"full","Entrypoint":["/x"]})"), "/Config/Cmd"), nullptr);
    const auto command = create("command", R"({"Image":"full","Cmd":["other"]})");
    EXPECT_EQ(at(command, "/Path"), "/w");
    EXPECT_EQ(at(command, "/Args"), parse(R"(["other"])"));
}

TEST_F(SimulatedCreateTest, a_health_check_can_be_switched_off) {
    done(engine.add_image("full", {.config = R"({"Healthcheck":{"Test":["CMD","/w"]}})"}));
    EXPECT_TRUE(inspect(create("on", R"({"Image":"full"})")).health_check);
    EXPECT_EQ(inspect(create("off", R"({"Image":"full","Healthcheck":{"Test":["NONE"]}})")).health_check,
              std::nullopt);
}

TEST_F(SimulatedCreateTest, mounts_are_binds_volumes_and_volumes_of_its_own) {
    const auto body = R"({"Image":"web:1","Volumes":{"/anon":{},"/data":{}},"HostConfig":{
        "Binds":["/host:/mnt:ro","shop_data:/data"],
        "Mounts":[{"Type":"volume","Source":"vv","Target":"/m2"},{"Type":"volume","Target":"/m3","ReadOnly":true}]}})";
    const auto mounts = at(create("one", body), "/Mounts").as_array();
    ASSERT_EQ(mounts.size(), 5U);
    EXPECT_EQ(mounts[0], parse(R"({"Type":"bind","Source":"/host","Destination":"/mnt","Mode":"ro","RW":false,
        "Propagation":"rprivate"})"));
    EXPECT_EQ(mounts[1],
              parse(R"({"Type":"volume","Name":"shop_data","Destination":"/data","Mode":"z","RW":true,
        "Source":"/var/lib/docker/volumes/shop_data/_data","Driver":"local","Propagation":""})"));
    EXPECT_EQ(mounts[2].at("Name"), "vv");
    EXPECT_EQ(mounts[3].at("RW"), false);
    EXPECT_EQ(mounts[4].at("Destination"), "/anon");
    EXPECT_EQ(mounts[4].at("Name").as_string().size(), 64U);
    EXPECT_NE(mounts[4].at("Name"), mounts[3].at("Name"));
    EXPECT_NE(at(create("two", body), "/Mounts/4/Name"), mounts[4].at("Name"));  // each has its own
}

TEST_F(SimulatedCreateTest, an_image_is_known_by_its_name_and_its_id) {
    const auto id = engine.image_id("web:1", none).value();
    EXPECT_TRUE(id.starts_with("sha256:")) << id;
    EXPECT_EQ(inspect(create("by_id", R"({"Image":")" + id + R"("})")).image_id, id);
    EXPECT_EQ(code(engine.image_id("nope", none)), ErrorCode::not_found);
    EXPECT_EQ(code(try_create("x1", R"({"Image":"nope"})")), ErrorCode::not_found);
}

TEST_F(SimulatedCreateTest, a_tag_may_move_and_containers_stay_what_they_are) {
    const auto blue = create("blue");
    const auto old = engine.image_id("web:1", none).value();
    done(engine.add_image("web:1", {.id = "sha256:" + std::string(64, 'b')}));
    EXPECT_NE(engine.image_id("web:1", none).value(), old);
    EXPECT_EQ(inspect(blue).image_id, old);
    EXPECT_EQ(inspect(create("green", R"({"Image":")" + old + R"("})")).image_id, old);
}

TEST_F(SimulatedCreateTest, a_name_must_be_one_and_free) {
    (void)create("web");
    const auto taken = try_create("web", R"({"Image":"web:1"})");
    EXPECT_EQ(code(taken), ErrorCode::conflict);
    EXPECT_THAT(taken.error().message, HasSubstr("is already in use by container"));
    for (const char* name : {"", "a", ".ab", "a/b", "a b"})
        EXPECT_EQ(code(try_create(name, R"({"Image":"web:1"})")), ErrorCode::invalid) << name;
}

struct RefusedCase {
    const char* body;  // of HostConfig, or the whole one with `Image`
    const char* words;
};

const RefusedCase refused_cases[] = {
    {R"("Memory":5000000)", "Minimum memory limit allowed is 6MB"},
    {R"("Memory":67108864,"MemorySwap":50000000)", "should be larger than memory limit"},
    {R"("MemorySwap":67108864)", "always set the Memory limit"},
    {R"("NanoCpus":9000000000)", "Range of CPUs is from 0.01 to 8.00, as there are only 8 CPUs available"},
    {R"("NanoCpus":500000000,"CpuQuota":50000)", "Nano CPUs and CPU Quota cannot both be set"},
    {R"("RestartPolicy":{"Name":"foo"})", "invalid restart policy 'foo'"},
    {R"("RestartPolicy":{"Name":"always","MaximumRetryCount":3})", "restart policy 'always'"},
    {R"("AutoRemove":true,"RestartPolicy":{"Name":"always"})", "can't create 'AutoRemove' container"},
    {R"("PortBindings":{"80/tcp":[{"HostPort":"abc"}]})", "invalid port specification: \"abc\""},
};

TEST_F(SimulatedCreateTest, refuses_what_the_engine_refuses) {
    for (const auto& [host, words] : refused_cases) {
        const auto made = try_create("bad", R"({"Image":"web:1","HostConfig":{)" + std::string(host) + "}}");
        ASSERT_FALSE(made) << host;
        EXPECT_EQ(made.error().code, ErrorCode::invalid) << host;
        EXPECT_THAT(made.error().message, HasSubstr(words));
    }
    EXPECT_TRUE(engine.list(none)->empty());
}

TEST_F(SimulatedCreateTest, refuses_what_is_wrong_outside_of_the_host_config) {
    for (const auto& [body, words] :
         {std::pair{R"({"Image":"web:1","StopSignal":"FOO"})", "Invalid signal: FOO"},
          std::pair{R"({"Image":"web:1","Healthcheck":{"Interval":1000}})", "cannot be less than 1ms"},
          std::pair{R"({"Image":"web:1","Hostname":"a","HostConfig":{"NetworkMode":"container:x"}})",
                    "conflicting options: hostname"},
          std::pair{R"({"Image":"web:1","NetworkingConfig":{"EndpointsConfig":{"front":{},"back":{}}}})",
                    "cannot be connected to network endpoints: front, back"},
          std::pair{R"({"Image":"web:1")", "not a JSON object"}, std::pair{"[]", "not a JSON object"}}) {
        const auto made = try_create("bad", body);
        ASSERT_FALSE(made) << body;
        EXPECT_EQ(made.error().code, ErrorCode::invalid) << body;
        EXPECT_THAT(made.error().message, HasSubstr(words));
    }
    EXPECT_EQ(code(try_create("bad", R"({"Image":"web:1","HostConfig":{"Memory":"12"}})")),
              ErrorCode::unavailable);
}

class NewerApiTest : public test::SimulationTest {
protected:
    NewerApiTest() : SimulationTest({.api = {.major = 1, .minor = 45}}) {}
};

TEST_F(NewerApiTest, takes_several_networks_and_tells_no_short_id) {
    const auto id = run("web", R"({"Image":"web:1","HostConfig":{"NetworkMode":"front"},
        "NetworkingConfig":{"EndpointsConfig":{"front":{"Aliases":["web"]},"back":{}}}})");
    EXPECT_EQ(at(id, "/NetworkSettings/Networks/front/Aliases"), parse(R"(["web"])"));
    EXPECT_NE(at(id, "/NetworkSettings/Networks/back/IPAddress"), "");
}

}  // namespace
}  // namespace rm::docker
