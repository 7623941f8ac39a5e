// SPDX-License-Identifier: Apache-2.0
#include "telemetry/process_metrics.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>

#include <prometheus/metric_family.h>
#include <sys/resource.h>
#include <unistd.h>

namespace rm::telemetry {
namespace {

/// The fields of /proc/self/stat that we report, by their numbers in proc(5).
struct Stat {
    std::uint64_t user_ticks = 0;      // 14
    std::uint64_t system_ticks = 0;    // 15
    std::uint64_t threads = 0;         // 20
    std::uint64_t start_ticks = 0;     // 22, since boot
    std::uint64_t virtual_bytes = 0;   // 23
    std::uint64_t resident_pages = 0;  // 24
};

std::optional<Stat> read_stat() {
    std::ifstream file("/proc/self/stat");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto name_end = text.rfind(')');  // the program's name may hold anything
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream fields(text.substr(name_end + 1));
    Stat stat;
    std::string skipped;
    const auto skip = [&](int count) {
        while (count-- > 0) fields >> skipped;
    };
    skip(11);
    fields >> stat.user_ticks >> stat.system_ticks;
    skip(4);
    fields >> stat.threads;
    skip(1);
    fields >> stat.start_ticks >> stat.virtual_bytes >> stat.resident_pages;
    return fields ? std::optional(stat) : std::nullopt;
}

std::optional<double> boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string word; file >> word;) {
        double seconds = 0;
        if (word == "btime" && file >> seconds) return seconds;
    }
    return std::nullopt;
}

std::optional<double> open_descriptors() {
    std::error_code error;
    const std::filesystem::directory_iterator entries("/proc/self/fd", error);
    if (error) return std::nullopt;
    return static_cast<double>(std::distance(begin(entries), end(entries)) - 1);  // one is this very listing
}

std::optional<double> allowed_descriptors() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
    return static_cast<double>(limit.rlim_cur);
}

class Families {
public:
    void add(prometheus::MetricType type, std::string name, std::string help, std::optional<double> value) {
        if (!value) return;
        prometheus::ClientMetric metric;
        if (type == prometheus::MetricType::Counter)
            metric.counter.value = *value;
        else
            metric.gauge.value = *value;
        families_.push_back({std::move(name), std::move(help), type, {std::move(metric)}});
    }

    std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

private:
    std::vector<prometheus::MetricFamily> families_;
};

}  // namespace

std::vector<prometheus::MetricFamily> ProcessMetrics::Collect() const {
    using prometheus::MetricType;
    Families families;
    const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    if (const auto stat = read_stat()) {
        families.add(MetricType::Counter, "process_cpu_seconds_total",
                     "User and system CPU time spent, in seconds.",
                     static_cast<double>(stat->user_ticks + stat->system_ticks) / ticks_per_second);
        families.add(MetricType::Gauge, "process_resident_memory_bytes", "Resident memory size in bytes.",
                     static_cast<double>(stat->resident_pages) * page_bytes);
        families.add(MetricType::Gauge, "process_virtual_memory_bytes", "Virtual memory size in bytes.",
                     static_cast<double>(stat->virtual_bytes));
        families.add(MetricType::Gauge, "process_threads", "Number of threads.",
                     static_cast<double>(stat->threads));
        if (const auto boot = boot_time())
            families.add(MetricType::Gauge, "process_start_time_seconds",
                         "Start of the process, in seconds since the epoch.",
                         *boot + static_cast<double>(stat->start_ticks) / ticks_per_second);
    }
    families.add(MetricType::Gauge, "process_open_fds", "Number of open file descriptors.",
                 open_descriptors());
    families.add(MetricType::Gauge, "process_max_fds", "Largest number of open file descriptors.",
                 allowed_descriptors());
    return families.take();
}

}  // namespace rm::telemetry
