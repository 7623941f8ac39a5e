// SPDX-License-Identifier: Apache-2.0
// LogFile: a log in a file that is renamed when it is full. Nothing that happens to the file or its folder
// ends the log: a file that cannot be renamed goes on over its size, a deleted one is made again, and what
// went wrong can be asked until it is mended. Not thread-safe; the time is a parameter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/descriptor.h"
#include "core/result.h"

namespace rm::log {

class LogFile {
public:
    struct Options {
        std::string path;
        Bytes rotate_at = Bytes::mebi(10);  // at this size rm.log becomes rm.1.log
        int keep = 5;                       // how many renamed files stay

        friend bool operator==(const Options&, const Options&) = default;
    };

    /// Appends to the file; makes it, readable by owner and group, and its folder where they are missing.
    static Result<LogFile> open(Options options, SteadyTime now);

    /// Writes one line, which has its end; false if it is not in the file now.
    bool write(std::string_view line, SteadyTime now);

    /// Why lines do not go where they should; empty if they do.
    [[nodiscard]] std::string trouble() const;

private:
    explicit LogFile(Options options) : options_(std::move(options)) {}

    Status reopen();
    void look();
    void rotate(SteadyTime now);
    Status put_aside();
    [[nodiscard]] bool same_file() const;

    Options options_;
    Descriptor file_;
    std::int64_t size_ = 0;
    bool torn_ = false;  // the last line is not complete
    SteadyTime next_look_;
    SteadyTime next_rotation_ = SteadyTime::min();
    std::string gone_;       // why the path has no file of ours
    std::string full_;       // why the file is over its size
    std::string unwritten_;  // why the last line is not in it
};

}  // namespace rm::log
