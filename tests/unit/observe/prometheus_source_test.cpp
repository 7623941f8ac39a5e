// SPDX-License-Identifier: Apache-2.0
#include "observe/prometheus_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/observe/containers.h"
#include "tests/unit/observe/fake_prometheus.h"

namespace rm::observe {
namespace {

using namespace std::chrono_literals;
using lab::Answer;
using test::id;
using test::item;
using test::metric;
using testing::HasSubstr;
using testing::IsEmpty;

class PrometheusSourceTest : public testing::Test {
protected:
    PrometheusSourceTest() { answer_all(metric(id(1))); }

    void answer_all(const std::string& of) {
        fake_.answer(Signal::sample_time, {item(of, epoch_, fmt::format("{:.3f}", epoch_ - 10))});
        fake_.answer(Signal::memory_usage, {item(of, epoch_, "104857600")});
        fake_.answer(Signal::cpu_usage, {item(of, epoch_, "0.25")});
        fake_.answer(Signal::throttled, {item(of, epoch_, "0.5")});
        fake_.answer(Signal::oom_kills, {item(of, epoch_, "3")});
        fake_.answer(Signal::cpu_trend, {item(of, epoch_, "0.125")});
        fake_.answer(Signal::memory_trend, {item(of, epoch_, "1e+08")});
    }

    Observation observe() {
        PrometheusSource source(options_, clock_);
        return source.observe(targets_, windows_, clock_.now().wall, {});
    }
    Usage usage() { return observe().usage.at(id(1)); }

