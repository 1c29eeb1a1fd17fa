#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu::cli {

// What is kept of finished cycles, and how long after their time. Kinds: "before" (the state that a replay starts from), "grids", "maps", "late" (catch-up
// cycles), "townships", "cycles" (whole folders, reports too). A kind that is absent is kept for ever. Warnings, the alert store and its audit are none of
// these: they are never touched.
using Retention = std::map<std::string, Seconds>;
Retention usual_retention();
// "grids=7 d, cycles=90 d" over the usual ones; "grids=ever". Throws Error naming the word that is wrong.
Retention parse_retention(const std::string& text);

struct Expired {
  std::string path;  // relative to OUT; a file or a folder
  std::string kind;
  std::int64_t bytes = 0;
};

// What may go at `now`, oldest cycle first. The newest cycle that is done is kept whole whatever its age; a cycle that is not done goes when its folder would.
std::vector<Expired> expired_products(const std::string& out, const Retention& keep, TimePoint now);
// Removes them; each cycle that something is taken from says so in its retired.json. Throws Error for what cannot be removed.
void remove_expired(const std::string& out, const std::vector<Expired>& expired, TimePoint now);

}  // namespace guyu::cli
