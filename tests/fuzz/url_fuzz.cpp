// SPDX-License-Identifier: Apache-2.0
// Whatever is accepted as a URL and a target must mean the same to libcurl, fit into one line of a request,
// and not show its password. The input's first line is the URL, the rest the target.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "net/url.h"

namespace {

using rm::net::Url;
using Parsed = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

void require(bool held) {
    if (!held) std::abort();
}

std::string part(const Parsed& parsed, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(parsed.get(), which, &text, 0) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

/// libcurl, given what the client gives it, sees the same host, port and path.
void same_to_libcurl(const Url& url, const std::string& target) {
    const std::string port = url.port() ? ":" + std::to_string(*url.port()) : "";
    const std::string text = (url.tls() ? "https://" : "http://") + url.host() + port + target;
    const Parsed parsed(curl_url(), &curl_url_cleanup);
    const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS);
    if (code == CURLUE_BAD_HOSTNAME || code == CURLUE_BAD_IPV6) return;  // it may be stricter
    require(code == CURLUE_OK);
    const std::string query = part(parsed, CURLUPART_QUERY);
    const bool has_query = target.find('?') != std::string::npos;
    require(part(parsed, CURLUPART_PATH) == target.substr(0, target.find('?')));
    require(query == (has_query ? target.substr(target.find('?') + 1) : ""));
    require(part(parsed, CURLUPART_PORT) == (url.port() ? std::to_string(*url.port()) : ""));
    require(part(parsed, CURLUPART_USER).empty());
}

void check(const Url& url, std::string_view target) {
    const std::string shown = print(url, target);
    require(shown.find_first_of("\r\n") == std::string::npos);
    const auto whole = joined(url, target);
    if (!whole) return;
    require(whole->starts_with('/') && whole->find_first_of("\r\n \t#\\") == std::string::npos);
    same_to_libcurl(url, *whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const std::string_view text = input.substr(0, line);
    const std::string_view target = input.substr(std::min(line + 1, input.size()));
    if (const auto url = Url::parse(text)) check(*url, target);
    if (const auto url = rm::net::parse_docker_host(text, size % 2 == 0)) check(*url, target);
    const auto secret = Url::parse(rm::Secret(std::string(text)));
    if (secret) require(print(*secret, target).ends_with("/***"));
    require(rm::net::encoded(text).find_first_not_of(
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%") == std::string::npos);
    return 0;
}
