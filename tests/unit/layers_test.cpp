// SPDX-License-Identifier: Apache-2.0
// The direction of the house: an #include may only go where cmake/Layers.cmake allows it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

/// Which folder may include which, in the order of the house.
struct Layers {
    std::vector<std::string> order;
    std::map<std::string, std::set<std::string>> uses;
};

Layers read_layers(std::istream& in) {
    Layers layers;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string name;
        words >> name;
        if (name.empty()) continue;
        name.pop_back();  // the colon
        layers.order.push_back(name);
        auto& uses = layers.uses[name];
        for (std::string used; words >> used;) uses.insert(used);
    }
    return layers;
}

/// The folder named by `#include "folder/file.h"`; empty for anything else.
std::string included_folder(const std::string& line) {
    std::istringstream words(line);
    std::string directive;
    std::string path;
    words >> directive >> path;
    if (directive == "#") {
        directive += path;
        words >> path;
    }
    if (directive != "#include" || !path.starts_with('"')) return {};
    const auto slash = path.find('/');
    return slash == std::string::npos ? std::string("(no folder)") : path.substr(1, slash - 1);
}

std::vector<std::string> wrong_includes(const fs::path& controller, const Layers& layers) {
    std::vector<std::string> wrong;
    for (const auto& entry : fs::recursive_directory_iterator(controller)) {
        const fs::path inside = fs::relative(entry.path(), controller);
        const bool source = inside.extension() == ".h" || inside.extension() == ".cpp";
        if (!source || !inside.has_parent_path()) continue;
        const std::string folder = inside.begin()->string();
        std::ifstream file(entry.path());
        int number = 0;
        for (std::string line; std::getline(file, line);) {
            ++number;
            const std::string used = included_folder(line);
            if (used.empty() || used == folder) continue;
            const auto allowed = layers.uses.find(folder);
            if (allowed == layers.uses.end() || !allowed->second.contains(used))
                wrong.push_back(inside.string() + ":" + std::to_string(number) + ": " + line);
        }
    }
    return wrong;
}

TEST(Layers, every_include_goes_the_allowed_way) {
    std::ifstream file(RM_LAYERS_FILE);
    const Layers layers = read_layers(file);
    ASSERT_FALSE(layers.order.empty());
    EXPECT_EQ(wrong_includes(RM_CONTROLLER_DIR, layers), std::vector<std::string>());
}

TEST(Layers, the_table_only_points_upwards_so_there_is_no_cycle) {
    std::ifstream file(RM_LAYERS_FILE);
    const Layers layers = read_layers(file);
    std::set<std::string> above;
    for (const std::string& name : layers.order) {
        for (const std::string& used : layers.uses.at(name))
            EXPECT_TRUE(above.contains(used))
                << name << " uses " << used << ", which comes later in the line";
        above.insert(name);
    }
}

TEST(Layers, an_include_against_the_direction_is_found) {
    const fs::path root = fs::path(testing::TempDir()) / "layers_test";
    fs::remove_all(root);
    fs::create_directories(root / "core");
    fs::create_directories(root / "serve");
    std::ofstream(root / "core" / "bad.h") << "#pragma once\n  #  include \"serve/server.h\"\n";
    std::ofstream(root / "serve" / "good.cpp")
        << "#include <string>\n#include \"core/bad.h\"\n#include \"serve/x.h\"\n";
    std::istringstream table("core: \nserve: core\n");

    const auto wrong = wrong_includes(root, read_layers(table));

    ASSERT_EQ(wrong.size(), 1U);
    EXPECT_EQ(wrong[0], "core/bad.h:2:   #  include \"serve/server.h\"");
    fs::remove_all(root);
}

}  // namespace
