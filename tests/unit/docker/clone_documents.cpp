// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/docker/clone_documents.h"

#include <stdexcept>

#include <fmt/format.h>

namespace rm::docker::test {

namespace json = boost::json;

namespace {

constexpr std::string_view blue_text = R"json({
"Id":"132c2488d017f7050f099c1515400f7a2175cf1f10672e64378a847a04690e61","Name":"/shop_web_1","Platform":"linux",
"Image":"sha256:9f6e","State":{"Status":"running"},"RestartCount":1,"Driver":"overlay2",
"Config":{"Hostname":"132c2488d017","Domainname":"","User":"","AttachStdin":false,"ExposedPorts":{"8080/tcp":{}},
"Env":["A=1"],"Cmd":["serve"],"Image":"shop/web:3","Volumes":null,"WorkingDir":"","Entrypoint":["/w"],"OnBuild":null,
"Labels":{"com.docker.compose.config-hash":"ab12","com.docker.compose.container-number":"1",
"com.docker.compose.oneoff":"False","com.docker.compose.project":"shop","com.docker.compose.service":"web",
"com.docker.compose.version":"1.29.2","traefik.enable":"true"}},
"HostConfig":{"Binds":null,"NetworkMode":"shop_default","RestartPolicy":{"Name":"always","MaximumRetryCount":0},
"Links":null,"CpuShares":0,"Memory":67108864,"NanoCpus":500000000,"CpuPeriod":0,"CpuQuota":0,"MemoryReservation":0,
"MemorySwap":134217728,"OomKillDisable":false,"PidsLimit":null,"UTSMode":""},
"Mounts":[],
"NetworkSettings":{"Bridge":"","SandboxID":"af","Networks":{"shop_default":{"IPAMConfig":null,"Links":null,
"Aliases":["web","132c2488d017"],"NetworkID":"41470c14c72e64f4fc4b5cdba277f3c5e2b50a79ea5e573248419ebf2a1d6ee2",
"EndpointID":"e8d5779f6b73","Gateway":"172.18.0.1","IPAddress":"172.18.0.2","IPPrefixLen":16,"IPv6Gateway":"",
"GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"MacAddress":"02:42:ac:12:00:02","DriverOpts":null,
"DNSNames":["web"]}}}})json";

constexpr std::string_view config = "Config";
constexpr std::string_view host = "HostConfig";
constexpr std::string_view endpoint = "Endpoint";

std::vector<Field> config_fields() {
    return {
        {config, "Hostname", R"("shop")"},
        {config, "Domainname", R"("example.org")"},
        {config, "User", R"("1000:1000")"},
        {config, "AttachStdin", "true"},
        {config, "AttachStdout", "true"},
        {config, "AttachStderr", "true"},
        {config, "ExposedPorts", R"({"80/tcp":{},"53/udp":{}})"},
        {config, "Tty", "true"},
        {config, "OpenStdin", "true"},
        {config, "StdinOnce", "true"},
        {config, "Env", R"(["A=1","EMPTY=","UNSET","UNICODE=\u00e4\u20ac\ud83d\ude00","LT=<&>"])"},
        {config, "Cmd", R"(["serve","--port","80"])"},
        {config, "Healthcheck",
         R"({"Test":["CMD-SHELL","true"],"Interval":1000000000,"Timeout":2000000000,"StartPeriod":3000000000,
"StartInterval":500000000,"Retries":7})"},
        {config, "ArgsEscaped", "true"},
        {config, "Image", R"("registry.example:5000/shop/web:3@sha256:00")"},
        {config, "Volumes", R"({"/data":{}})"},
        {config, "WorkingDir", R"("/srv")"},
        {config, "Entrypoint", R"(["/bin/sh","-c"])"},
        {config, "NetworkDisabled", "true"},
        {config, "OnBuild", R"(["RUN true"])"},
        {config, "Labels", R"json({"a":"1","traefik.http.routers.web.rule":"Host(`x`)"})json"},
        {config, "StopSignal", R"("SIGQUIT")"},
        {config, "StopTimeout", "77"},
        {config, "Shell", R"(["/bin/bash","-c"])"},
    };
}

