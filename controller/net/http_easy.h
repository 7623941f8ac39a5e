// SPDX-License-Identifier: Apache-2.0
// Easy: libcurl's handle of one exchange, set up from our options and request. Internal to net/.
#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

#include "core/result.h"
#include "net/http_client.h"

namespace rm::net {

class Easy {
public:
    Easy();

    /// `request` must outlive the exchange.
    Status set_up(const HttpOptions& options, const Timeouts& timeouts, const Request& request,
                  const std::string& target);

    /// Sets one more option; `checked` tells whether all were taken.
    template <class T>
    void set(CURLoption option, T value) {
        const CURLcode code = (curl_easy_setopt)(handle_.get(), option, value);
        if (first_error_ == CURLE_OK) first_error_ = code;
    }
    [[nodiscard]] Status checked() const;

    template <class T>
    [[nodiscard]] T info(CURLINFO what) const {
        T value{};
        (curl_easy_getinfo)(handle_.get(), what, &value);
        return value;
    }

    [[nodiscard]] CURL* get() const { return handle_.get(); }

private:
    void set_peer(const Url& url, const std::string& target);
    void set_connection(const Timeouts& timeouts);
    void set_message(const Request& request);
    void set_headers(const Request& request);
    void set_tls(const Tls& tls);
    void add_header(const std::string& line);

    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
    CURLcode first_error_ = CURLE_OK;
};

}  // namespace rm::net
