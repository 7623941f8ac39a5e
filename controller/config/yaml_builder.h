// SPDX-License-Identifier: Apache-2.0
// YamlBuilder: builds a Node from the parser's events, within limits of depth and of what aliases may grow
// to. What breaks a limit is thrown as the parser's own exception, so that parsing ends there; what a person
// can mend piece by piece is noted as a problem. Internal to yaml_read.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include "config/yaml_places.h"
#include "config/yaml_read.h"

namespace rm::config {

class YamlBuilder final : public YAML::EventHandler {
public:
    /// `text`, `file` and `result` must outlive it.
    YamlBuilder(std::string_view text, const std::string& file, YamlText& result);

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override;
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override;
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

private:
    /// A list or map whose end has not come yet.
    struct Frame {
        Node node;
        YAML::anchor_t anchor = YAML::NullAnchor;
        bool wants_key = false;
        std::string key;
        Mark key_mark;
        bool merging = false;                        // the key is `<<`
        bool ignored = false;                        // the key can't be used: what belongs to it is dropped
        std::unordered_map<std::string, int> lines;  // of the keys
        std::vector<Node> merged;
    };

    void spend(std::size_t amount, const YAML::Mark& mark);
    void problem(Mark mark, std::string message);
    [[nodiscard]] std::string path() const;
    [[nodiscard]] bool wants_key() const;
    void check_tag(const std::string& tag, Mark mark);
    void take_key(const YAML::Mark& at, const std::string& tag, const std::string& value);
    void open(Node node, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
    void close();
    /// Puts a complete node where it belongs.
    void finish(Node node, YAML::anchor_t anchor);
    void add_member(Frame& frame, Node node);
    void add_merged(Frame& frame, Node node);

    Places places_;
    const std::string& file_;
    YamlText& result_;
    std::vector<Frame> open_;
    std::unordered_map<YAML::anchor_t, Node> anchors_;
    std::size_t spent_ = 0;
    int documents_ = 0;
};

}  // namespace rm::config
