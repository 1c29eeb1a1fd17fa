#pragma once
#include <string>

namespace guyu::cli {

// A text with the characters that part a CSV file goes into quotes (RFC 4180).
std::string csv_text(const std::string& text);
// Empty for NaN: not known is not zero.
std::string csv_number(float value);

}  // namespace guyu::cli
