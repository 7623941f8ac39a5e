// SPDX-License-Identifier: Apache-2.0
// The file's part of Given: walks the document along the table.
#include <fmt/format.h>

#include "config/given.h"
#include "config/path.h"
#include "config/table.h"
#include "core/text.h"

namespace rm::config {
namespace {

class FileLayer {
public:
    FileLayer(Given& given, const std::string& file) : given_(given), file_(file) {}

    void read(const Node& root) {
        if (root.kind == Node::Kind::nothing) return;
        if (root.kind != Node::Kind::map) {
            complain(given_, at(root.mark), {}, "expected the sections of a configuration, like 'http:'");
            return;
        }
        for (const Node& item : root.items) {
            if (item.name == "services")
                read_services(item);
            else
                read_item(item, {}, std::nullopt);
        }
    }

private:
    [[nodiscard]] Origin at(Mark mark) const {
        return {.kind = Origin::Kind::file, .name = file_, .mark = mark};
    }

    /// `section` is behind `services.NAME` when there is a service.
    void read_item(const Node& item, const std::string& section, const std::optional<ServiceName>& service) {
        const std::string inner = section.empty() ? item.name : section + '.' + item.name;
        const bool dotted = item.name.find('.') != std::string::npos;
        const Key* key = service ? find_service_key(inner) : find_key(inner);
        if (key != nullptr && !dotted)
            give(given_, {.key = key, .service = service, .path = shown(inner, service)}, item,
                 at(item.name_mark));
        else if (!dotted && !names_in(inner, service.has_value()).empty())
            read_section(item, inner, service);
        else
            complain(given_, at(item.name_mark), join(shown(section, service), item.name), "is not a key",
                     probably_meant(item.name, section, service.has_value()));
    }

    void read_section(const Node& node, const std::string& path, const std::optional<ServiceName>& service) {
        if (node.kind == Node::Kind::nothing) return;  // everything in it is commented out
        if (node.kind == Node::Kind::map) {
            for (const Node& item : node.items) read_item(item, path, service);
            return;
        }
        const auto names = names_in(path, service.has_value());
        complain(given_, at(node.mark), shown(path, service),
                 fmt::format("expected a map with keys like {}", quoted(names.front())));
    }

    void read_services(const Node& node) {
        if (node.kind == Node::Kind::map)
            for (const Node& item : node.items) read_service(item);
        else if (node.kind != Node::Kind::nothing)
            complain(given_, at(node.mark), "services", "expected a map of services, each with its keys");
    }

    void read_service(const Node& node) {
        const auto name = ServiceName::parse(node.name);
        if (!name) {
            complain(given_, at(node.name_mark), join("services", node.name), name.error().message);
            return;
        }
        given_.services.insert_or_assign(*name, at(node.name_mark));
        if (node.kind == Node::Kind::map)
            for (const Node& item : node.items) read_item(item, {}, *name);
        else if (node.kind != Node::Kind::nothing)
            complain(given_, at(node.mark), join("services", node.name),
                     "expected a map with keys like 'class', or nothing");
    }

    static std::string shown(const std::string& path, const std::optional<ServiceName>& service) {
        return service ? service_path(*service, path) : path;
    }

    Given& given_;
    const std::string& file_;
};

}  // namespace

void read_file_layer(Given& given, const Node& root, const std::string& file) {
    FileLayer(given, file).read(root);
}

}  // namespace rm::config
