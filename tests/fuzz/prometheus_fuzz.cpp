// SPDX-License-Identifier: Apache-2.0
// Whatever Prometheus, or somebody in its place, answers: the reader comes to the same end however the bytes
// are cut, hands on no more than was there, and a check survives what it handed on. The input's first byte
// says how the rest is cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "observe/cgroup_id.h"
#include "observe/reply_reader.h"

namespace {

using rm::observe::ReplyReader;
using rm::observe::Sample;

void require(bool held) {
    if (!held) std::abort();
}

struct Seen {
    std::vector<std::string> containers;
    std::vector<double> values;
    std::string verdict;
};

bool same(double a, double b) {
    return std::memcmp(&a, &b, sizeof a) == 0;
}

Seen read(std::string_view text, std::uint8_t cut) {
    Seen seen;
    ReplyReader reader(
        [&](const Sample& sample) {
            seen.containers.push_back(std::string(sample.id.value_or("-")) + '|' +
                                      std::string(sample.name.value_or("-")));
            seen.values.push_back(sample.value);
            const auto container = rm::observe::container_of(sample.id.value_or(""));
            require(container.empty() || container.size() == 64);
        },
        rm::Bytes(1 << 20));
    std::size_t length = cut;
    while (!text.empty()) {
        // Pieces of changing length, or all at once.
        length = cut == 0 ? text.size() : (length * 31 + 7) % cut + 1;
        if (!reader.take(text.substr(0, length))) break;
        text.remove_prefix(std::min(length, text.size()));
    }
    const auto notes = reader.finish();
    // What is wrong in two ways may be refused for one or the other.
    seen.verdict = notes ? "good" : std::string(to_string(notes.error().code));
    if (notes)
        for (const std::string& warning : notes->warnings) seen.verdict += "|" + warning;
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Seen whole = read(text, 0);
    const Seen pieces = read(text, std::max<std::uint8_t>(data[0], 1));
    require(whole.verdict == pieces.verdict);
    require(whole.containers == pieces.containers);
    require(std::ranges::equal(whole.values, pieces.values, same));
    require(whole.values.size() <= text.size() / 8);
    return 0;
}
