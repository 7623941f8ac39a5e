// SPDX-License-Identifier: Apache-2.0
#include "config/contradictions.h"

#include <algorithm>
#include <ranges>
#include <vector>

#include <fmt/format.h>

#include "config/path.h"
#include "config/table.h"
#include "config/text_layers.h"
#include "core/url.h"

namespace rm::config {
namespace {

template <class Subject>
struct Rule {
    std::vector<std::string_view> paths;
    bool (*holds)(const Subject&);
    std::string_view says;
};

/// After a change by `factor` a usage at `from` of the limit must not call for the change back.
bool is_calm(Ratio low, Ratio high, const Adjustment& adjustment) {
    return low.value() / adjustment.decrease_factor.value() < high.value() &&
           high.value() / adjustment.increase_factor.value() > low.value();
}

/// Round figures are none in binary: 1 - 0.8 is a little less than 0.2, and still means it.
bool reaches(double change, Ratio least) {
    constexpr double rounding = 1e-9;
    return change >= least.value() - rounding;
}

constexpr std::string_view calm = "an adjustment would at once call for the one back";

constexpr std::string_view one_authority = "only one of a token and a user in the address can be sent";

bool has_user(std::string_view address) {
    const auto url = rm::Url::read(address);
    return url && !url->user().empty();
}

const std::vector<Rule<ServicePolicy>>& policy_rules() {
    static const std::vector<Rule<ServicePolicy>> rules{
        {{"thresholds.cpu_low", "thresholds.cpu_high"},
         [](const ServicePolicy& p) { return p.thresholds.cpu_low < p.thresholds.cpu_high; },
         "the low threshold must be below the high one"},
        {{"thresholds.memory_low", "thresholds.memory_high"},
         [](const ServicePolicy& p) { return p.thresholds.memory_low < p.thresholds.memory_high; },
         "the low threshold must be below the high one"},
        {{"bounds.cpu.min", "bounds.cpu.max"},
         [](const ServicePolicy& p) { return p.bounds.cpu.min <= p.bounds.cpu.max; },
         "the minimum must not be above the maximum"},
        {{"bounds.memory.min", "bounds.memory.max"},
         [](const ServicePolicy& p) { return p.bounds.memory.min <= p.bounds.memory.max; },
         "the minimum must not be above the maximum"},
        {{"baseline.cpu", "bounds.cpu.min"},
         [](const ServicePolicy& p) { return !p.baseline.cpu || *p.baseline.cpu >= p.bounds.cpu.min; },
         "the baseline must be within the bounds"},
        {{"baseline.cpu", "bounds.cpu.max"},
         [](const ServicePolicy& p) { return !p.baseline.cpu || *p.baseline.cpu <= p.bounds.cpu.max; },
         "the baseline must be within the bounds"},
        {{"baseline.memory", "bounds.memory.min"},
         [](const ServicePolicy& p) {
             return !p.baseline.memory || *p.baseline.memory >= p.bounds.memory.min;
         },
         "the baseline must be within the bounds"},
        {{"baseline.memory", "bounds.memory.max"},
         [](const ServicePolicy& p) {
             return !p.baseline.memory || *p.baseline.memory <= p.bounds.memory.max;
         },
         "the baseline must be within the bounds"},
        {{"initial.cpu", "bounds.cpu.min"},
         [](const ServicePolicy& p) { return !p.initial.cpu || *p.initial.cpu >= p.bounds.cpu.min; },
         "the first limit must be within the bounds"},
        {{"initial.cpu", "bounds.cpu.max"},
         [](const ServicePolicy& p) { return !p.initial.cpu || *p.initial.cpu <= p.bounds.cpu.max; },
         "the first limit must be within the bounds"},
        {{"initial.memory", "bounds.memory.min"},
         [](const ServicePolicy& p) { return !p.initial.memory || *p.initial.memory >= p.bounds.memory.min; },
         "the first limit must be within the bounds"},
        {{"initial.memory", "bounds.memory.max"},
         [](const ServicePolicy& p) { return !p.initial.memory || *p.initial.memory <= p.bounds.memory.max; },
         "the first limit must be within the bounds"},
        {{"thresholds.cpu_low", "thresholds.cpu_high", "adjustment.increase_factor",
          "adjustment.decrease_factor"},
         [](const ServicePolicy& p) {
             return p.thresholds.cpu_low >= p.thresholds.cpu_high ||
                    is_calm(p.thresholds.cpu_low, p.thresholds.cpu_high, p.adjustment);
         },
         calm},
        {{"thresholds.memory_low", "thresholds.memory_high", "adjustment.increase_factor",
          "adjustment.decrease_factor"},
         [](const ServicePolicy& p) {
             return p.thresholds.memory_low >= p.thresholds.memory_high ||
                    is_calm(p.thresholds.memory_low, p.thresholds.memory_high, p.adjustment);
         },
         calm},
        {{"adjustment.min_change", "adjustment.increase_factor"},
         [](const ServicePolicy& p) {
             return reaches(p.adjustment.increase_factor.value() - 1, p.adjustment.min_change);
         },
         "no increase would ever reach the smallest change"},
        {{"adjustment.min_change", "adjustment.decrease_factor"},
         [](const ServicePolicy& p) {
             return reaches(1 - p.adjustment.decrease_factor.value(), p.adjustment.min_change);
         },
         "no decrease would ever reach the smallest change"},
        {{"deployment.health_interval", "deployment.health_timeout"},
         [](const ServicePolicy& p) { return p.deployment.health_interval <= p.deployment.health_timeout; },
         "health would not be looked at before the time is over"},
        {{"deployment.strategy", "deployment.script"},
         [](const ServicePolicy& p) {
             return p.deployment.strategy != Strategy::script || !p.deployment.script.empty();
         },
         "the strategy needs a script"},
        {{"deployment.health", "deployment.health_command"},
         [](const ServicePolicy& p) {
             return p.deployment.health.by != HealthBy::command || !p.deployment.health_command.empty();
         },
         "there is no command to run"},
        {{"deployment.stable_for", "deployment.health_timeout", "deployment.health"},
         [](const ServicePolicy& p) {
             return p.deployment.health.by != HealthBy::running ||
                    p.deployment.stable_for <= p.deployment.health_timeout;
         },
         "the time would be over before a container could be good"},
        {{"deployment.drain_by", "deployment.drain_file"},
         [](const ServicePolicy& p) {
             return p.deployment.drain_by != DrainBy::file || !p.deployment.drain_file.empty();
         },
         "there is no file to write"},
        {{"deployment.drain_by", "deployment.drain_command"},
         [](const ServicePolicy& p) {
             return p.deployment.drain_by != DrainBy::command || !p.deployment.drain_command.empty();
         },
         "there is no command to run"},
        {{"deployment.drain_by", "deployment.haproxy.socket"},
         [](const ServicePolicy& p) {
             return p.deployment.drain_by != DrainBy::haproxy || !p.deployment.haproxy.socket.empty();
         },
         "HAProxy can't be reached"},
        {{"deployment.drain_by", "deployment.haproxy.backend"},
         [](const ServicePolicy& p) {
             return p.deployment.drain_by != DrainBy::haproxy || !p.deployment.haproxy.backend.empty();
         },
         "HAProxy can't be told which server"},
        {{"deployment.traefik.service", "deployment.traefik.url"},
         [](const ServicePolicy& p) {
             return p.deployment.traefik.service.empty() || !p.deployment.traefik.url.empty();
         },
         "Traefik can't be asked"},
    };
    return rules;
}

const std::vector<Rule<Settings>>& general_rules() {
    static const std::vector<Rule<Settings>> rules{
        {{"monitoring.window", "monitoring.trend_window"},
         [](const Settings& s) { return s.monitoring.window <= s.monitoring.trend_window; },
         "the trend must be taken over at least the time of one check"},
        {{"monitoring.sample_interval", "monitoring.window", "monitoring.source"},
         [](const Settings& s) {
             return s.monitoring.source != MetricsSource::docker ||
                    2 * s.monitoring.sample_interval <= s.monitoring.window;
         },
         "a window needs at least two samples"},
        {{"store.retention", "monitoring.trend_window"},
         [](const Settings& s) { return s.store.retention >= s.monitoring.trend_window; },
         "measurements must be kept for as long as the trend looks back"},
        {{"docker.tls.cert_file", "docker.tls.key_file"},
         [](const Settings& s) { return s.docker.tls.cert_file.empty() == s.docker.tls.key_file.empty(); },
         "a certificate and its key need each other"},
        {{"notifications.webhook.url", "notifications.webhook.url_file"},
         [](const Settings& s) {
             return s.notifications.webhook.url.empty() || !s.notifications.webhook.url_file.is_set();
         },
         "the address must come from one place"},
        {{"store.password_file", "store.url"},
         [](const Settings& s) { return !s.store.password.is_set() || s.store.url.scheme() != "sqlite"; },
         "SQLite takes no password"},
        {{"prometheus.bearer_token_file", "prometheus.url"},
         [](const Settings& s) {
             return !s.prometheus.bearer_token.is_set() || !has_user(s.prometheus.url.with_password());
         },
         one_authority},
        {{"notifications.webhook.bearer_token_file", "notifications.webhook.url"},
         [](const Settings& s) {
             const Webhook& webhook = s.notifications.webhook;
             return !webhook.bearer_token.is_set() || !has_user(webhook.url.reveal());
         },
         one_authority},
        {{"notifications.webhook.bearer_token_file", "notifications.webhook.url_file"},
         [](const Settings& s) {
             const Webhook& webhook = s.notifications.webhook;
             return !webhook.bearer_token.is_set() || !has_user(webhook.url_file.value.reveal());
         },
         one_authority},
        {{"logging.file", "logging.decisions_file"},
         [](const Settings& s) {
             return s.logging.file.empty() ||
                    s.logging.file.lexically_normal() != s.logging.decisions_file.lexically_normal();
         },
         "the two must be different files"},
    };
    return rules;
}

/// Where a rule's key gets its value from.
struct Source {
    std::string path;
    std::string value;
    Origin origin = {};
};

class Check {
public:
    explicit Check(Given& given) : given_(given) {}

