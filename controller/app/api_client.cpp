// SPDX-License-Identifier: Apache-2.0
#include "app/api_client.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "app/configuration.h"
#include "app/views/text.h"
#include "config/read_file.h"
#include "core/text.h"

namespace rm::app {
namespace {

namespace json = boost::json;

constexpr Duration patience = std::chrono::seconds(60);  // for a plan, which asks the peers
constexpr std::size_t longest_token = 4096;

/// Where `listen` is reached from this host.
Result<std::string> local_url(const config::ListenAddress& listen) {
    if (listen.port == 0)
        return fail(ErrorCode::invalid,
                    "http.listen lets the daemon take any free port: say --url http://HOST:PORT");
    config::ListenAddress reached = listen;
    if (reached.host.empty() || reached.host == "0.0.0.0") reached.host = "127.0.0.1";
    if (reached.host == "::") reached.host = "::1";
    return "http://" + print(reached);
}

Result<net::Url> read_url(const std::string& text) {
    auto url = net::Url::parse(text);
    if (!url) return url;
    if (!url->target().empty() && url->target().find('?') != std::string::npos)
        return fail(ErrorCode::invalid, "a query can't stand in it");
    return url;
}

Result<Secret> read_token(const std::string& file) {
    auto text = config::read_file(file, longest_token);
    if (!text) return fail(std::move(text).error().with_prefix(quoted(file)));
    while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
    if (text->empty()) return fail(ErrorCode::invalid, "{} is empty", quoted(file));
    return Secret(*std::move(text));
}

tl::unexpected<ExitCode> wrong(std::string_view option, const Error& error) {
    std::fprintf(stderr, "resource-manager: %.*s: %s\n", static_cast<int>(option.size()), option.data(),
                 error.message.c_str());
    return tl::unexpected(ExitCode::usage);
}

/// What an answer that is no success says, for people.
std::string explanation(const net::Response& response, const std::string& from) {
    json::error_code error;
    const json::value body = json::parse(response.body, error);
    const json::object* const problem = error ? nullptr : body.if_object();
    const json::value* const detail = problem == nullptr ? nullptr : problem->if_contains("detail");
    if (detail == nullptr || !detail->is_string())
        return fmt::format("{} answered with status {} and no explanation: is it a resource-manager?", from,
                           response.status);
    std::string text = harmless(detail->get_string());
    const json::value* const errors = problem->if_contains("errors");
    if (errors == nullptr || !errors->is_array()) return text;
    for (const json::value& item : errors->get_array()) {
        const json::object* const one = item.if_object();
        const json::value* const what = one == nullptr ? nullptr : one->if_contains("detail");
        if (what != nullptr && what->is_string()) text += "\n  " + harmless(what->get_string());
    }
    return text;
}

std::string_view advice(int status, bool with_token) {
    if (status == 401 && !with_token) return "; say --token-file FILE, or set http.token_file";
    return status == 401 ? "; the token is not the daemon's" : "";
}

}  // namespace

tl::expected<DaemonAddress, ExitCode> find_daemon(const DaemonChoice& choice, const Environment& environment,
                                                  bool needs_token) {
    std::optional<config::Config> config;
    if (!choice.url || (needs_token && !choice.token_file)) {
        config = load_or_complain(sources_for(choice.config, environment));
        if (!config) return tl::unexpected(ExitCode::usage);
    }
    std::string address;
    if (choice.url) {
        address = *choice.url;
    } else {
        auto local = local_url((*config)->http.listen);
        if (!local) return wrong("configuration", local.error());
        address = *std::move(local);
    }
    auto url = read_url(address);
    if (!url) return wrong("--url", url.error());
    Secret token;
    if (choice.token_file) {
        auto read = read_token(*choice.token_file);
        if (!read) return wrong("--token-file", read.error());
        token = *std::move(read);
    } else if (needs_token) {
        token = (*config)->http.token.value;
    }
    return DaemonAddress{.url = *std::move(url), .token = std::move(token)};
}

ApiClient::ApiClient(DaemonAddress address)
    : address_(std::move(address)), http_({.timeouts = {.total = patience}}) {}

Result<std::string> ApiClient::get(std::string_view target) {
    net::Request request{.method = net::Method::get, .url = address_.url};
    request.target = target;
    return send(request);
}

Result<std::string> ApiClient::post(std::string_view target, std::string body) {
    net::Request request{.method = net::Method::post, .url = address_.url};
    request.target = target;
    request.body = std::move(body);
    request.headers = {{.name = "Content-Type", .value = "application/json"}};
    request.token = address_.token;
    return send(request);
}

Result<std::string> ApiClient::send(const net::Request& request) {
    auto response = http_.send(request, {});
    if (!response && response.error().code == ErrorCode::unavailable)
        return fail(ErrorCode::unavailable,
                    "no daemon answers: {}\nStart it with `resource-manager run`; status, explain, plan and "
                    "preflight "
                    "can also look without one, with --once.",
                    response.error().message);
    if (!response) return fail(std::move(response).error());
    if (response->ok()) return std::move(response->body);
    constexpr int first_of_its_own_faults = 500;
    const bool refused = response->status < first_of_its_own_faults;
    return fail(refused ? ErrorCode::invalid : ErrorCode::internal, "{}{}",
                explanation(*response, print(request.url)), advice(response->status, !request.token.empty()));
}

std::string address_of_service(std::string_view name) {
    return "/api/services/" + net::encoded(name);
}

}  // namespace rm::app
