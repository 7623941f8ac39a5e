// SPDX-License-Identifier: Apache-2.0
#include "config/effective.h"

#include <algorithm>

#include "config/values.h"

namespace rm::config {
namespace {

void hide(Node& node, Privacy privacy) {
    for (Node& item : node.items) hide(item, privacy);
    if (node.kind == Node::Kind::text)
        node.text = privacy == Privacy::secret ? std::string("***") : print(Url(node.text));
}

}  // namespace

const Entry* Effective::find(std::string_view path) const {
    const auto found = std::ranges::find(entries, path, &Entry::path);
    return found == entries.end() ? nullptr : &*found;
}

Node visible(const Entry& entry) {
    Node node = entry.value;
    if (entry.key->row.privacy != Privacy::open) hide(node, entry.key->row.privacy);
    return node;
}

}  // namespace rm::config
