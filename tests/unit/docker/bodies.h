// SPDX-License-Identifier: Apache-2.0
// Answers as engines give them, shortened to what matters and a few members that don't.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/clock.h"
#include "core/names.h"
#include "docker/timestamp.h"

namespace rm::docker::test {

/// When the documents below were written, in nanoseconds.
inline constexpr std::int64_t bodies_second = 1'767'323'045'000'000'000;

inline WallTime time_of(std::string_view text) {
    return parse_timestamp(text).value().value();
}

inline std::string id_text(char digit) {
    return std::string(64, digit);
}

inline ContainerId id_of(char digit) {
    return ContainerId::parse(id_text(digit)).value();
}

/// `text` with the first `from` in it replaced.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
    return text.replace(text.find(from), from.size(), to);
}

/// `text` with whole ids in the places of "A" and "B".
inline std::string with_ids(std::string text) {
    for (const auto& [from, digit] : {std::pair{"\"A\"", 'a'}, std::pair{"\"B\"", 'b'}})
        if (text.find(from) != std::string::npos) text = with(text, from, '"' + id_text(digit) + '"');
    return text;
}

/// A piece of a program's output as engines send it: 1 is its output, 2 its errors.
inline std::string frame(char stream, std::string_view text) {
    constexpr unsigned byte = 256;
    std::string header(8, '\0');
    header[0] = stream;
    header[6] = static_cast<char>(text.size() / byte);
    header[7] = static_cast<char>(text.size() % byte);
    return header + std::string(text);
}

/// Engine 20.10, made by Compose 1.29.
inline const std::string list_20_10 = with_ids(
    R"json([{"Id":"A","Names":["/shop_web_1"],"Image":"shop/web:3","ImageID":"sha256:4c1c","Command":"/w",
"Created":1767323045,"Ports":[],"Labels":{"com.docker.compose.config-hash":"ab","com.docker.compose.container-number":"1",
"com.docker.compose.oneoff":"False","com.docker.compose.project":"shop","com.docker.compose.service":"web",
"com.docker.compose.version":"1.29.2"},"State":"running","Status":"Up 2 minutes (healthy)",
"HostConfig":{"NetworkMode":"shop_default"},"NetworkSettings":{"Networks":{}},"Mounts":[]},
{"Id":"B","Names":["/other/alias","/lone"],"Image":"sha256:4c1c","Command":"","Created":1767000000,"Ports":[],
"Labels":null,"State":"exited","Status":"Exited (0) 2 days ago","Mounts":[]}])json");

/// Engine 29, made by Compose 2; limits by NanoCpus.
inline const std::string inspect_29 = with_ids(
    R"json({"Id":"A","Created":"2026-01-02T03:04:05.678901234Z","Path":"/w","Args":[],"State":{"Status":"running",
"Running":true,"Paused":false,"Restarting":false,"OOMKilled":false,"Dead":false,"Pid":4711,"ExitCode":0,"Error":"",
"StartedAt":"2026-01-02T03:04:06.000000001Z","FinishedAt":"0001-01-01T00:00:00Z","Health":{"Status":"healthy",
"FailingStreak":0,"Log":[{"Start":"2026-01-02T03:04:36Z","ExitCode":0,"Output":"ok"}]}},
"Image":"sha256:4c1c","Name":"/shop-web-1","RestartCount":2,"Driver":"overlayfs","Platform":"linux",
"HostConfig":{"NetworkMode":"shop_default","RestartPolicy":{"Name":"always","MaximumRetryCount":0},
"CpuShares":0,"Memory":536870912,"NanoCpus":1500000000,"CpuPeriod":0,"CpuQuota":0,"MemorySwap":1073741824,
"OomKillDisable":null},"Config":{"Image":"shop/web:3","Labels":{"com.docker.compose.project":"shop",
"com.docker.compose.service":"web"},"Healthcheck":{"Test":["CMD","/w","probe"],"Interval":500000000,
"Timeout":2000000000,"Retries":2},"StopSignal":"SIGQUIT","StopTimeout":90},"NetworkSettings":{"Networks":{
"shop_default":{"NetworkID":"0123","Aliases":["web"]}}},"ImageManifestDescriptor":{"size":1}})json");

