#pragma once
#include <string>

namespace guyu::cli {

// Markdown reference of cycle configurations, rule packs and texts, from the declarations that also check them.
std::string config_reference();

}  // namespace guyu::cli
