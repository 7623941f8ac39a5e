// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/decide/trace.h"

#include <algorithm>
#include <deque>
#include <map>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "decide/calendar.h"
#include "tests/unit/config/loading.h"
#include "tests/unit/decide/situation.h"

namespace rm::decide::test {
namespace {

using Words = std::map<std::string, std::string>;

Words words_of(std::istringstream& line) {
    Words words;
    for (std::string word; line >> word && word.front() != '#';) {
        const std::size_t sign = word.find('=');
        if (sign == std::string::npos) ADD_FAILURE() << "expected key=value: " << word;
        words[word.substr(0, sign)] = word.substr(std::min(sign + 1, word.size()));
    }
    return words;
}

Duration time_of(const std::string& text) {
    return std::chrono::hours(std::stoi(text.substr(0, 2))) +
           std::chrono::minutes(std::stoi(text.substr(3, 2)));
}

std::string clock_text(Duration time) {
    return config::print(config::TimeOfDay{std::chrono::floor<std::chrono::minutes>(time)});
}

struct Seen {
    WallTime at;
    double cpu = 0;
    double memory = 0;
};

class Replay {
public:
    explicit Replay(Carry carry) : carry_(carry) {}

    void line(const std::string& text) {
        if (text.starts_with(' ')) return;  // what was expected
        out_ += text + "\n";
        std::istringstream words(text);
        std::string kind;
        words >> kind;
        if (kind.empty() || kind.front() == '#') return;
        if (kind == "at")
            checks(words);
        else if (kind == "day")
            words >> day_;
        else
            prepare(kind, words_of(words));
    }

    [[nodiscard]] const std::string& out() const { return out_; }

private:
    void prepare(const std::string& kind, Words words) {
        if (kind == "set") {
            for (const auto& [key, value] : words) settings_.push_back(fmt::format("{}={}", key, value));
            const auto config = config::test::loaded("", config::test::sources({}, settings_));
            web_.policy = config.service(web_.view.name);
        } else if (kind == "limits") {
            Limits limits;
            if (words.contains("cpu")) limits.cpu = cores(words["cpu"]);
            if (words.contains("memory")) limits.memory = bytes(words["memory"]);
            web_.limit(limits.cpu, limits.memory);
        } else if (kind == "host") {
            web_.view.host = Host{.cpus = cores(words["cpus"]),
                                  .memory = bytes(words["memory"]),
                                  .memory_used = bytes(words["used"])};
        } else {
            ADD_FAILURE() << "what is '" << kind << "'?";
        }
    }

    void checks(std::istringstream& line) {
        std::string span;
        line >> span;
        for (const auto& [key, value] : words_of(line)) now_[key] = value;
        const Duration from = time_of(span);
        const Duration to = span.size() > 5 ? time_of(span.substr(6)) : from;
        std::string before;
        for (Duration time = from; time <= to; time += web_.rules.check_interval) {
            const std::string said = check(at(day_, time));
            const std::string when = from == to ? std::string() : clock_text(time).append(" ");
            if (said != before) out_.append("  ").append(when).append(said).append("\n");
            before = said;
        }
    }

    std::string check(WallTime at) {
        web_.now = at;
        see();
        if (carry_ == Carry::restarted) web_.state = parse_state(print(web_.state)).value();
        const Verdict verdict = web_.look();
        web_.state = verdict.next;
        if (verdict.proposal && carry_ == Carry::assumed)
            web_.state = after_adjustment(web_.state, *verdict.proposal, web_.policy, at, true);
        else if (verdict.proposal)
            web_.carry_out(*verdict.proposal);
        const std::string at_maximum = std::string(verdict.cpu_at_maximum ? " [CPU at maximum]" : "") +
                                       (verdict.memory_at_maximum ? " [memory at maximum]" : "");
        return verdict.summary + at_maximum;
    }

    /// What is known now, and its average over the last hour.
    void see() {
        Usage& usage = web_.replica().usage;
        if (now_["cpu"] == "?" || now_["memory"] == "?") {
            usage = {};
            return;
        }
        usage.cpu = cores(now_["cpu"]);
        usage.memory = bytes(now_["memory"]);
        usage.throttled = Ratio(now_.contains("throttled") ? std::stod(now_["throttled"]) : 0);
        usage.oom_kills = now_.contains("oom") ? std::stol(now_["oom"]) : 0;
        seen_.push_back({.at = web_.now,
                         .cpu = usage.cpu->value(),
                         .memory = static_cast<double>(usage.memory->count())});
        while (elapsed(seen_.front().at, web_.now) > 1h) seen_.pop_front();
        Seen sum;
        for (const Seen& each : seen_) {
            sum.cpu += each.cpu;
            sum.memory += each.memory;
        }
        const auto count = static_cast<double>(seen_.size());
        usage.cpu_trend = Cores::from_nanos(static_cast<std::int64_t>(sum.cpu / count * 1e9));
        usage.memory_trend = Bytes(static_cast<std::int64_t>(sum.memory / count));
    }

    Carry carry_;
    Situation web_;
    std::vector<std::string> settings_;
    std::string day_;
    Words now_;
    std::deque<Seen> seen_;
    std::string out_;
};

}  // namespace

std::string replay(const std::string& trace, Carry carry) {
    Replay replay(carry);
    std::istringstream lines(trace);
    for (std::string line; std::getline(lines, line);) replay.line(line);
    return replay.out();
}

}  // namespace rm::decide::test
