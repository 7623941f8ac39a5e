// SPDX-License-Identifier: Apache-2.0
#include "serve/wanted.h"

#include <algorithm>
#include <array>
#include <vector>

#include <boost/json.hpp>

#include "core/text.h"
#include "store/deployments.h"

namespace rm::serve {
namespace {

constexpr std::size_t longest_line = 500;

Status put_cpu(Wanted& wanted, std::string_view text) {
    const auto cpu = read_cpu_amount(text);
    if (!cpu) return fail(cpu.error());
    wanted.to.cpu = *cpu;
    return {};
}

Status put_memory(Wanted& wanted, std::string_view text) {
    const auto memory = read_memory_amount(text);
    if (!memory) return fail(memory.error());
    wanted.to.memory = *memory;
    return {};
}

Status put_strategy(Wanted& wanted, std::string_view text) {
    const auto strategy = read_strategy(text);
    if (!strategy) return fail(strategy.error());
    wanted.strategy = *strategy;
    return {};
}

Status put_reason(Wanted& wanted, std::string_view text) {
    auto reason = read_line(text);
    if (!reason) return fail(std::move(reason).error());
    wanted.reason = *std::move(reason);
    return {};
}

Status put_requested_by(Wanted& wanted, std::string_view text) {
    auto by = read_line(text);
    if (!by) return fail(std::move(by).error());
    if (*by == store::requested_by_sweep)
        return fail(ErrorCode::invalid, "{} is a name of ours; say another one", quoted(text));
    if (!by->empty()) wanted.requested_by = *std::move(by);
    return {};
}

struct Member {
    std::string_view name;
    std::string_view example;
    Status (*put)(Wanted&, std::string_view);
};

constexpr std::array members{
    Member{.name = "cpu", .example = "1.5", .put = put_cpu},
    Member{.name = "memory", .example = "768M", .put = put_memory},
    Member{.name = "strategy", .example = "in_place", .put = put_strategy},
    Member{.name = "reason", .example = "load test", .put = put_reason},
    Member{.name = "requested_by", .example = "night shift", .put = put_requested_by},
};

Status read_one(Wanted& wanted, std::string_view name, const boost::json::value& value) {
    const auto* const member = std::ranges::find(members, name, &Member::name);
    if (member == members.end()) {
        std::string known;
        for (const Member& one : members)
            known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", one.name);
        return fail(ErrorCode::invalid, "{} is not known here; there are {}", quoted(name), known);
    }
    if (value.is_null()) return {};
    if (!value.is_string())
        return fail(ErrorCode::invalid, R"("{}" has to be a text, like "{}")", name, member->example);
    if (auto put = member->put(wanted, value.get_string()); !put)
        return fail(std::move(put).error().with_prefix(fmt::format("\"{}\"", name)));
    return {};
}

}  // namespace

Result<std::string> read_line(std::string_view text) {
    if (text.size() > longest_line)
        return fail(ErrorCode::invalid, "it has {} bytes, at most {} are kept", text.size(), longest_line);
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t length = printable_prefix(rest);
        if (length == 0)
            return fail(ErrorCode::invalid, "{} has a control character; write it in one line", quoted(text));
        rest.remove_prefix(length);
    }
    return std::string(text);
}

Result<Cores> read_cpu_amount(std::string_view text) {
    auto cpu = Cores::parse(text);
    if (!cpu) return cpu;
    if (cpu->nanos() <= 0)
        return fail(ErrorCode::invalid, "{} is no limit: write cores, like 1.5", quoted(text));
    return cpu;
}

Result<Bytes> read_memory_amount(std::string_view text) {
    auto memory = Bytes::parse(text);
    if (!memory) return memory;
    if (memory->count() <= 0)
        return fail(ErrorCode::invalid, "{} is no limit: write an amount, like 768M", quoted(text));
    return memory;
}

Result<config::Strategy> read_strategy(std::string_view text) {
    using enum config::Strategy;
    std::vector<std::string_view> names;
    for (const config::Strategy one : {automatic, blue_green, in_place, recreate, script}) {
        if (to_string(one) == text) return one;
        names.push_back(to_string(one));
    }
    const std::string_view meant = closest(text, names);
    return fail(ErrorCode::invalid, "{} is not a strategy: {}{}", quoted(text), fmt::join(names, ", "),
                meant.empty() ? std::string() : fmt::format("; did you mean {}?", quoted(meant)));
}

Result<Wanted> read_wanted(std::string_view body, const ServiceName& service) {
    Wanted wanted{.service = service, .strategy = {}, .to = {}, .requested_by = "API", .reason = {}};
    boost::json::error_code error;
    const boost::json::value value = boost::json::parse(body, error);
    if (error || !value.is_object())
        return fail(ErrorCode::invalid, "the body has to be a JSON object like {}",
                    R"({"cpu": "1.5", "memory": "768M"})");
    for (const auto& member : value.get_object())
        if (auto read = read_one(wanted, member.key(), member.value()); !read)
            return fail(std::move(read).error());
    if (!wanted.to.cpu && !wanted.to.memory)
        return fail(ErrorCode::invalid, R"(say what shall change: "cpu", "memory" or both)");
    return wanted;
}

}  // namespace rm::serve
