#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/ground.h"
#include "cli/verb.h"
#include "engine/regrid/weights.h"
#include "ingest/reader.h"

namespace guyu::cli {

// Potential evaporation of any time on the ground's grid: amounts (water_potential_evaporation_amount) from files, or a rate for all.
struct EvaporationArguments {
  std::vector<std::string> files;
  double mm_day;  // NaN: not told
  EvaporationArguments();
  void add_options(Verb& verb);  // --evaporation, --evaporation-rate
};

class Evaporation {
 public:
  // Throws Error when files have no amounts over intervals, or both a rate and files are told.
  Evaporation(const EvaporationArguments& arguments, const Ground& ground);
  // mm over the time, amounts taken as even within their interval. Missing where some of the time or of the ground is not covered; it is counted.
  const Plane& over(const Interval& time);
  // Share of what over() gave that was missing on the ground.
  double missing_share() const { return given_ > 0 ? missing_ / given_ : 0; }
  const std::vector<std::string>& files() const { return files_; }
  std::string told() const;  // for people

 private:
  struct Amount {
    FieldPlace place;
    std::size_t file;
  };
  const Plane& amount(std::size_t k);

  const Ground& ground_;
  std::vector<std::string> files_;
  std::vector<Amount> amounts_;  // by begin
  double mm_day_ = 0;
  bool assumed_ = false;
  std::optional<std::size_t> held_;  // whose amount held_mm_ is
  Plane held_mm_, out_;
  RegridWeights weights_;   // made once for the grid that all amounts share as a rule
  std::string weights_of_;  // hash of that grid
  double given_ = 0, missing_ = 0;
};

}  // namespace guyu::cli
