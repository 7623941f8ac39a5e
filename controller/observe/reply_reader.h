// SPDX-License-Identifier: Apache-2.0
// ReplyReader: reads the answer of Prometheus to an instant query as it comes, in pieces of any size, and
// hands on one sample after the other. It never holds the document: memory is bounded by the caps whatever
// comes. A sample counts only if `finish` then says that the whole answer was good. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace rm::observe {

/// The container that a sample is of, as its labels say, and its value; may be NaN or infinite.
struct Sample {
    std::optional<std::string_view> id;    // cAdvisor's: the path of a control group
    std::optional<std::string_view> name;  // valid during the call
    double at = 0;                         // when the query was evaluated, in seconds since 1970
    double value = 0;
};

/// What a good answer says besides its samples.
struct ReplyNotes {
    std::vector<std::string> warnings;  // the first few, shortened; not safe to print as they are
};

class ReplyReader {
public:
    using OnSample = std::function<void(const Sample&)>;

    explicit ReplyReader(OnSample on_sample, Bytes cap = Bytes::mebi(64));
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;
    ReplyReader(ReplyReader&&) = delete;
    ReplyReader& operator=(ReplyReader&&) = delete;
    ~ReplyReader();

    /// False when more makes no difference: something is wrong that `finish` tells.
    bool take(std::string_view bytes);

    /// To be called once, when all was taken. Errors: `protocol` (not what Prometheus answers, or cut short),
    /// `too_large`, `timeout` (Prometheus itself gave up), `invalid` (Prometheus says why it refuses).
    Result<ReplyNotes> finish();

private:
    class Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace rm::observe
