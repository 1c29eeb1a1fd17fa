#include "engine/gauge/quality_control.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/core/error.h"
#include "engine/gauge/quality_check.h"

namespace guyu {
namespace {

std::size_t valid_values(const StationSeries& s) {
  return static_cast<std::size_t>(std::count_if(s.values.begin(), s.values.end(), [](float v) { return !std::isnan(v); }));
}

}  // namespace

std::string_view quality_flag_name(QualityFlag flag) {
  switch (flag) {
    case QualityFlag::wrong_place: return "wrong-place";
    case QualityFlag::outside_domain: return "outside-domain";
    case QualityFlag::off_list: return "off-list";
    case QualityFlag::duplicate_code: return "duplicate-code";
    case QualityFlag::duplicate_place: return "duplicate-place";
    case QualityFlag::range: return "range";
    case QualityFlag::step: return "step";
    case QualityFlag::persistence: return "persistence";
    case QualityFlag::neighbours: break;
  }
  return "neighbours";
}

bool QualitySettings::Box::holds(double longitude, double latitude) const {
  if (!(latitude >= south && latitude <= north)) return false;
  const double width = east >= west ? east - west : east + 360 - west;
  double off = std::fmod(longitude - west, 360);
  if (off < 0) off += 360;
  return off <= width;
}

QualityControl quality_control(StationSeries series, const QualitySettings& settings) {
  QualityControl control;
  control.series = std::move(series);
  if (!settings.witness.empty() && settings.witness.size() != control.series.values.size()) {
    throw Error("", "the witness of the stations' quality control has another size than their values", "give one value for each station and time");
  }
  control.values_before = valid_values(control.series);
  const quality::Check check{control, settings};
  const auto wanted = [&](QualityFlag f) { return std::find(settings.skip.begin(), settings.skip.end(), f) == settings.skip.end(); };
  quality::check_places(check, settings.skip);
  if (wanted(QualityFlag::duplicate_code)) quality::check_duplicates(check, QualityFlag::duplicate_code);
  if (wanted(QualityFlag::duplicate_place)) quality::check_duplicates(check, QualityFlag::duplicate_place);
  if (wanted(QualityFlag::range)) quality::check_range(check);
  if (wanted(QualityFlag::step)) quality::check_step(check);
  if (wanted(QualityFlag::persistence)) quality::check_persistence(check);
  if (wanted(QualityFlag::neighbours)) quality::check_neighbours(check);
  for (const QualityFinding& f : control.findings) ++control.counts[static_cast<std::size_t>(f.flag)];
  control.values_after = valid_values(control.series);
  return control;
}

std::vector<std::vector<std::size_t>> quality::times_by_length(const StationSeries& series) {
  std::map<Seconds, std::vector<std::size_t>> lengths;
  for (std::size_t t = 0; t < series.times.size(); ++t) lengths[series.times[t].length()].push_back(t);
  std::vector<std::vector<std::size_t>> out;
  for (auto& [length, times] : lengths) out.push_back(std::move(times));
  return out;
}

QualityLimits quality::limits_of(const StationSeries& series, const Interval& interval, const QualitySettings& settings) {
  QualityLimits l = quality_limits(series.quantity.name, interval.length(), settings.share_of_record);
  if (settings.least) l.least = settings.least;
  if (settings.most) l.most = settings.most;
  return l;
}

}  // namespace guyu