std::vector<Field> running_fields() {
    return {
        {host, "Binds", R"(["/srv/www:/www:ro,z","data:/data:rw,nocopy"])"},
        {host, "ContainerIDFile", R"("/run/web.cid")"},
        {host, "LogConfig", R"({"Type":"json-file","Config":{"max-size":"10m","max-file":"3"}})"},
        {host, "PortBindings",
         R"({"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}],"53/udp":[{"HostIp":"","HostPort":""}]})"},
        {host, "RestartPolicy", R"({"Name":"on-failure","MaximumRetryCount":5})"},
        {host, "AutoRemove", "true"},
        {host, "VolumeDriver", R"("local")"},
        {host, "VolumesFrom", R"(["data:ro"])"},
        {host, "ConsoleSize", "[24,80]"},
        {host, "Annotations", R"({"io.example/a":"b"})"},
        {host, "CapAdd", R"(["NET_ADMIN"])"},
        {host, "CapDrop", R"(["ALL"])"},
        {host, "Capabilities", R"(["CAP_CHOWN"])"},
        {host, "CgroupnsMode", R"("private")"},
        {host, "Dns", R"(["1.1.1.1"])"},
        {host, "DnsOptions", R"(["ndots:2"])"},
        {host, "DnsSearch", R"(["example.org"])"},
        {host, "ExtraHosts", R"(["host.docker.internal:host-gateway"])"},
        {host, "GroupAdd", R"(["audio"])"},
        {host, "IpcMode", R"("shareable")"},
        {host, "Cgroup", R"("container:other")"},
        {host, "Links", R"(["/shop_db_1:/shop_web_1/db","/lone:/shop_web_1/lone"])",
         R"(["shop_db_1:db","lone:lone"])"},
        {host, "OomScoreAdj", "-500"},
        {host, "PidMode", R"("host")"},
        {host, "Privileged", "true"},
        {host, "PublishAllPorts", "true"},
        {host, "ReadonlyRootfs", "true"},
        {host, "SecurityOpt", R"(["no-new-privileges","seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}"])"},
        {host, "StorageOpt", R"({"size":"10G"})"},
        {host, "Tmpfs", R"({"/run":"rw,noexec,size=65536k"})"},
        {host, "UsernsMode", R"("host")"},
        {host, "ShmSize", "134217728"},
        {host, "Sysctls", R"({"net.core.somaxconn":"1024"})"},
        {host, "Runtime", R"("runsc")"},
        {host, "Isolation", R"("default")"},
        {host, "Mounts",
         R"([{"Type":"bind","Source":"/srv","Target":"/srv","ReadOnly":true,"BindOptions":{"Propagation":"rslave",
"NonRecursive":true,"CreateMountpoint":true,"ReadOnlyNonRecursive":true,"ReadOnlyForceRecursive":false}},
{"Type":"volume","Source":"cache","Target":"/cache","Consistency":"default","VolumeOptions":{"NoCopy":true,
"Labels":{"a":"b"},"Subpath":"x","DriverConfig":{"Name":"local","Options":{"type":"nfs"}}}},
{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1048576,"Mode":1023,"Options":[["noexec"]]}},
{"Type":"image","Source":"tools:1","Target":"/tools","ImageOptions":{"Subpath":"bin"}},
{"Type":"cluster","Source":"c","Target":"/c","ClusterOptions":{}}])"},
        {host, "MaskedPaths", "[]"},
        {host, "ReadonlyPaths", R"(["/proc/bus"])"},
        {host, "Init", "true"},
    };
}

