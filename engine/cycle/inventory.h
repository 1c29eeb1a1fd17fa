#pragma once
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

// A file that an input pattern names, with the time its name states. The content's own time is checked later.
struct InventoryItem {
  TimePoint time{};
  std::string path;
};

// Files below `root` whose relative path fits `pattern`: %Y %m %d %H %M %S and %j stand for time digits, * for
// anything but '/', ? for one character; the rest is literal. Sorted by time, then path. Throws Error for a pattern
// without a date, for an unknown % token, and when the fixed leading folder is absent (names it). O(files in the matching folders).
std::vector<InventoryItem> find_inputs(const std::string& root, const std::string& pattern);

// Throws Error for a pattern that find_inputs() would refuse whatever files there are.
void check_input_pattern(const std::string& pattern);

}  // namespace guyu
