#pragma once
#include <map>
#include <string>
#include <vector>

namespace guyu::cli {

// What the regions got of one member: rates (mm/h) and valid shares of the area at steps 1 ... steps, step by step, the forecast's part at each step, and the
// statistics of sums over windows (WindowPlan::at).
struct MemberTable {
  std::vector<float> rates, coverages;
  std::vector<double> parts;
  std::vector<float> windows;
  bool operator==(const MemberTable&) const = default;
};

// Finished members on disk, one file each with one writer, so that a run that was killed goes on where it was, and so that jobs of their own can make some of
// them. A manifest of each writer lists its files with size and SHA-256; what no manifest lists, what does not agree with it or belongs to another key does
// not exist. Files appear whole or not at all.
class MemberUnits {
 public:
  // `writer` names this process's manifest: writers at work at the same time have names of their own.
  MemberUnits(std::string folder, std::string key, std::string writer);
  std::map<int, MemberTable> load() const;          // what is there and whole
  void keep(int member, const MemberTable& table);  // throws Error when it cannot be written

 private:
  std::string folder_, key_, writer_;
  std::map<std::string, std::pair<std::string, std::size_t>> kept_;  // name -> SHA-256, bytes
};

}  // namespace guyu::cli
