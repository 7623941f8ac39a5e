// SPDX-License-Identifier: Apache-2.0
#include "config/address_kinds.h"
#include "config/keys/sections.h"
#include "config/number_kinds.h"
#include "config/text_kinds.h"
#include "core/text.h"

namespace rm::config {

namespace {

bool is_header_name(std::string_view name) {
    return name.size() <= 100 && is_http_token(name);
}

Keys webhook_keys() {
    using namespace std::chrono_literals;
    return {
        general(
            {.path = "notifications.webhook.url",
             .about = "An address of your own that gets every notice. Taken as a secret; put it into a file "
                      "with `notifications.webhook.url_file` where you can.",
             .privacy = Privacy::secret},
            secret_url(), [](Settings& s) -> auto& { return s.notifications.webhook.url; }),
        secret_file({.path = "notifications.webhook.url_file",
                     .about = "A file with that address in it.",
                     .file_use = FileUse::secret_address},
                    [](Settings& s) -> auto& { return s.notifications.webhook.url_file; }),
        general(
            {.path = "notifications.webhook.method", .fallback = "POST", .about = "The HTTP method to use."},
            words<WebhookMethod>({{"POST", WebhookMethod::post}, {"PUT", WebhookMethod::put}}),
            [](Settings& s) -> auto& { return s.notifications.webhook.method; }),
        secret_file({.path = "notifications.webhook.bearer_token_file",
                     .about = "A file with a token to send as `Authorization: Bearer`.",
                     .file_use = FileUse::secret_token},
                    [](Settings& s) -> auto& { return s.notifications.webhook.bearer_token; }),
        general({.path = "notifications.webhook.headers",
                 .fallback = "{}",
                 .about = "Headers to add. Their values are taken as secrets.",
                 .privacy = Privacy::secret},
                map_of("a map of header names to texts", "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", is_header_name,
                       secret_text("a line of text")),
                [](Settings& s) -> auto& { return s.notifications.webhook.headers; }),
        general({.path = "notifications.webhook.body",
                 .about = "A template for the body. Not set: the notice as JSON."},
                text("a template"), [](Settings& s) -> auto& { return s.notifications.webhook.body; }),
        general({.path = "notifications.webhook.timeout",
                 .fallback = "10s",
                 .about = "How long one call may take."},
                duration(100ms, 5min), [](Settings& s) -> auto& { return s.notifications.webhook.timeout; }),
    };
}

Keys daily_report_keys() {
    return {
        general({.path = "notifications.daily_report.enabled",
                 .fallback = "true",
                 .about = "Whether a summary goes out once a day."},
                boolean(), [](Settings& s) -> auto& { return s.notifications.daily_report.enabled; }),
        general({.path = "notifications.daily_report.at",
                 .fallback = "09:00",
                 .about = "When it goes out. Keep the quotes: some YAML readers take 9:30 for a number."},
                time_of_day(), [](Settings& s) -> auto& { return s.notifications.daily_report.at; }),
        general({.path = "notifications.daily_report.timezone",
                 .fallback = "UTC",
                 .about = "The time zone in which that is meant."},
                timezone(), [](Settings& s) -> auto& { return s.notifications.daily_report.timezone; }),
    };
}

}  // namespace

Keys notifications_keys() {
    using namespace std::chrono_literals;
    Keys keys{
        general({.path = "notifications.enabled",
                 .fallback = "true",
                 .about = "Turns all notices off and on. Without a receiver nothing is sent anyway."},
                boolean(), [](Settings& s) -> auto& { return s.notifications.enabled; }),
        general({.path = "notifications.cooldown",
                 .fallback = "15m",
                 .about = "How long the same notice about the same service is not repeated."},
                duration(0s, 168h), [](Settings& s) -> auto& { return s.notifications.cooldown; }),
        general({.path = "notifications.alertmanager.urls",
                 .fallback = "[]",
                 .about = "Alertmanagers to send alerts to; list every member of a cluster.",
                 .privacy = Privacy::address},
                list_of("a list of addresses", web_address()),
                [](Settings& s) -> auto& { return s.notifications.alertmanager.urls; }),
        secret_file({.path = "notifications.slack.webhook_url_file",
                     .about = "A file with the address of a Slack incoming webhook.",
                     .file_use = FileUse::secret_address},
                    [](Settings& s) -> auto& { return s.notifications.slack.webhook_url; }),
    };
    for (Key& key : webhook_keys()) keys.push_back(std::move(key));
    for (Key& key : daily_report_keys()) keys.push_back(std::move(key));
    return keys;
}

}  // namespace rm::config
