// SPDX-License-Identifier: Apache-2.0
#include "deploy/action.h"

namespace rm::deploy {

std::string_view to_string(Act act) {
    switch (act) {
        case Act::before_hook:
            return "run the hook `before`";
        case Act::create_green:
            return "create the new container";
        case Act::furnish_green:
            return "complete the new container";
        case Act::start_green:
            return "start the new container";
        case Act::probe_green:
            return "probe the new container";
        case Act::verify_green:
            return "verify the new container";
        case Act::healthy_hook:
            return "run the hook `after_healthy`";
        case Act::pin_blue:
            return "keep the old container from coming back by itself";
        case Act::switch_hook:
            return "run the hook `switch`";
        case Act::begin_drain:
            return "take the old container out of the traffic";
        case Act::signal_blue:
            return "tell the old container to stop";
        case Act::kill_blue:
            return "kill the old container, which does not stop";
        case Act::rename_blue:
            return "rename the old container aside";
        case Act::restore_name:
            return "give the old container its name back";
        case Act::rename_green:
            return "give the new container its name";
        case Act::remove_blue:
            return "remove the old container";
        case Act::after_hook:
            return "run the hook `after`";
        case Act::keep_evidence:
            return "keep what the new container last said";
        case Act::start_blue:
            return "start the old container again";
        case Act::unpin_blue:
            return "give the old container its restart policy back";
        case Act::end_drain:
            return "put the old container back into the traffic";
        case Act::remove_green:
            return "remove the new container";
        case Act::rollback_hook:
            return "run the hook `on_rollback`";
        case Act::change_limits:
            return "change the limits";
        case Act::probe_blue:
            return "probe the container";
        case Act::run_script:
            return "run the script";
    }
    return "do something";
}

}  // namespace rm::deploy
