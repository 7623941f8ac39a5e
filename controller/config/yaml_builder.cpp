// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_builder.h"

#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>

#include "config/path.h"
#include "core/text.h"

namespace rm::config {
namespace {

/// What a text may grow to through aliases, in bytes; a node counts as `node_cost`.
constexpr std::size_t max_expanded = std::size_t{16} << 20;
constexpr std::size_t node_cost = 64;

std::size_t cost(const Node& node) {
    std::size_t sum = node_cost + node.text.size() + node.name.size();
    for (const Node& item : node.items) sum += cost(item);
    return sum;
}

[[noreturn]] void too_deep(const YAML::Mark& mark) {
    throw YAML::ParserException(mark, fmt::format("it is nested over {} levels deep", max_yaml_depth));
}

}  // namespace

YamlBuilder::YamlBuilder(std::string_view text, const std::string& file, YamlText& result)
    : places_(text), file_(file), result_(result) {}

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
    if (documents_++ > 0)
        throw YAML::ParserException(mark, "a second document starts here; one was expected");
}

void YamlBuilder::OnDocumentEnd() {}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    Node node;
    node.mark = places_(mark);
    spend(node_cost, mark);
    finish(std::move(node), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) throw YAML::ParserException(mark, "an alias stands inside what it names");
    if (static_cast<int>(open_.size()) + depth(known->second) > max_yaml_depth) too_deep(mark);
    spend(cost(known->second), mark);
    finish(known->second, YAML::NullAnchor);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
    if (value.find('\0') != std::string::npos)
        throw YAML::ParserException(mark, "a text contains a zero byte");
    spend(node_cost + value.size(), mark);
    if (wants_key()) {
        take_key(mark, tag, value);
        return;
    }
    Node node = tag == "!" ? string(value) : bare(value);
    node.mark = places_(mark);
    check_tag(tag, node.mark);
    finish(std::move(node), anchor);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value /*style*/) {
    open(list({}), mark, tag, anchor);
}

void YamlBuilder::OnSequenceEnd() {
    close();
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
    open(map(), mark, tag, anchor);
}

/// What `<<` brings in comes last: the map's own keys win, then the first source that has one.
void YamlBuilder::OnMapEnd() {
    Frame& frame = open_.back();
    for (Node& source : frame.merged)
        for (Node& item : source.items)
            if (frame.lines.try_emplace(item.name, item.name_mark.line).second)
                frame.node.items.push_back(std::move(item));
    close();
}

void YamlBuilder::spend(std::size_t amount, const YAML::Mark& mark) {
    spent_ += amount;
    if (spent_ > max_expanded)
        throw YAML::ParserException(mark, "it holds too many values, counting what its aliases repeat");
}

void YamlBuilder::problem(Mark mark, std::string message) {
    result_.problems.push_back({.where = {.kind = Origin::Kind::file, .name = file_, .mark = mark},
                                .path = path(),
                                .message = std::move(message)});
}

std::string YamlBuilder::path() const {
    std::string text;
    for (const Frame& frame : open_) {
        if (frame.node.kind == Node::Kind::list)
            text += fmt::format("[{}]", frame.node.items.size());
        else if (!frame.wants_key)
            text = join(text, frame.key);
    }
    return text;
}

bool YamlBuilder::wants_key() const {
    return !open_.empty() && open_.back().wants_key;
}

void YamlBuilder::check_tag(const std::string& tag, Mark mark) {
    if (!tag.empty() && tag != "?" && tag != "!")
        problem(mark, fmt::format("has the tag {}, and tags have no meaning here", quoted(tag)));
}

void YamlBuilder::take_key(const YAML::Mark& at, const std::string& tag, const std::string& value) {
    Frame& frame = open_.back();
    frame.key = value;
    frame.key_mark = places_(at);
    frame.wants_key = false;
    frame.merging = value == "<<" && tag != "!";
    check_tag(tag, frame.key_mark);
    const auto [first, is_new] = frame.lines.try_emplace(value, frame.key_mark.line);
    frame.ignored = !is_new;
    if (!is_new)
        problem(frame.key_mark,
                fmt::format("is given a second time; the first is in line {}", first->second));
}

void YamlBuilder::open(Node node, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (wants_key()) throw YAML::ParserException(mark, "a key must be a plain text, not a list or a map");
    if (static_cast<int>(open_.size()) >= max_yaml_depth) too_deep(mark);
    spend(node_cost, mark);
    node.mark = places_(mark);
    check_tag(tag, node.mark);
    Frame& frame = open_.emplace_back();
    frame.wants_key = node.kind == Node::Kind::map;
    frame.node = std::move(node);
    frame.anchor = anchor;
}

void YamlBuilder::close() {
    Frame frame = std::move(open_.back());
    open_.pop_back();
    finish(std::move(frame.node), frame.anchor);
}

void YamlBuilder::finish(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
        spent_ += cost(node);
        anchors_[anchor] = node;
    }
    if (open_.empty()) {
        result_.root = std::move(node);
        return;
    }
    Frame& frame = open_.back();
    if (frame.node.kind == Node::Kind::list) {
        frame.node.items.push_back(std::move(node));
    } else if (frame.wants_key) {  // null or an alias in the place of a key
        problem(node.mark, "a key must be written as a text");
        frame.key.clear();
        frame.wants_key = false;
        frame.ignored = true;
    } else {
        add_member(frame, std::move(node));
    }
}

void YamlBuilder::add_member(Frame& frame, Node node) {
    if (!frame.ignored && frame.merging) {
        add_merged(frame, std::move(node));
    } else if (!frame.ignored) {
        node.name_mark = frame.key_mark;
        frame.node.add(frame.key, std::move(node));
    }
    frame.wants_key = true;
}

void YamlBuilder::add_merged(Frame& frame, Node node) {
    std::vector<Node> sources;
    if (node.kind == Node::Kind::list)
        sources = std::move(node.items);
    else
        sources.push_back(std::move(node));
    for (Node& source : sources) {
        if (source.kind == Node::Kind::map)
            frame.merged.push_back(std::move(source));
        else
            problem(frame.key_mark, "can only merge maps");
    }
}

}  // namespace rm::config