std::vector<Field> resource_fields() {
    return {
        {host, "CpuShares", "512"},
        {host, "CgroupParent", R"("/apps")"},
        {host, "BlkioWeight", "300"},
        {host, "BlkioWeightDevice", R"([{"Path":"/dev/sda","Weight":400}])"},
        {host, "BlkioDeviceReadBps", R"([{"Path":"/dev/sda","Rate":18446744073709551615}])"},
        {host, "BlkioDeviceWriteBps", R"([{"Path":"/dev/sda","Rate":9223372036854775808}])"},
        {host, "BlkioDeviceReadIOps", R"([{"Path":"/dev/sda","Rate":1000}])"},
        {host, "BlkioDeviceWriteIOps", R"([{"Path":"/dev/sda","Rate":2000}])"},
        {host, "CpuRealtimePeriod", "1000000"},
        {host, "CpuRealtimeRuntime", "950000"},
        {host, "CpusetCpus", R"("0-1")"},
        {host, "CpusetMems", R"("0")"},
        {host, "Devices",
         R"([{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rwm"}])"},
        {host, "DeviceCgroupRules", R"(["c 13:* rwm"])"},
        {host, "DeviceRequests",
         R"([{"Driver":"nvidia","Count":-1,"DeviceIDs":["0"],"Capabilities":[["gpu","compute"]],"Options":{"a":"b"}}])"},
        {host, "KernelMemory", "33554432"},
        {host, "KernelMemoryTCP", "16777216"},
        {host, "MemorySwappiness", "10"},
        {host, "OomKillDisable", "true"},
        {host, "PidsLimit", "-1"},
        {host, "Ulimits",
         R"([{"Name":"nofile","Hard":65536,"Soft":1024},{"Name":"core","Hard":-1,"Soft":-1}])"},
        {host, "CpuCount", "2"},
        {host, "CpuPercent", "50"},
        {host, "IOMaximumIOps", "9223372036854775807"},
        {host, "IOMaximumBandwidth", "18446744073709551614"},
    };
}

std::vector<Field> endpoint_fields() {
    return {
        {endpoint, "Aliases", R"(["web","shop-web-1","132c2488d017","www"])",
         R"(["web","shop-web-1","www"])"},
        {endpoint, "Links", R"(["shop_db_1:db","cache"])"},
        {endpoint, "DriverOpts", R"({"com.docker.network.endpoint.sysctls":"net.ipv6.conf.IFNAME.x=1"})"},
        {endpoint, "GwPriority", "-3"},
        {endpoint, "IPAMConfig", "{}"},
    };
}

}  // namespace

const std::vector<Field>& fields() {
    static const std::vector<Field> all = [] {
        std::vector<Field> result;
        for (const auto& some : {config_fields(), running_fields(), resource_fields(), endpoint_fields()})
            result.insert(result.end(), some.begin(), some.end());
        return result;
    }();
    return all;
}

json::value json_of(std::string_view text) {
    return json::parse(text);
}

void set(json::value& document, std::string_view pointer, const json::value& value) {
    const auto slash = pointer.rfind('/');
    json::value& parent = document.at_pointer(pointer.substr(0, slash));
    const std::string name(pointer.substr(slash + 1));
    if (!parent.is_array()) {
        parent.as_object()[name] = value;
        return;
    }
    const std::size_t index = std::stoul(name);
    if (index == parent.get_array().size()) parent.get_array().emplace_back(nullptr);
    parent.get_array().at(index) = value;
}

json::value blue_document() {
    return json_of(blue_text);
}

json::value& place_of(json::value& document, const Field& field) {
    json::value& part = field.part == endpoint ? document.at_pointer("/NetworkSettings/Networks/shop_default")
                                               : document.at_pointer(fmt::format("/{}", field.part));
    return part.as_object()[field.name];
}

json::value full_document() {
    json::value document = blue_document();
    for (const Field& field : fields()) place_of(document, field) = json_of(field.value);
    return document;
}

CloneWanted as_blue() {
    return {.name = "shop_web_2",
            .limits = {.cpu = Cores::from_nanos(500'000'000), .memory = Bytes::mebi(64)},
            .labels = {},
            .api = {.major = 1, .minor = 41}};
}

json::value body_of(const json::value& document, const CloneWanted& wanted) {
    const auto made = clone(json::serialize(document), wanted);
    if (!made) throw std::runtime_error(made.error().message);
    return json_of(made->body);
}

std::string refusal(const json::value& document, const CloneWanted& wanted) {
    const auto made = clone(json::serialize(document), wanted);
    if (made) return {};
    return fmt::format("{}: {}", to_string(made.error().code), made.error().message);
}

}  // namespace rm::docker::test
