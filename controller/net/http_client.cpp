// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.h"

#include <mutex>
#include <utility>

#include <curl/curl.h>

#include "net/http_transfer.h"

namespace rm::net {
namespace {

using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;

/// More multi handles than this are not kept for later, however many calls ran at once.
constexpr std::size_t most_kept = 8;

void start_libcurl_once() {
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)started;
}

}  // namespace

/// Debian's libcurl brings GnuTLS along for protocols that are not used here (RTMP, LDAP). GnuTLS asks its
/// program by this name whether to leave out the start of its own, which costs nearly a megabyte.
// NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the name is GnuTLS's
extern "C" int _gnutls_global_init_skip() {
    return 1;
}

// A multi handle owns connections and can be used by one thread at a time (but for wake-ups): each call takes
// the one used last, whose connection is the freshest.
class HttpClient::Pool {
public:
    explicit Pool(HttpOptions options) : options_(std::move(options)) { start_libcurl_once(); }

    Result<Response> run(const Request& request, const OnChunk* on_chunk, const std::stop_token& stop) {
        const Borrowed multi(*this);
        return Transfer(options_, request, on_chunk).run(multi.get(), stop);
    }

private:
    class Borrowed {
    public:
        explicit Borrowed(Pool& pool) : pool_(pool), multi_(pool.take()) {}
        Borrowed(const Borrowed&) = delete;
        Borrowed& operator=(const Borrowed&) = delete;
        Borrowed(Borrowed&&) = delete;
        Borrowed& operator=(Borrowed&&) = delete;
        ~Borrowed() { pool_.give_back(std::move(multi_)); }

        [[nodiscard]] CURLM* get() const { return multi_.get(); }

    private:
        Pool& pool_;
        Multi multi_;
    };

    Multi take() {
        const std::scoped_lock lock(mutex_);
        if (kept_.empty()) return {curl_multi_init(), &curl_multi_cleanup};
        Multi multi = std::move(kept_.back());
        kept_.pop_back();
        return multi;
    }

    void give_back(Multi multi) {
        const std::scoped_lock lock(mutex_);
        if (multi && kept_.size() < most_kept) kept_.push_back(std::move(multi));
    }

    const HttpOptions options_;
    std::mutex mutex_;
    std::vector<Multi> kept_;
};

HttpClient::HttpClient(HttpOptions options) : pool_(std::make_unique<Pool>(std::move(options))) {}

HttpClient::~HttpClient() = default;

Result<Response> HttpClient::send(const Request& request, std::stop_token stop) {
    return pool_->run(request, nullptr, stop);
}

Result<Response> HttpClient::stream(const Request& request, const OnChunk& on_chunk, std::stop_token stop) {
    return pool_->run(request, &on_chunk, stop);
}

}  // namespace rm::net
