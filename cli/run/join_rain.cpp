#include "cli/run/join_rain.h"

#include <algorithm>
#include <cmath>

#include "engine/cycle/forecast_rain.h"

namespace guyu::cli {
namespace {

RainPiece piece(const RainSlot& s, RainOrigin origin) { return {s.interval, origin, s.amount_mm, s.coverage, {}}; }

void fill_unseen(RainPiece& p, const std::vector<RainSlot>& forecast) {
  for (std::size_t r = 0; r < p.amount_mm.size(); ++r) {
    const double seen = std::isnan(p.amount_mm[r]) ? 0.0 : double{p.coverage[r]};
    if (seen >= 1) continue;
    const RainOver other = rain_over(forecast, p.interval, r);
    const double all = seen + (1 - seen) * other.coverage;
    if (other.coverage <= 0) continue;
    const auto fill = [&](float& amount) {
      const double mm = seen > 0 ? double{amount} : 0.0;
      amount = static_cast<float>((seen * mm + (all - seen) * other.amount_mm) / all);
    };
    fill(p.amount_mm[r]);
    for (auto& member : p.members_mm) fill(member[r]);
    p.coverage[r] = static_cast<float>(all);
  }
}

// The part of a slot after `begin`, its rain counted as even.
RainPiece cut(const RainSlot& s, TimePoint begin) {
  RainPiece p = piece(s, RainOrigin::forecast);
  if (begin <= s.interval.begin) return p;
  p.interval.begin = begin;
  const double share = static_cast<double>(p.interval.length().count()) / static_cast<double>(s.interval.length().count());
  for (float& mm : p.amount_mm) mm = static_cast<float>(mm * share);
  return p;
}

}  // namespace

RainSeries join_rain(TimePoint issue, TimePoint horizon, std::size_t regions, const RainSources& sources) {
  RainSeries rain{issue, horizon, {}, regions, {}, 1};
  const TimePoint oldest = issue - sources.history;
  std::vector<RainSlot> observed;
  for (const RainSlot& s : sources.observed)
    if (s.interval.end > oldest && s.interval.end <= issue) observed.push_back(s);
  if (sources.dry_before) {
    const TimePoint end = observed.empty() ? *sources.dry_before : std::min(*sources.dry_before, observed.front().interval.begin);
    if (end > oldest) {
      rain.pieces.push_back({{oldest, std::min(end, issue)}, RainOrigin::observed, std::vector<float>(regions, 0.0F), std::vector<float>(regions, 1.0F), {}});
    }
  }
  for (const RainSlot& s : observed) rain.pieces.push_back(piece(s, RainOrigin::observed));
  if (!observed.empty()) rain.observed_to = observed.back().interval.end;

  TimePoint known_to = rain.observed_to.value_or(issue);
  for (const RainOutlook& o : sources.extrapolated) {
    const RainSlot& s = o.slot;
    if (s.interval.begin < known_to) continue;
    rain.pieces.push_back(piece(s, RainOrigin::extrapolated));
    rain.pieces.back().members_mm = o.members_mm;
    rain.members = std::max(rain.members, o.members_mm.size());
    fill_unseen(rain.pieces.back(), sources.forecast);
    known_to = s.interval.end;
  }
  for (const RainSlot& s : sources.forecast)
    if (s.interval.end > known_to) rain.pieces.push_back(cut(s, known_to));
  return rain;
}

}  // namespace guyu::cli
