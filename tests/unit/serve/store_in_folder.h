// SPDX-License-Identifier: Apache-2.0
// A store of a test's own, in a folder that goes with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "store/database.h"
#include "tests/unit/serve/hand_made_check.h"

namespace rm::serve {

class StoreInFolder : public testing::Test {
protected:
    void TearDown() override {
        store.reset();
        std::filesystem::remove_all(directory);
    }

    static std::filesystem::path fresh_directory() {
        std::string path = (std::filesystem::temp_directory_path() / "rm-routes-XXXXXX").string();
        if (mkdtemp(path.data()) == nullptr) ADD_FAILURE() << "no directory " << path;
        return path;
    }

    VirtualClock clock{noon()};
    std::filesystem::path directory = fresh_directory();
    std::unique_ptr<store::Database> store =
        store::Database::open({.url = "sqlite:" + (directory / "rm.db").string(), .password = {}}, clock)
            .value();
};

}  // namespace rm::serve
