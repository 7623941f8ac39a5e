// SPDX-License-Identifier: Apache-2.0
// The workload: a statically linked program, alone in its image, that behaves as tests want a service to
// behave. It starts as the settings (settings.h) in its environment and arguments say, and takes others over
// HTTP:
//
//     GET /           its id (the container's host name), after answer_delay; GET /?answer_delay=2s after
//     that GET /health     200 or 503, what "/w probe" asks as the image's health check GET /settings   one
//     key=value a line GET /metrics    the same and a few counters for Prometheus POST
//     /set?cpu=0.5&memory=64m&health=unhealthy POST /crash?3   ends at once with this exit code POST /oom
//     takes memory until the kernel kills it; refused without a memory limit
//
// It listens on $WORKLOAD_PORT, else 8080.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigset_t is not in <csignal>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/workload/load.h"
#include "tests/lab/workload/server.h"
#include "tests/lab/workload/settings.h"

namespace workload {
namespace {

std::uint16_t port() {
    const char* text = std::getenv("WORKLOAD_PORT");
    constexpr std::uint16_t usual = 8080;
    return text == nullptr ? usual : static_cast<std::uint16_t>(std::strtoul(text, nullptr, 10));
}

std::string host_name() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name.data();
}

/// What the health check runs.
int probe() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(port());
    constexpr std::string_view request = "GET /health HTTP/1.0\r\n\r\n";
    std::array<char, 64> answer{};
    const bool healthy = socket >= 0 &&
                         ::connect(socket, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0 &&
                         ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) > 0 &&
                         ::recv(socket, answer.data(), answer.size() - 1, MSG_WAITALL) > 0 &&
                         std::string_view(answer.data()).starts_with("HTTP/1.1 200");
    std::puts(healthy ? "healthy" : "unhealthy");
    return healthy ? 0 : 1;
}

class Workload {
public:
    explicit Workload(const Settings& settings)
        : settings_(settings), server_(port(), [this](const Request& request) { return answer(request); }) {
        apply();
        if (settings_.exit_after.count() > 0)
            server_.at(started_ + settings_.exit_after, [this] { ::_exit(settings_.exit_code); });
    }

    int run(int signals) {
        server_.watch(signals, [this, signals] {
            signalfd_siginfo about{};
            if (::read(signals, &about, sizeof about) == static_cast<ssize_t>(sizeof about)) terminate();
        });
        server_.run();
        return settings_.exit_code;
    }

private:
    void apply() {
        burner_.burn(settings_.cpu);
        holder_.hold(settings_.memory);
    }

    [[nodiscard]] bool healthy() const {
        return settings_.healthy && !ending_ && Clock::now() >= started_ + settings_.start_delay &&
               !is_drained();
    }

    [[nodiscard]] bool is_drained() const {
        return !settings_.drain_file.empty() && ::access(settings_.drain_file.c_str(), F_OK) == 0;
    }

    void terminate() {
        if (settings_.on_term == OnTerm::ignore || ending_) return;
        if (settings_.on_term == OnTerm::exit) ::_exit(settings_.exit_code);
        ending_ = true;
        server_.ask_clients_to_leave();
        const auto listening_until = Clock::now() + settings_.linger;
        server_.at(listening_until, [this] { server_.finish(); });
        server_.at(listening_until + settings_.drain, [this] { ::_exit(settings_.exit_code); });
    }

    Reply answer(const Request& request) {
        if (request.method == "POST") return change(request);
        if (request.path == "/") return greet(request);
        if (request.path == "/health")
            return healthy() ? Reply{.status = 200, .body = "healthy\n"}
                             : Reply{.status = 503, .body = "unhealthy\n"};
        if (request.path == "/settings") return {.status = 200, .body = print(settings_)};
        if (request.path == "/metrics") return {.status = 200, .body = metrics()};
        return {.status = 404, .body = "not found\n"};
    }

    Reply greet(const Request& request) {
        Settings asked = settings_;  // for this answer only
        const std::string wrong = set_all(asked, request.query);
        if (!wrong.empty()) return {.status = 400, .body = wrong};
        return {.status = 200, .body = id_ + "\n", .delay = asked.answer_delay};
    }

    Reply change(const Request& request) {
        if (request.path == "/set") {
            const std::string wrong = set_all(settings_, request.query);
            if (!wrong.empty()) return {.status = 400, .body = wrong};
            apply();
            return {.status = 200, .body = print(settings_)};
        }
        if (request.path == "/crash")
            ::_exit(static_cast<int>(std::strtol(std::string(request.query).c_str(), nullptr, 10)));
        if (request.path == "/oom") {
            if (!has_memory_limit()) return {.status = 409, .body = "there is no memory limit\n"};
            // After the answer is out, which would otherwise be lost now and then.
            server_.at(Clock::now(), [this] { holder_.hold(std::numeric_limits<std::size_t>::max() / 2); });
            return {.status = 200, .body = "taking all\n"};
        }
        return {.status = 404, .body = "not found\n"};
    }

    std::string metrics() {
        const auto line = [](const char* name, const char* type, const std::string& value) {
            return "# TYPE " + std::string(name) + " " + type + "\n" + name + " " + value + "\n";
        };
        return line("workload_cpu_cores", "gauge", std::to_string(settings_.cpu)) +
               line("workload_memory_bytes", "gauge", std::to_string(settings_.memory)) +
               line("workload_memory_held_bytes", "gauge", std::to_string(holder_.held())) +
               line("workload_healthy", "gauge", healthy() ? "1" : "0") +
               line("workload_requests_in_flight", "gauge", std::to_string(server_.in_flight())) +
               line("workload_requests_total", "counter", std::to_string(server_.answered()));
    }

    Clock::time_point started_ = Clock::now();
    std::string id_ = host_name();
    Settings settings_;
    bool ending_ = false;
    Burner burner_;
    Holder holder_;
    Server server_;
};

/// From the environment, then the arguments; what is wrong, or empty.
std::string read_settings(Settings& settings, int argc, char** argv, char** environment) {
    constexpr std::string_view prefix = "WORKLOAD_";
    std::string wrong;
    const auto take = [&](std::string_view pair) {
        const auto equals = pair.find('=');
        std::string key(pair.substr(0, equals));
        for (char& letter : key)
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
        if (key != "port")
            wrong += set(settings, key, equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    };
    for (char** each = environment; *each != nullptr; ++each)
        if (std::string_view(*each).starts_with(prefix)) take(std::string_view(*each).substr(prefix.size()));
    for (int i = 1; i < argc; ++i)
        take(std::string_view(argv[i]).substr(std::string_view(argv[i]).starts_with("--") ? 2 : 0));
    return wrong;
}

}  // namespace
}  // namespace workload

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "probe") return workload::probe();
    // As the first process of its container it gets no default handling of signals, and orphans become its
    // children: ignoring SIGCHLD, before any thread starts, lets the kernel bury them.
    static_cast<void>(::signal(SIGCHLD, SIG_IGN));
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
    workload::Settings settings;
    const std::string wrong = workload::read_settings(settings, argc, argv, environ);
    if (!wrong.empty()) {
        static_cast<void>(std::fputs(wrong.c_str(), stderr));
        return 2;
    }
    return workload::Workload(settings).run(::signalfd(-1, &wanted, SFD_CLOEXEC));
}