    SystemClock real_;
    VirtualClock clock_;
    double epoch_ = std::chrono::duration<double>(clock_.now().wall.time_since_epoch()).count();
    test::FakePrometheus fake_;
    PrometheusOptions options_ = fake_.options();
    Windows windows_{.window = 5min, .trend = 1h, .check_interval = 5min};
    std::vector<Target> targets_{
        {.id = id(1), .name = "web", .started_at = clock_.now().wall - 24h, .cpu_limited = true}};
};

TEST_F(PrometheusSourceTest, reads_every_signal_in_seven_requests) {
    const Observation seen = observe();
    EXPECT_EQ(seen.requests, 7);
    EXPECT_EQ(fake_.peer().requests().size(), 7U);
    EXPECT_THAT(seen.faults, IsEmpty());
    const Usage& usage = seen.usage.at(id(1));
    EXPECT_EQ(usage.cpu, Cores::from_nanos(250'000'000));
    EXPECT_EQ(usage.memory, Bytes::mebi(100));
    EXPECT_EQ(usage.throttled, Ratio(0.5));
    EXPECT_EQ(usage.oom_kills, 3);
    EXPECT_EQ(usage.cpu_trend, Cores::from_nanos(125'000'000));
    EXPECT_EQ(usage.memory_trend, Bytes(100'000'000));
}

TEST_F(PrometheusSourceTest, asks_as_often_for_a_hundred_containers_as_for_one) {
    for (unsigned i = 2; i <= 100; ++i)
        targets_.push_back({.id = id(i), .name = fmt::format("c{}", i), .started_at = {}});
    EXPECT_EQ(observe().requests, 7);
}

TEST_F(PrometheusSourceTest, sends_the_built_in_queries_with_windows_and_matcher_and_the_token) {
    options_.queries.clear();
    options_.matcher = "job=\"a\"";
    options_.token = Secret("t0ken");
    fake_.peer().on("POST", "/api/v1/query", Answer::text(200, test::vector_of({})));
    (void)observe();
    const auto requests = fake_.peer().requests();
    ASSERT_EQ(requests.size(), 7U);
    for (const auto& request : requests) {
        EXPECT_EQ(request.header("Authorization"), "Bearer t0ken");
        EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded");
        EXPECT_THAT(request.body, HasSubstr(net::encoded("{job=\"a\"}")));
        EXPECT_THAT(request.body, testing::Not(HasSubstr("%24")));
    }
    EXPECT_THAT(requests[2].body,
                HasSubstr(net::encoded("rate(container_cpu_usage_seconds_total{job=\"a\"}[5m])")));
    EXPECT_THAT(requests[5].body, HasSubstr(net::encoded("[1h]")));
}

TEST_F(PrometheusSourceTest, one_failing_signal_leaves_the_others_alone) {
    fake_.answer(Signal::cpu_usage, Answer::text(503));
    const Observation seen = observe();
    EXPECT_EQ(seen.usage.at(id(1)).cpu.error(), Gap::unavailable);
    EXPECT_EQ(seen.usage.at(id(1)).memory, Bytes::mebi(100));
    EXPECT_TRUE(seen.usage.at(id(1)).cpu_trend);
    ASSERT_EQ(seen.faults.size(), 1U);
    EXPECT_EQ(seen.faults[0].what, "cpu_usage");
    EXPECT_THAT(seen.faults[0].message, HasSubstr("Prometheus answered 503"));
}

TEST_F(PrometheusSourceTest, tells_each_way_to_fail_apart) {
    options_.reply_cap = Bytes(10'000);
    const auto error = [&](int status, std::string_view type) {
        return Answer::text(status,
                            fmt::format(R"({{"status":"error","errorType":"{}","error":"why"}})", type));
    };
    const std::vector<std::pair<Answer, Gap>> cases{
        {Answer::text(429), Gap::unavailable},
        {Answer::text(500), Gap::unavailable},
        {Answer::text(401), Gap::unavailable},
        {Answer::text(404), Gap::bad_reply},
        {error(400, "bad_data"), Gap::bad_reply},
        {error(422, "execution"), Gap::bad_reply},
        {error(503, "timeout"), Gap::timeout},
        {error(200, "execution"), Gap::bad_reply},
        {Answer::text(200, "<html>log in</html>"), Gap::bad_reply},
        {Answer::text(200, R"({"status":"success","data":)"), Gap::bad_reply},
        {Answer::text(200, std::string(20'000, ' ')), Gap::bad_reply},
        {Answer::chunked().chunk(R"({"status":)").cut(), Gap::bad_reply},
        {Answer::raw("no HTTP at all\r\n\r\n").cut(), Gap::bad_reply},
    };
    for (const auto& [answer, gap] : cases) {
        fake_.answer(Signal::memory_usage, answer);
        const Observation seen = observe();
        ASSERT_FALSE(seen.usage.at(id(1)).memory) << to_string(gap);
        EXPECT_EQ(to_string(seen.usage.at(id(1)).memory.error()), to_string(gap))
            << seen.faults.at(0).message;
        EXPECT_EQ(seen.faults.size(), 1U);
    }
}

TEST_F(PrometheusSourceTest, says_what_prometheus_found_wrong_with_a_query) {
    fake_.answer(Signal::throttled,
                 Answer::text(400, R"({"status":"error","errorType":"bad_data","error":"unexpected end"})"));
    EXPECT_THAT(observe().faults.at(0).message, HasSubstr("'bad_data': 'unexpected end'"));
}

TEST_F(PrometheusSourceTest, silence_and_dribbling_are_timeouts) {
    options_.timeout = 200ms;
    PrometheusSource source(options_, real_);
    fake_.answer(Signal::memory_trend, Answer::never());
    fake_.answer(Signal::cpu_trend, Answer::chunked().chunk("{").hold());
    const auto usage = source.observe(targets_, windows_, clock_.now().wall, {}).usage.at(id(1));
    EXPECT_EQ(usage.memory_trend.error(), Gap::timeout);
    EXPECT_EQ(usage.cpu_trend.error(), Gap::timeout);
}

TEST_F(PrometheusSourceTest, nobody_there_is_unavailable) {
    options_.url = net::Url::parse("http://127.0.0.1:1").value();
    const Usage usage = this->usage();
    EXPECT_EQ(usage.cpu.error(), Gap::unavailable);
    EXPECT_EQ(usage.oom_kills.error(), Gap::unavailable);
}

TEST_F(PrometheusSourceTest, numbers_that_can_not_be_are_gaps) {
    const std::vector<std::pair<std::string_view, Gap>> cases{{"NaN", Gap::not_a_number},
                                                              {"+Inf", Gap::infinite},
                                                              {"-Inf", Gap::negative},
                                                              {"-0.5", Gap::negative},
                                                              {"1e+300", Gap::infinite}};
    for (const auto& [value, gap] : cases) {
        fake_.answer(Signal::memory_usage, {item(metric(id(1)), epoch_, value)});
        fake_.answer(Signal::cpu_usage, {item(metric(id(1)), epoch_, value)});
        const Usage usage = this->usage();
        ASSERT_FALSE(usage.memory);
        ASSERT_FALSE(usage.cpu);
        EXPECT_EQ(usage.memory.error(), gap) << value;
        EXPECT_EQ(usage.cpu.error(), gap) << value;
    }
}

TEST_F(PrometheusSourceTest, an_empty_answer_is_absent_and_never_zero) {
    fake_.answer(Signal::cpu_usage, std::vector<std::string>{});
    const Observation seen = observe();
    EXPECT_EQ(seen.usage.at(id(1)).cpu.error(), Gap::absent);
    ASSERT_EQ(seen.faults.size(), 1U);
    EXPECT_EQ(seen.faults[0].cause, Gap::absent);
    EXPECT_THAT(seen.faults[0].message, HasSubstr("is this metric scraped"));
}

TEST_F(PrometheusSourceTest, a_matcher_that_fits_nothing_is_hinted_at) {
    answer_all(metric(id(99)));
    const Observation seen = observe();
    EXPECT_EQ(seen.usage.at(id(1)).memory.error(), Gap::absent);
    EXPECT_THAT(seen.faults.at(0).message, HasSubstr("1 samples, but none of the 1 containers"));
    EXPECT_THAT(seen.faults.at(0).message, HasSubstr("is prometheus.matcher right?"));
}

TEST_F(PrometheusSourceTest, containers_of_other_hosts_are_passed_over) {
    fake_.answer(Signal::cpu_usage, {item(metric(id(99)), epoch_, "7"), item(metric(id(1)), epoch_, "0.5"),
                                     item(R"({"id":"/","name":"web"})", epoch_, "9")});
    EXPECT_EQ(usage().cpu, Cores::from_nanos(500'000'000));
}

TEST_F(PrometheusSourceTest, an_old_name_of_the_same_container_adds_nothing) {
    fake_.answer(Signal::cpu_usage,
                 {item(metric(id(1), "old"), epoch_, "0.5"), item(metric(id(1)), epoch_, "0.4"),
                  item(metric(id(1), "older"), epoch_, "NaN")});
    EXPECT_EQ(usage().cpu, Cores::from_nanos(500'000'000));
}

TEST_F(PrometheusSourceTest, a_name_twice_without_ids_is_ambiguous) {
    fake_.answer(Signal::cpu_usage, {item(R"({"name":"web","host":"a"})", epoch_, "1"),
                                     item(R"({"name":"web","host":"b"})", epoch_, "1")});
    fake_.answer(Signal::memory_usage,
                 {item(R"({"name":"web"})", epoch_, "7"), item(R"({"name":"web-2"})", epoch_, "8")});
    const Usage usage = this->usage();
    EXPECT_EQ(usage.cpu.error(), Gap::ambiguous);
    EXPECT_EQ(usage.memory, Bytes(7));
}

TEST_F(PrometheusSourceTest, samples_older_than_two_intervals_are_stale) {
    const auto sampled = [&](double ago) {
        fake_.answer(Signal::sample_time, {item(metric(id(1)), epoch_, fmt::format("{:.3f}", epoch_ - ago))});
        return usage();
    };
    EXPECT_TRUE(sampled(599).cpu);
    EXPECT_EQ(sampled(601).cpu.error(), Gap::stale);
    EXPECT_EQ(sampled(601).oom_kills.error(), Gap::stale);
    fake_.answer(Signal::sample_time, std::vector<std::string>{});
    EXPECT_EQ(usage().memory.error(), Gap::stale);
}

TEST_F(PrometheusSourceTest, an_answer_from_long_ago_is_stale_as_a_whole) {
    clock_.jump_wall(11min);
    const Observation seen = observe();
    EXPECT_EQ(seen.usage.at(id(1)).cpu.error(), Gap::stale);
    EXPECT_THAT(seen.faults.at(0).message, HasSubstr("as of 660 s ago"));
}

TEST_F(PrometheusSourceTest, nothing_is_believed_when_its_age_is_unknown) {
    fake_.answer(Signal::sample_time, Answer::text(500));
    EXPECT_EQ(usage().cpu.error(), Gap::unavailable);
}

TEST_F(PrometheusSourceTest, a_container_younger_than_a_window_is_warming_up) {
    targets_[0].started_at = clock_.now().wall - 4min;
    Usage young = usage();
    EXPECT_EQ(young.cpu.error(), Gap::warming_up);
    EXPECT_EQ(young.memory.error(), Gap::warming_up);
    EXPECT_EQ(young.throttled.error(), Gap::warming_up);
    EXPECT_EQ(young.cpu_trend.error(), Gap::warming_up);
    EXPECT_EQ(young.oom_kills, 3);
    targets_[0].started_at = clock_.now().wall - 6min;
    young = usage();
    EXPECT_TRUE(young.cpu);
    EXPECT_EQ(young.memory_trend.error(), Gap::warming_up);
}

TEST_F(PrometheusSourceTest, what_is_not_limited_is_not_throttled) {
    targets_[0].cpu_limited = false;
    EXPECT_EQ(usage().throttled.error(), Gap::not_applicable);
}

TEST_F(PrometheusSourceTest, stops_asking_when_told_to_stop) {
    PrometheusSource source(options_, clock_);
    std::stop_source stop;
    stop.request_stop();
    (void)source.observe(targets_, windows_, clock_.now().wall, stop.get_token());
    EXPECT_THAT(fake_.peer().requests(), IsEmpty());
}

TEST_F(PrometheusSourceTest, warnings_are_no_fault_but_told_with_one) {
    const std::string warned = R"({"status":"success","warnings":["some stores are away"],)"
                               R"("data":{"resultType":"vector","result":[]}})";
    fake_.answer(Signal::cpu_usage, Answer::text(200, warned));
    EXPECT_THAT(observe().faults.at(0).message, HasSubstr("'some stores are away'"));
}

TEST(PrometheusSettings, make_a_source_that_says_where_it_asks) {
    VirtualClock clock;
    config::Settings settings;
    settings.prometheus.url = config::Url("http://user:geheim@prometheus:9090");
    settings.prometheus.timeout = 10s;
    const auto source = prometheus_source(settings, clock);
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->describe(), "Prometheus http://prometheus:9090");
    settings.prometheus.url = config::Url("http://");
    EXPECT_THAT(prometheus_source(settings, clock).error().message, HasSubstr("prometheus.url"));
}

}  // namespace
}  // namespace rm::observe
