#pragma once
#include <map>
#include <string>
#include <vector>

#include "alerts/lifecycle/alert_book.h"

namespace guyu::test {

// A row of mesh cells as townships and an injected clock: each step says the level of every cell by one letter
// (? Unknown, . None, b y o r).
struct Timeline {
  explicit Timeline(double cells, BookSettings s = {}) : regions(mesh_regions(110, 30, 110 + cells * 0.1, 30.1, 0.1)), book(s) {}

  static RiskTable table(const std::string& letters, TimePoint now) {
    static const std::map<char, Level> levels{{'?', Level::unknown}, {'.', Level::none},   {'b', Level::blue},
                                              {'y', Level::yellow},  {'o', Level::orange}, {'r', Level::red}};
    RiskTable t;
    t.issue = now;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      RiskRow row;
      row.region = i;
      row.hazard = "rainstorm";
      row.level = levels.at(letters[i]);
      row.valid = {now, now + std::chrono::hours(3)};
      row.evidence.rule = std::string("rainstorm.") + letters[i];
      row.evidence.window = row.valid;
      row.evidence.threshold = 50;
      row.evidence.observed = 20;
      row.evidence.forecast = 40;
      row.evidence.coverage = 1;
      t.rows.push_back(row);
    }
    return t;
  }
  std::vector<Decision> at(int minute, const std::string& letters) {
    const TimePoint now = start + std::chrono::minutes(minute);
    return book.step(table(letters, now), regions, now);
  }
  // The decisions as "action:reason:level:count" words, for short comparisons.
  std::string words(int minute, const std::string& letters) {
    std::string text;
    for (const Decision& d : at(minute, letters)) {
      if (!text.empty()) text += ' ';
      text += std::string(to_string(d.action)) + ':' + d.reason + ':' + std::string(to_string(d.alert.level)) + ':' + std::to_string(d.alert.members.size());
    }
    return text;
  }

  RegionSet regions;
  AlertBook book;
  TimePoint start = parse_time("2019-06-10T00:00:00Z");
};

}  // namespace guyu::test
