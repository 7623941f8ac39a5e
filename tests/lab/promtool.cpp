// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/promtool.h"

#include <algorithm>
#include <sstream>

#include "tests/lab/peer_process.h"
#include "tests/lab/temp_folder.h"

namespace rm::lab {

Result<std::vector<std::string>> complaints_of_promtool(const std::string& metrics) {
    const auto folder = TempFolder::make("promtool");
    if (!folder) return fail(folder.error());
    const auto file = folder->path() / "metrics";
    if (Status written = write_file(file, metrics); !written) return fail(written.error());
    // It reads nothing but its standard input.
    const auto output = run_program(
        {.name = "promtool", .argv = {"sh", "-c", R"(exec promtool check metrics < "$1")", "sh", file}});
    if (!output) return fail(output.error());
    // 3 is for complaints, and for a page that it can't read it has others.
    if (output->exit_code != 0 && output->exit_code != 3)
        return fail(ErrorCode::invalid, "promtool can't read the metrics: {}", output->text);
    std::vector<std::string> complaints;
    std::istringstream lines(output->text);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) complaints.push_back(line);
    std::ranges::sort(complaints);
    return complaints;
}

}  // namespace rm::lab
