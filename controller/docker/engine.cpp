// SPDX-License-Identifier: Apache-2.0
#include "docker/engine.h"

namespace rm::docker {
namespace {

Error not_yet() {
    return {.code = ErrorCode::unsupported, .message = "this engine cannot do that"};
}

}  // namespace

Result<std::string> Engine::document(const ContainerId& /*unused*/, const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Result<std::string> Engine::image_id(const std::string& /*unused*/, const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Result<std::vector<FileChange>> Engine::changes(const ContainerId& /*unused*/,
                                                const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Result<std::string> Engine::log_tail(const ContainerId& /*unused*/, int /*unused*/,
                                     const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Result<std::string> Engine::get_archive(const ContainerId& /*unused*/, const std::string& /*unused*/,
                                        const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Result<ContainerId> Engine::create(const std::string& /*unused*/, const std::string& /*unused*/,
                                   const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::connect(const std::string& /*unused*/, const ContainerId& /*unused*/,
                       const std::string& /*unused*/, const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::start(const ContainerId& /*unused*/, const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::signal(const ContainerId& /*unused*/, const std::string& /*unused*/,
                      const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::rename(const ContainerId& /*unused*/, const std::string& /*unused*/,
                      const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::remove(const ContainerId& /*unused*/, Removal /*unused*/, const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::update(const ContainerId& /*unused*/, const Update& /*unused*/,
                      const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::put_archive(const ContainerId& /*unused*/, const std::string& /*unused*/,
                           const std::string& /*unused*/, const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Result<ExecOutcome> Engine::exec(const ContainerId& /*unused*/, const Exec& /*unused*/,
                                 const std::stop_token& /*unused*/) {
    return fail(not_yet());
}

Status Engine::may_exec(const std::stop_token& /*unused*/) {
    return {};
}

}  // namespace rm::docker