    template <class Subject>
    void operator()(const std::vector<Rule<Subject>>& rules, const Subject& subject,
                    const ServiceName* service) {
        for (const Rule<Subject>& rule : rules) {
            if (rule.holds(subject)) continue;
            std::vector<Source> sources;
            sources.reserve(rule.paths.size());
            for (const std::string_view path : rule.paths) sources.push_back(source_of(path, service));
            const bool its_own =
                service == nullptr || std::ranges::any_of(rule.paths, [&](std::string_view path) {
                    return given_.values.contains(service_path(*service, path));
                });
            const bool doubtful = std::ranges::any_of(
                sources, [&](const Source& source) { return given_.bad.contains(source.path); });
            if (its_own && !doubtful) report(std::move(sources), rule.says);
        }
    }

private:
    [[nodiscard]] Source source_of(std::string_view path, const ServiceName* service) const {
        if (service != nullptr) {
            std::string own = service_path(*service, path);
            if (given_.bad.contains(own) || given_.values.contains(own))
                return source_at(std::move(own), path);
        }
        return source_at(std::string(path), path);
    }

    [[nodiscard]] Source source_at(std::string path, std::string_view key_path) const {
        const auto found = given_.values.find(path);
        if (found != given_.values.end()) {
            const GivenValue& value = found->second;
            const Entry entry{.key = value.key, .service = {}, .path = path, .value = value.node};
            return {.path = std::move(path), .value = print_yaml(visible(entry)), .origin = value.origin};
        }
        const Key* key = find_key(key_path);
        const bool unset = key == nullptr || key->row.fallback.empty();
        return {.path = std::move(path),
                .value = unset ? std::string("not set") : std::string(key->row.fallback)};
    }

    void report(std::vector<Source> sources, std::string_view says) {
        std::ranges::iter_swap(std::ranges::max_element(sources, {}, &Source::origin), sources.begin());
        const Source& blamed = sources.front();
        std::vector<std::string> others;
        others.reserve(sources.size() - 1);
        for (const Source& source : sources | std::views::drop(1))
            others.push_back(fmt::format("{} = {} ({})", source.path, source.value, print(source.origin)));
        given_.problems.push_back(
            {.where = blamed.origin,
             .path = blamed.path,
             .message = fmt::format("{} contradicts {}: {}", blamed.value, fmt::join(others, ", "), says)});
    }

    Given& given_;
};

}  // namespace

void find_contradictions(Given& given, const Effective& effective) {
    const Settings& settings = effective.settings;
    Check check(given);
    check(general_rules(), settings, nullptr);
    check(policy_rules(), effective.otherwise, nullptr);
    for (const auto& [name, policy] : settings.services) check(policy_rules(), policy, &name);
}

}  // namespace rm::config
