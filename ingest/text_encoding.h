#pragma once
#include <string>

namespace guyu {

// Text as UTF-8: it is UTF-8 (with or without a byte order mark, which goes), or else GB18030, as Chinese producers write it; UTF-8 text practically never
// happens to be the other. What is neither stays as it is.
std::string as_utf8(const std::string& raw);

}  // namespace guyu