inline const std::string stats_v1 =
    R"({"read":"2026-01-02T03:05:00.5Z","preread":"0001-01-01T00:00:00Z","pids_stats":{"current":7,"limit":1024},
"blkio_stats":{"io_service_bytes_recursive":[]},"num_procs":0,"cpu_stats":{"cpu_usage":{"total_usage":123456789,
"percpu_usage":[100000000,23456789],"usage_in_kernelmode":1,"usage_in_usermode":2},"system_cpu_usage":99,
"online_cpus":2,"throttling_data":{"periods":40,"throttled_periods":10,"throttled_time":5000000}},
"memory_stats":{"usage":100000000,"max_usage":120000000,"stats":{"cache":30000000,"inactive_file":1,
"total_inactive_file":20000000,"rss":60000000},"limit":536870912},"name":"/shop_web_1"})";

inline const std::string stats_v2 =
    R"({"name":"/shop-web-1","id":"x","read":"2026-01-02T03:05:00.500000001Z","pids_stats":{"current":7,
"limit":18446744073709551615},"cpu_stats":{"cpu_usage":{"total_usage":123456000,"usage_in_kernelmode":1},
"system_cpu_usage":99,"online_cpus":2,"throttling_data":{"periods":0,"throttled_periods":0,"throttled_time":0}},
"memory_stats":{"usage":100000000,"stats":{"active_file":5,"anon":60000000,"file":30000000,
"inactive_file":25000000},"limit":16777216000}})";

/// Of a container that does not run.
inline const std::string stats_stopped =
    R"({"read":"0001-01-01T00:00:00Z","preread":"0001-01-01T00:00:00Z","pids_stats":{},"cpu_stats":{"cpu_usage":
{"total_usage":0,"usage_in_kernelmode":0,"usage_in_usermode":0},"throttling_data":{"periods":0,
"throttled_periods":0,"throttled_time":0}},"memory_stats":{},"name":"/lone"})";

inline const std::string version_20_10 =
    R"({"Platform":{"Name":""},"Components":[],"Version":"20.10.24+dfsg1","ApiVersion":"1.41","MinAPIVersion":"1.12",
"GitCommit":"5d6db84","GoVersion":"go1.19.8","Os":"linux","Arch":"amd64","KernelVersion":"6.1.0"})";

inline const std::string version_29 =
    R"({"Version":"29.0.1","ApiVersion":"1.52","MinAPIVersion":"1.44","Os":"linux","Arch":"arm64"})";

inline const std::string info_20_10 =
    R"({"ID":"ABCD:EFGH","Containers":3,"Driver":"overlay2","MemoryLimit":true,"SwapLimit":true,"NCPU":4,
"MemTotal":8233000960,"Name":"host-1","CgroupDriver":"systemd","CgroupVersion":"2","ServerVersion":"20.10.24"})";

inline std::string event_line(std::string_view action, char digit, std::int64_t nanos) {
    const std::string id = id_text(digit);
    return fmt::format(
               R"({{"status":"{0}","id":"{1}","from":"shop/web:3","Type":"container","Action":"{0}",)",
               action, id) +
           R"("Actor":{"ID":")" + id + R"(","Attributes":{"image":"shop/web:3","name":"shop_web_1"}},)" +
           fmt::format("\"scope\":\"local\",\"time\":{},\"timeNano\":{}", nanos / 1'000'000'000, nanos) +
           "}\n";
}

/// What is no answer of an engine at all.
inline const std::vector<std::string> hostile_bodies{
    "",
    "null",
    "7",
    "\"text\"",
    "[",
    "{",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "<html><body><h1>403 Forbidden</h1></body></html>",
    "{\"Id\":",
    "{\"a\":1} {\"a\":1}",
    "\xff\xfe",
    "{\"Id\":\"\xc3\x28\"}",
    std::string("\0\0\0", 3),
};

}  // namespace rm::docker::test
