// SPDX-License-Identifier: Apache-2.0
// Where a daemon in the lab has the usage of containers from, and how it is cut off from it for a while.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/check_log.h"
#include "tests/e2e/daemon_process.h"
#include "tests/lab/socket_proxy.h"

namespace rm::e2e {

class LabSource {
public:
    LabSource() = default;
    LabSource(const LabSource&) = delete;
    LabSource& operator=(const LabSource&) = delete;
    LabSource(LabSource&&) = delete;
    LabSource& operator=(LabSource&&) = delete;
    virtual ~LabSource() = default;

    /// `monitoring.source=docker`
    [[nodiscard]] virtual std::vector<std::string> settings() const = 0;
    /// What has to be done once the daemon runs.
    virtual void connect(DaemonProcess& daemon) = 0;

    virtual void cut() = 0;
    virtual void mend() = 0;
    /// Whether this is what a check looks like in between.
    [[nodiscard]] virtual bool is_blind(const SeenCheck& check) const = 0;
};

/// A real Prometheus that scrapes what the daemon itself exports in the names of cAdvisor. Cut off by
/// stopping it.
std::unique_ptr<LabSource> from_prometheus();

/// The engine's own statistics, through `proxy`, which must outlive it. Cut off by stopping the proxy.
std::unique_ptr<LabSource> from_docker(lab::SocketProxy& proxy);

}  // namespace rm::e2e
