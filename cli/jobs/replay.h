#pragma once
#include <string>
#include <vector>

namespace guyu::cli {

struct ReplayOptions {
  std::string cycle;  // folder of an archived cycle, or its report.json
  std::string out;    // new folder that the replay is made in
  std::string data;   // folder of the inputs; empty: the one that the report names
  std::string cache;  // area weights; empty: the original's
};

struct ReplayResult {
  std::vector<std::string> causes;     // what is not as it was: version, settings, inputs, state
  std::vector<std::string> same;       // products that came out as they were, to the bit
  std::vector<std::string> different;  // ... that did not, with the reason
  bool exact() const { return different.empty(); }
};

// Does an archived cycle again from its report: same configuration, rules, texts, regions and inputs (by hash), same seed, from the state that it started from,
// and sees no file that it did not see. Nobody is warned: messages become files in `out`. Throws Error when the report cannot be read, the state before the
// cycle was not kept, or the cycle cannot be run at all.
ReplayResult replay(const ReplayOptions& options);

}  // namespace guyu::cli
