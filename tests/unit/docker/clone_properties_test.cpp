// SPDX-License-Identifier: Apache-2.0
// What holds for the clone of every container. A hundred random ones by default; for more:
//   RC_PARAMS=max_success=100000 build/dev/tests/unit/docker/rm_docker_test --gtest_filter='Clone_of_*'
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "docker/clone_guard.h"
#include "tests/unit/docker/any_container.h"
#include "tests/unit/docker/clone_documents.h"
#include "tests/unit/docker/json_walk.h"

namespace rm::docker::test {
namespace {

namespace json = boost::json;

/// The request that would make exactly the same container, if an engine took it.
json::value naive_request(const json::value& document) {
    json::value body = document.at("Config");
    body.as_object()["HostConfig"] = document.at("HostConfig");
    body.as_object()["NetworkingConfig"] =
        json::object{{"EndpointsConfig", document.at("NetworkSettings").at("Networks")}};
    return body;
}

/// With the networks that are joined later in their place.
json::value whole_request(const NewContainer& made) {
    json::value body = json_of(made.body);
    json::object& endpoints = body.at_pointer("/NetworkingConfig/EndpointsConfig").as_object();
    for (const NetworkToJoin& one : made.networks) endpoints[one.network] = json_of(one.endpoint);
    return body;
}

bool may_differ(const AnyContainer& blue, const std::string& pointer) {
    static const std::set<std::string> places{
        "/Hostname",
        "/Domainname",
        "/ExposedPorts",
        "/Entrypoint",
        "/Labels",
        "/Labels/com.docker.compose.container-number",
        "/HostConfig/NanoCpus",
        "/HostConfig/CpuQuota",
        "/HostConfig/CpuPeriod",
        "/HostConfig/Memory",
        "/HostConfig/MemorySwap",
        "/HostConfig/MemoryReservation",
        "/HostConfig/Mounts",
    };
    static const std::set<std::string> of_endpoints{"NetworkID", "EndpointID", "Gateway", "IPAddress",
                                                    "MacAddress"};
    const bool of_networks = pointer.starts_with("/NetworkingConfig/");
    if (blue.wanted.image && pointer == "/Image") return true;
    if (blue.wanted.restart && pointer.starts_with("/HostConfig/RestartPolicy")) return true;
    if (places.contains(pointer) || (of_networks && !blue.has_networks)) return true;
    const std::string last = pointer.substr(pointer.rfind('/') + 1);
    const auto begins = [&](std::string_view with) { return pointer.starts_with(with); };
    return begins("/Labels/resource-manager.internal.") || begins("/HostConfig/Links/") ||
           begins("/HostConfig/Binds/") || (begins("/HostConfig/Mounts/") && last == "Source") ||
           (of_networks && (of_endpoints.contains(last) || pointer.find("/Aliases") != std::string::npos ||
                            pointer.find("/Links") != std::string::npos));
}

RC_GTEST_PROP(Clone_of_any_container, differs_only_where_it_may_and_passes_the_guard, ()) {
    const AnyContainer blue = any_container();
    const auto made = clone(json::serialize(blue.document), blue.wanted);
    if (!made) RC_FAIL(made.error().message);
    std::vector<std::string> differences =
        differing_places(naive_request(blue.document), whole_request(*made));
    std::erase_if(differences, [&](const std::string& place) { return may_differ(blue, place); });
    RC_ASSERT(differences == std::vector<std::string>());
    const Status status = check_create_body(json::serialize(blue.document), *made, blue.wanted);
    if (!status) RC_FAIL(status.error().message);
}

RC_GTEST_PROP(Clone_of_any_container, does_not_pass_with_any_change, ()) {
    const AnyContainer blue = any_container();
    auto made = clone(json::serialize(blue.document), blue.wanted);
    if (!made) RC_FAIL(made.error().message);
    json::value body = json_of(made->body);
    RC_LOG() << change_somewhere(body);
    made->body = json::serialize(body);
    RC_ASSERT(!check_create_body(json::serialize(blue.document), *made, blue.wanted).has_value());
}

}  // namespace
}  // namespace rm::docker::test
