// SPDX-License-Identifier: Apache-2.0
#include "serve/landing_page.h"

#include <algorithm>

#include <fmt/format.h>

namespace rm::serve {
namespace {

constexpr std::string_view page = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>resource-manager</title>
</head>
<body>
<main>
<h1>resource-manager</h1>
<p>Gives each service of this Docker host the CPU and memory limits that it needs, without an outage.</p>
<p>Version {}</p>
<h2>Addresses</h2>
<dl>
{}</dl>
</main>
</body>
</html>
)";

bool opens_in_browser(const Route& route) {
    return std::ranges::find(route.methods, "GET") != route.methods.end() && route.guard == Guard::open &&
           route.pattern.find('{') == std::string::npos && route.pattern != "/";
}

}  // namespace

std::string html_escaped(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            case '\'':
                escaped += "&#39;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

std::string landing_page(std::string_view version, const Routes& routes) {
    std::string list;
    for (const Route& route : routes) {
        if (!opens_in_browser(route)) continue;
        const std::string path = html_escaped(route.pattern);
        list += fmt::format("<dt><a href=\"{}\">{}</a></dt>\n<dd>{}</dd>\n", path, path,
                            html_escaped(route.description));
    }
    return fmt::format(page, html_escaped(version), list);
}

}  // namespace rm::serve
