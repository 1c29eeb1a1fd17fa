#pragma once
#include <string>
#include <utility>
#include <vector>

#include "engine/verify/bootstrap.h"
#include "engine/verify/score_sums.h"
#include "engine/verify/warning_lead.h"
#include "products/provenance.h"

namespace guyu {

// Scores of one lead.
struct LeadScores {
  Seconds lead{0};
  ScoreSums sums;              // what tables, counts and diagrams are made from
  std::vector<double> values;  // as ScoreReport::names
  std::vector<Bounds> bounds;  // the same; NaN: none
  std::size_t blocks = 0;      // of time, that the bounds are drawn from
};

// Scores of the warnings of one level and severer.
struct WarningLevelScore {
  std::string level;
  WarningScore score;
};

// All that a verification has to tell, in the order in which it is told.
struct ScoreReport {
  Provenance from;  // issue: of the newest forecast
  std::string quantity, unit;
  std::string places;                                      // "765 x 700 cells", "14 townships"
  std::vector<std::pair<std::string, std::string>> facts;  // what was compared and how: name and text, for people
  std::vector<std::string> problems;                       // what could not be used

  ScoreSettings settings;
  std::size_t members = 0;  // 1: a single forecast
  double confidence = 0.95;
  std::vector<ScoreName> names;
  std::vector<LeadScores> leads;  // ascending
  std::vector<WarningLevelScore> warnings;

  bool ensemble() const { return members > 1; }
  // The place of a score in `names`; names.size() when it has none.
  std::size_t find(const std::string& name, std::size_t threshold = npos, std::size_t scale = npos) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

// For people, on a terminal.
std::string score_text(const ScoreReport& report);
// For machines: every score with its bounds, counts, diagrams; a score that does not exist is null.
std::string score_json(const ScoreReport& report);
// CF-1.8 NetCDF-4: each score by lead, threshold and scale with its bounds. Written beside its place and
// renamed. Throws Error naming the file.
void write_score_netcdf(const std::string& path, const ScoreReport& report);
// One page with plots (inline SVG) and tables; it needs nothing else, no script and no network.
std::string score_html(const ScoreReport& report);

// "30 min"; minutes with as many digits as they need.
std::string lead_text(Seconds lead);
// Three digits after the point, more where the value is small; "-" for NaN.
std::string score_number(double value);

}  // namespace guyu
