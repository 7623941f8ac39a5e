// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/lab_source.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tests/lab/json.h"
#include "tests/lab/prometheus.h"
#include "tests/lab/require.h"

namespace rm::e2e {
namespace {

using lab::must;

class FromPrometheus final : public LabSource {
public:
    [[nodiscard]] std::vector<std::string> settings() const override {
        return {"monitoring.source=prometheus", "monitoring.export_containers=true",
                "prometheus.url=" + prometheus_.url()};
    }

    void connect(DaemonProcess& daemon) override {
        const std::string target = fmt::format("127.0.0.1:{}", daemon.port());
        must(prometheus_.scrape_instead(lab::scrape("containers", {target}) +
                                        "  metrics_path: /metrics/containers\n"));
    }

    void cut() override { prometheus_.process().stop(); }
    void mend() override { must(prometheus_.start_again()); }

    /// The services are there, and each is held with the reason.
    [[nodiscard]] bool is_blind(const SeenCheck& check) const override {
        constexpr std::array limited{"grafana", "postgres", "postgres-exporter"};
        return std::ranges::all_of(limited, [&](const char* name) {
            const auto service = check.service(name);
            return lab::text_at(service, "/cpu/gap") == "unavailable" &&
                   lab::text_at(service, "/memory/gap") == "unavailable" &&
                   lab::text_at(service, "/held_by") == "data" &&
                   lab::text_at(service, "/summary").ends_with("the source could not be asked");
        });
    }

private:
    lab::Prometheus prometheus_ = must(lab::Prometheus::start());
};

class FromDocker final : public LabSource {
public:
    explicit FromDocker(lab::SocketProxy& proxy) : proxy_(proxy) {}

    [[nodiscard]] std::vector<std::string> settings() const override { return {"monitoring.source=docker"}; }
    void connect(DaemonProcess&) override {}  // the proxy's address is all it needs
    void cut() override { proxy_.process().stop(); }
    void mend() override { must(proxy_.start_again()); }

    /// Not even the services can be listed; the reason names who does not answer.
    [[nodiscard]] bool is_blind(const SeenCheck& check) const override {
        return check.problem().find(fmt::format("127.0.0.1:{}", proxy_.port())) != std::string::npos;
    }

private:
    lab::SocketProxy& proxy_;
};

}  // namespace

std::unique_ptr<LabSource> from_prometheus() {
    return std::make_unique<FromPrometheus>();
}

std::unique_ptr<LabSource> from_docker(lab::SocketProxy& proxy) {
    return std::make_unique<FromDocker>(proxy);
}

}  // namespace rm::e2e
