#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up what a ctest run's JUnit file says, test by test, suite by suite.

usage: totals.py JUNIT_FILE

A suite is what stands before the first dot of a ctest name. One ctest entry may be a whole program of GoogleTest or
bats tests: its output then says how many there were. The last line is the sum: `N passed, N failed, N skipped`.
Exit code 0, or 1 when a test failed, when none ran, or when one was skipped and CI=true.
"""

import os
import re
import sys
import xml.etree.ElementTree as xml

GTEST = re.compile(r"\[ +(OK|FAILED|SKIPPED) +\] ([\w./]+)(?:, where .*)? \(\d+ ms\)$", re.M)
BATS = re.compile(r"^(ok|not ok) \d+ (.*?)(?: # (skip)\b.*)?$", re.M)
OUTCOMES = ("passed", "failed", "skipped")


def outcomes_inside(output):
    """What GoogleTest or bats wrote about each of their tests, as (name, outcome)."""
    words = {"OK": "passed", "FAILED": "failed", "SKIPPED": "skipped"}
    for word, name in GTEST.findall(output):
        yield name, words[word]
    if output.lstrip().startswith("1.."):
        for word, name, skip in BATS.findall(output):
            yield name, "skipped" if skip else "passed" if word == "ok" else "failed"


def outcome_of(case):
    """What ctest itself says about an entry."""
    if case.find("failure") is not None or case.get("status") == "fail":
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def tests_of(case):
    """All (name, outcome) of a ctest entry, which is one test where its output does not say otherwise."""
    entry, verdict = case.get("name"), outcome_of(case)
    inside = list(outcomes_inside(case.findtext("system-out") or ""))
    if len(inside) < 2:
        return [(entry, verdict)]
    found = [(f"{entry}: {name}", outcome) for name, outcome in inside]
    if verdict == "failed" and all(outcome != "failed" for _, outcome in found):
        found.append((f"{entry}: ended before its last test", "failed"))
    return found


def counted(outcomes):
    """[3 passed, 0 failed, 1 skipped] of a list of outcomes."""
    return ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in OUTCOMES)


def main(path):
    suites = {}
    for case in xml.parse(path).getroot().iter("testcase"):
        suite = case.get("name").split(".")[0]
        suites.setdefault(suite, []).extend(tests_of(case))
    tests = [test for suite in suites.values() for test in suite]
    outcomes = [outcome for _, outcome in tests]

    width = max(map(len, suites), default=0)
    for suite in sorted(suites):
        print(f"  {suite:{width}}  {counted([outcome for _, outcome in suites[suite]])}")
    for wanted in ("skipped", "failed"):
        for name, outcome in tests:
            if outcome == wanted:
                print(f"  {wanted}: {name}")
    skipped_is_failure = os.environ.get("CI") == "true" and "skipped" in outcomes
    if skipped_is_failure:
        print("  CI=true: a skipped test is a failure")
    print(counted(outcomes))
    return 1 if "failed" in outcomes or not tests or skipped_is_failure else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
