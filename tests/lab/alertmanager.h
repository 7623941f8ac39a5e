// SPDX-License-Identifier: Apache-2.0
// Alertmanager: a real Alertmanager, alone (no cluster), with its data in a temporary folder. Movable; the
// destructor stops it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "tests/lab/temp_folder.h"
#include "tests/lab/web_peer.h"

namespace rm::lab {

struct AlertmanagerOptions {
    /// The whole configuration, as YAML. By default alerts stay with it, grouped without delay.
    std::string configuration =
        "route: {receiver: nobody, group_wait: 0s, group_interval: 1s}\n"
        "receivers: [{name: nobody}]\n";
    const Space* inside = nullptr;
};

struct Alert {
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> annotations;
    std::string state;  // "active", "suppressed", "unprocessed"
};

class Alertmanager {
public:
    static Result<Alertmanager> start(const AlertmanagerOptions& options = {});

    /// The alerts it has now; resolved ones are gone.
    [[nodiscard]] Result<std::vector<Alert>> alerts() const;
    /// Posts an array of alerts, as its API takes them.
    Status post(const std::string& json) const;

    [[nodiscard]] std::string url() const { return peer_.url(); }
    [[nodiscard]] std::string inside_url() const { return peer_.inside_url(); }
    [[nodiscard]] PeerProcess& process() { return peer_.process(); }

private:
    Alertmanager(TempFolder folder, WebPeer peer);

    TempFolder folder_;
    WebPeer peer_;
};

}  // namespace rm::lab
