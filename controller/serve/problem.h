// SPDX-License-Identifier: Apache-2.0
// Errors as problem+json (RFC 9457). The types are the rows of one table: stable names, each explained at
// /problems/NAME, where a problem's `type` points to.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "serve/http.h"

namespace rm::serve {

struct ProblemType {
    std::string_view name;
    int status;
    std::string_view title;
    std::string_view explanation;  // what it means and what to do
};

/// Every type there is.
std::span<const ProblemType> problem_types();

/// The type of that name, which has to be one of the table.
const ProblemType& problem_type(std::string_view name);

/// One of several things that are wrong at once.
struct Complaint {
    std::string detail;
    std::string where;  // a position or a key; may be empty
};

/// The response for a problem; `detail` is about this occurrence.
Response problem(std::string_view name, std::string_view detail, std::span<const Complaint> complaints = {});

/// The problem that an error of ours is to a client.
std::string_view problem_for(ErrorCode code);
Response problem(const Error& error);

}  // namespace rm::serve
