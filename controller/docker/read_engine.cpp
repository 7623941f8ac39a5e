// SPDX-License-Identifier: Apache-2.0
// What the engine says about itself, and about what went wrong.
#include "docker/json.h"
#include "docker/read.h"

namespace rm::docker {
namespace {

namespace json = boost::json;

constexpr std::int64_t most_cpus = 1'000'000;

/// Engines before 20.10 don't say: they know only version 1.
Result<int> read_cgroup_version(const json::object& document) {
    const auto text = text_or_empty(document, "CgroupVersion");
    if (!text) return fail(text.error());
    if (text->empty() || *text == "1") return 1;
    if (*text == "2") return 2;
    return fail(ErrorCode::protocol, "CgroupVersion is neither 1 nor 2");
}

}  // namespace

Result<EngineInfo> read_info(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the answer");
    if (!document) return fail(document.error());
    const auto id = text_or_empty(**document, "ID");
    if (!id) return fail(id.error());
    const auto name = text_or_empty(**document, "Name");
    if (!name) return fail(name.error());
    const auto cpus = count_at(**document, "NCPU");
    if (!cpus) return fail(cpus.error());
    const auto memory = count_at(**document, "MemTotal");
    if (!memory) return fail(memory.error());
    if (*cpus == 0 || *cpus > most_cpus || *memory == 0)
        return fail(ErrorCode::protocol, "NCPU and MemTotal don't say what the host has");
    const auto cgroup_version = read_cgroup_version(**document);
    if (!cgroup_version) return fail(cgroup_version.error());
    const auto swap_limit = flag_at(**document, "SwapLimit");
    if (!swap_limit) return fail(swap_limit.error());
    return EngineInfo{.id = printable(*id),
                      .name = printable(*name),
                      .cpus = Cores::whole(*cpus),
                      .memory = Bytes(*memory),
                      .cgroup_version = *cgroup_version,
                      .swap_limit = *swap_limit};
}

Result<EngineVersion> read_version(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value) return fail(value.error());
    const auto document = object_of(*value, "the answer");
    if (!document) return fail(document.error());
    const auto version = text_or_empty(**document, "Version");
    if (!version) return fail(version.error());
    const auto maximum = text_at(**document, "ApiVersion");
    if (!maximum) return fail(maximum.error());
    const auto minimum = text_at(**document, "MinAPIVersion");
    if (!minimum) return fail(minimum.error());
    const auto os = text_or_empty(**document, "Os");
    if (!os) return fail(os.error());
    const auto architecture = text_or_empty(**document, "Arch");
    if (!architecture) return fail(architecture.error());
    return EngineVersion{.version = printable(*version),
                         .api = {},
                         .api_minimum = printable(*minimum),
                         .system = printable(*os + '/' + *architecture),
                         .api_maximum = printable(*maximum)};
}

std::string read_message(std::string_view body) {
    const auto value = parse_json(body, longest_answer);
    if (!value || !value->is_object()) return {};
    const auto message = text_or_empty(value->get_object(), "message");
    return message ? printable(*message) : std::string();
}

}  // namespace rm::docker
