// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/machine.h"

#include <fstream>
#include <sstream>
#include <thread>

#include "tests/lab/traces.h"

namespace rm::lab {

namespace {

/// Adds the first words of each line of a file: behind them there are counters.
void add_lines(std::set<std::string>& lines, const std::string& file, int count) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string start = file + ":";
        std::string word;
        for (int i = 0; i < count && words >> word; ++i) start += " " + word;
        lines.insert(start);
    }
}

/// Asks every few milliseconds until the answer is `good` or `patience` is over.
template <class Answer>
Answer ask_until(const std::function<Answer()>& ask, const std::function<bool(const Answer&)>& good,
                 std::chrono::seconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
        Answer answer = ask();
        if (good(answer) || std::chrono::steady_clock::now() > end) return answer;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

}  // namespace

std::set<std::string> machine_now() {
    std::set<std::string> all;
    add_lines(all, "/proc/net/dev", 1);      // the name
    add_lines(all, "/proc/self/mounts", 3);  // what, where, type
    add_lines(all, "/proc/sysvipc/shm", 2);  // key and number
    return all;
}

std::set<std::string> new_since(const std::set<std::string>& before) {
    using Set = std::set<std::string>;
    const auto added = [&before] {
        Set now = machine_now();
        for (const std::string& each : before) now.erase(each);
        return now;
    };
    return ask_until<Set>(added, [](const Set& all) { return all.empty(); }, std::chrono::seconds(10));
}

Traces traces_when(const std::string& lab, const std::function<bool(const Traces&)>& good,
                   std::chrono::seconds patience) {
    return ask_until<Traces>([&] { return traces(lab); }, good, patience);
}

Traces left_of(const std::string& lab) {
    return traces_when(lab, [](const Traces& all) { return all.empty(); });
}

}  // namespace rm::lab
