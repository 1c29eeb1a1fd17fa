#pragma once
#include <cstddef>
#include <string>

namespace guyu::cli::demo {

// Made-up names that sound like places; any likeness to real ones is chance. Each is given once.
inline constexpr std::size_t kTownshipNames = 754, kCountyNames = 60;
std::string township_stem(std::size_t n);  // n < kTownshipNames; two characters, e.g. 青溪
std::string county_name(std::size_t n);    // n < kCountyNames, e.g. 宁川县

}  // namespace guyu::cli::demo
