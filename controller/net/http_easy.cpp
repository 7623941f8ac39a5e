// SPDX-License-Identifier: Apache-2.0
#include "net/http_easy.h"

#include <filesystem>

#include <sys/socket.h>

namespace rm::net {
namespace {

/// libcurl's own sockets would be inherited by the programs we start.
curl_socket_t open_socket(void* /*self*/, curlsocktype /*purpose*/, curl_sockaddr* address) {
    return socket(address->family, static_cast<int>(static_cast<unsigned>(address->socktype) | SOCK_CLOEXEC),
                  address->protocol);
}

/// Whether the system keeps its certificate authorities in a folder where OpenSSL finds each by its hash.
bool authorities_are_hashed() {
    static const bool found = [] {
        const char* folder = curl_version_info(CURLVERSION_NOW)->capath;
        if (folder == nullptr) return false;
        std::error_code error;
        for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
             it.increment(error))
            if (it->path().extension() == ".0") return true;
        return false;
    }();
    return found;
}

}  // namespace

Easy::Easy() : handle_(curl_easy_init(), &curl_easy_cleanup), headers_(nullptr, &curl_slist_free_all) {}

Status Easy::set_up(const HttpOptions& options, const Timeouts& timeouts, const Request& request,
                    const std::string& target) {
    if (!handle_) return fail(ErrorCode::internal, "libcurl has no memory");
    if (timeouts.connect <= Duration::zero())
        return fail(ErrorCode::invalid, "the time to connect has to be above zero");
    set_peer(request.url, target);
    set_connection(timeouts);
    set_message(request);
    set_headers(request);
    set_tls(options.tls);
    return checked();
}

Status Easy::checked() const {
    if (first_error_ == CURLE_OK) return {};
    return fail(ErrorCode::internal, "libcurl refused an option: {}", curl_easy_strerror(first_error_));
}

void Easy::set_peer(const Url& url, const std::string& target) {
    const std::string port = url.port() ? fmt::format(":{}", *url.port()) : std::string();
    const std::string text =
        fmt::format("{}://{}{}{}", url.tls() ? "https" : "http", url.host(), port, target);
    set(CURLOPT_URL, text.c_str());
    set(CURLOPT_PATH_AS_IS, 1L);
    if (!url.socket().empty()) set(CURLOPT_UNIX_SOCKET_PATH, url.socket().c_str());
    if (url.user().empty()) return;
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, url.user().c_str());
    set(CURLOPT_PASSWORD, url.password().reveal().c_str());
}

void Easy::set_connection(const Timeouts& timeouts) {
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_PROXY, "");  // none of the environment's
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(timeouts.connect.count()));
    // A container that is replaced gets another address; a kept connection needs no name anyway.
    set(CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    // Without this a call that is cancelled waits for the resolver's thread, for seconds.
    set(CURLOPT_QUICK_EXIT, 1L);
    // A peer that vanishes without a word ends even a stream that may be silent for days.
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_TCP_KEEPIDLE, 30L);
    set(CURLOPT_TCP_KEEPINTVL, 10L);
}

void Easy::set_message(const Request& request) {
    const Method method = request.method;
    if (!request.body.empty() || method == Method::post || method == Method::put) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDS, request.body.data());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    }
    if (method == Method::head) set(CURLOPT_NOBODY, 1L);
    if (method == Method::put) set(CURLOPT_CUSTOMREQUEST, "PUT");
    if (method == Method::del) set(CURLOPT_CUSTOMREQUEST, "DELETE");
}

void Easy::set_headers(const Request& request) {
    for (const Header& header : request.headers)
        add_header(header.value.empty() ? header.name + ';' : header.name + ": " + header.value);
    if (!request.token.empty()) add_header("Authorization: Bearer " + request.token.reveal());
    if (find(request.headers, "User-Agent") == nullptr)
        add_header("User-Agent: resource-manager/" RM_VERSION);
    // Two that libcurl would add by itself: a type it made up, and a question that delays large bodies.
    if (find(request.headers, "Content-Type") == nullptr) add_header("Content-Type:");
    add_header("Expect:");
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});
}

void Easy::set_tls(const Tls& tls) {
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
    if (!tls.ca_file.empty()) {
        set(CURLOPT_CAINFO, tls.ca_file.c_str());
        // Debian's libcurl would go on trusting the system's authorities beside the file's.
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    } else if (authorities_are_hashed()) {
        // Reading the bundle of all of them takes 60 ms, in which no call can be cancelled, and megabytes.
        set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    }
    if (!tls.certificate_file.empty()) set(CURLOPT_SSLCERT, tls.certificate_file.c_str());
    if (!tls.key_file.empty()) set(CURLOPT_SSLKEY, tls.key_file.c_str());
}

void Easy::add_header(const std::string& line) {
    curl_slist* list = headers_.release();
    curl_slist* longer = curl_slist_append(list, line.c_str());
    if (longer == nullptr) first_error_ = CURLE_OUT_OF_MEMORY;
    headers_.reset(longer == nullptr ? list : longer);
}

}  // namespace rm::net
