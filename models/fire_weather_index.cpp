// Fire danger by day from the Canadian Fire Weather Index System (engine/fire/fire_weather.h).
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/fire/fire_weather.h"
#include "hpc/parallel/parallel_for.h"
#include "models/models.h"
#include "models/rules/series_axis.h"

namespace guyu {
namespace {

constexpr float kNoIndex = std::numeric_limits<float>::quiet_NaN();
constexpr Seconds kDay{86400};
constexpr double kFreezing_K = 273.15, kKmPerHour = 3.6;

// The inputs at one noon, found once for all regions and members.
struct Noon {
  TimePoint time{};
  int month = 1;
  const SeriesPiece *temperature = nullptr, *humidity = nullptr, *wind = nullptr;
  struct Part {
    const SeriesPiece* piece;
    float share;  // of the piece's time
    double part;  // of the day
  };
  std::vector<Part> rain;
  bool has_members() const {
    const auto many = [](const SeriesPiece* p) { return p && !p->members.empty(); };
    return many(temperature) || many(humidity) || many(wind) || std::any_of(rain.begin(), rain.end(), [&](const Part& p) { return many(p.piece); });
  }
};

const SeriesPiece* piece_at(const SeriesAxis& axis, TimePoint t) {
  const AxisPlace place = axis.place(t);
  // The end of a piece belongs to it.
  if (place.piece < axis.size() && axis.span(place.piece).begin < t && t <= axis.span(place.piece).end) return &axis.piece(place.piece);
  if (place.piece > 0 && axis.span(place.piece - 1).end == t) return &axis.piece(place.piece - 1);
  return nullptr;
}

class FireWeatherIndex final : public SeriesModel {
 public:
  const ModelInfo& info() const override {
    static const ModelInfo info{
        "fire_weather_index",
        "Fire danger by day",
        "Van Wagner and Pickett (1985), Forestry Technical Report 33; Van Wagner (1987), Forestry Technical Report 35",
        {{"air_temperature", "mean", Seconds(2 * 86400)},
         {"relative_humidity", "mean", Seconds(2 * 86400)},
         {"wind_speed", "mean", Seconds(2 * 86400)},
         {"precipitation_amount", "mean", Seconds(2 * 86400)}},
        {{"latitude", "", {}}},
        {{"ffmc_start", ParamType::number, "Fine fuel moisture code that a region without a past begins with", "85", "", 0, 101},
         {"dmc_start", ParamType::number, "Duff moisture code likewise", "6", "", 0, 1000},
         {"dc_start", ParamType::number, "Drought code likewise; after a dry winter more (Lawson and Armitage 2008)", "15", "", 0, 2000},
         {"latitude", ParamType::number, "Degrees, for the length of days, where regions have no attribute \"latitude\"", "40", "", -90, 90},
         {"least_known", ParamType::number,
          "Share of time and area of a day's rain that must be known; rain in the rest counts as none, which is the drier side", "0.9", "", 0.5, 1},
         {"settle", ParamType::duration, "So long after noon a day is reckoned anew in each cycle, for data that come late", "1 h", "", 0, 43200},
         {"longest_gap", ParamType::duration, "Codes outlive days of missing weather, unchanged, for so long; then they begin anew", "5 d", "", 86400,
          30 * 86400}},
        "fire_weather_index",
        "mean",
        {"ffmc", "dmc", "dc", "days_missing", "fire_weather_index"},
        "relative_humidity",
        true,
        "fire_weather"};
    return info;
  }

  Result compute(const HazardInputs& in, const ModelParams& params, const ModelState& before) const override;
};

// Where a region stands: codes after the last noon that was known.
struct RegionCodes {
  MoistureCodes codes;
  float days_missing = 0;
  float index = kNoIndex;  // of the last noon
};

bool is_whole(const ModelState& state, const ModelInfo& info, std::size_t regions) {
  return std::all_of(info.state.begin(), info.state.end(), [&](const std::string& name) {
    const auto it = state.values.find(name);
    return it != state.values.end() && it->second.size() == regions;
  });
}

// Of a whole state, or the start values of one that is not given.
std::vector<RegionCodes> codes_of(const ModelState* before, std::size_t regions, const MoistureCodes& start) {
  std::vector<RegionCodes> out(regions, {start, 0, kNoIndex});
  if (!before) return out;
  const auto get = [&](const char* name) -> const std::vector<float>& { return before->values.at(name); };
  const auto &ffmc = get("ffmc"), &dmc = get("dmc"), &dc = get("dc"), &days = get("days_missing"), &index = get("fire_weather_index");
  for (std::size_t r = 0; r < regions; ++r)
    if (std::isfinite(ffmc[r] + dmc[r] + dc[r] + days[r])) out[r] = {{double{ffmc[r]}, double{dmc[r]}, double{dc[r]}}, days[r], index[r]};
  return out;
}

SeriesModel::Result FireWeatherIndex::compute(const HazardInputs& in, const ModelParams& params, const ModelState& before) const {
  const MoistureCodes start{params.at("ffmc_start"), params.at("dmc_start"), params.at("dc_start")};
  const double least_known = params.at("least_known"), longest_gap_days = params.at("longest_gap") / 86400;
  const Seconds settle(std::llround(params.at("settle")));
  Result result{{*find_quantity(info().quantity), info().statistic, TimeKind::instant, {}, {}, {}}, {}, {}};

  const auto noon_before = [&](TimePoint t) {  // the last one not after t
    const TimePoint local = t + in.utc_offset;
    const TimePoint noon = std::chrono::floor<std::chrono::days>(local) + Seconds(43200);
    return (noon <= local ? noon : noon - kDay) - in.utc_offset;
  };
  // Days that are settled, days still open, and the state between them.
  const TimePoint settled = noon_before(in.issue - settle), last = noon_before(in.issue);
  const Seconds gap(std::llround(params.at("longest_gap")));
  const bool whole = is_whole(before, info(), in.regions);
  const bool goes_on = whole && before.at <= settled && settled - before.at <= gap && before.at == noon_before(before.at);
  if (!before.values.empty() && !goes_on)
    result.notes.push_back("the codes of " + to_iso(before.at) +
                           (!whole                ? " are not whole"
                            : before.at > settled ? " are of a later time"
                                                  : " are too old") +
                           ": they begin anew");
  std::vector<RegionCodes> now = codes_of(goes_on ? &before : nullptr, in.regions, start);

  const std::array<const char*, 4> names{"air_temperature", "relative_humidity", "wind_speed", "precipitation_amount"};
  std::array<std::optional<SeriesAxis>, 4> axes;
  std::array<const HazardSeries*, 4> series{};
  TimePoint told_to = in.horizon;
  for (std::size_t k = 0; k < names.size(); ++k) {
    series[k] = in.find_series(names[k], "mean");
    if (!series[k]) continue;
    told_to = std::min(std::max(told_to, in.issue), std::max(in.issue, series[k]->horizon.value_or(in.horizon)));
    axes[k].emplace(*series[k], Interval{(goes_on ? before.at : settled) - 2 * kDay, in.horizon + kDay});
  }
  const auto noon_of = [&](TimePoint t) {
    Noon n{t, 1, nullptr, nullptr, nullptr, {}};
    n.month = static_cast<int>(static_cast<unsigned>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(t + in.utc_offset)).month()));
    const std::array<const SeriesPiece**, 3> at{&n.temperature, &n.humidity, &n.wind};
    for (std::size_t k = 0; k < at.size(); ++k)
      if (axes[k]) *at[k] = piece_at(*axes[k], t);
    if (!axes[3]) return n;
    const Interval day{t - kDay, t};
    const auto [first, end] = axes[3]->over(day);
    for (std::size_t k = first; k < end; ++k) {
      const Interval& span = axes[3]->span(k);
      const auto inside = static_cast<double>((std::min(span.end, day.end) - std::max(span.begin, day.begin)).count());
      n.rain.push_back({&axes[3]->piece(k), static_cast<float>(inside / static_cast<double>(span.length().count())), inside / 86400});
    }
    return n;
  };

  std::vector<Noon> noons;
  for (TimePoint t = goes_on ? before.at + kDay : settled; t <= told_to; t += kDay) noons.push_back(noon_of(t));
  const RegionAttribute* latitude = in.find_attribute("latitude");
  const std::size_t settled_noons = static_cast<std::size_t>(std::count_if(noons.begin(), noons.end(), [&](const Noon& n) { return n.time <= settled; }));

  // Pieces: the last settled noon as it is remembered, when no noon is settled in this cycle, and every noon from the last settled one on.
  auto& pieces = result.series.pieces;
  const bool shows_remembered = goes_on && settled_noons == 0;
  const auto new_piece = [&](TimePoint noon, bool members) {
    SeriesPiece& p = pieces.emplace_back();
    p.interval = {noon, noon + kDay};
    p.origin = noon <= in.issue ? Origin::observed : Origin::forecast;
    p.values.assign(in.regions, kNoIndex), p.coverage.assign(in.regions, 0.0F);
    if (members) p.members.assign(in.members, std::vector<float>(in.regions, kNoIndex));
  };
  if (shows_remembered) new_piece(settled, false);
  const std::size_t first_told = settled_noons > 0 ? settled_noons - 1 : 0;
  // A member that goes its own way on one day does so on all that follow.
  bool parted = false;
  std::vector<char> has_members;
  for (std::size_t k = 0; k < noons.size(); ++k) {
    parted = parted || (in.members > 1 && k >= settled_noons && noons[k].has_members());
    has_members.push_back(parted ? 1 : 0);
    if (k >= first_told) new_piece(noons[k].time, parted);
  }
  const std::size_t offset = shows_remembered ? 1 : 0;

  ModelState& state = result.state;
  state.at = settled;
  for (const std::string& name : info().state) state.values[name].assign(in.regions, kNoIndex);
  std::vector<float>&ffmc = state.values["ffmc"], &dmc = state.values["dmc"], &dc = state.values["dc"], &days_missing = state.values["days_missing"],
  &index = state.values["fire_weather_index"];

  parallel_for(static_cast<std::int64_t>(in.regions), 64, [&](std::int64_t begin, std::int64_t end) {
    std::vector<RegionCodes> member(in.members);
    for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
      const double lat = latitude && std::isfinite(latitude->values[r]) ? double{latitude->values[r]} : params.at("latitude");
      const auto weather = [&](const Noon& n, auto&& of, float& coverage) -> std::optional<NoonWeather> {
        if (!n.temperature || !n.humidity || !n.wind) return std::nullopt;
        NoonWeather w{double{of(*n.temperature)[r]} - kFreezing_K, 100 * double{of(*n.humidity)[r]}, kKmPerHour * double{of(*n.wind)[r]}, 0, n.month};
        double known = 0;
        for (const Noon::Part& p : n.rain) {
          const float mm = of(*p.piece)[r];
          if (std::isnan(mm)) continue;
          w.rain_mm += double{p.share * mm}, known += p.part * double{p.piece->coverage[r]};
        }
        coverage = std::min({n.temperature->coverage[r], n.humidity->coverage[r], n.wind->coverage[r], static_cast<float>(known)});
        if (known < least_known - 1e-6 || !std::isfinite(w.temperature_c + w.humidity_percent + w.wind_km_h)) return std::nullopt;
        return w;
      };
      const auto step = [&](RegionCodes& c, const std::optional<NoonWeather>& w) {
        c.index = kNoIndex;
        if (!w) {
          if (++c.days_missing > static_cast<float>(longest_gap_days)) c = {start, 0, kNoIndex};
          return;
        }
        c.codes = next_codes(c.codes, *w, lat), c.days_missing = 0;
        c.index = static_cast<float>(fire_weather_index(initial_spread_index(c.codes.ffmc, w->wind_km_h), buildup_index(c.codes.dmc, c.codes.dc)));
      };
      const auto remember = [&](const RegionCodes& c) {
        ffmc[r] = static_cast<float>(c.codes.ffmc), dmc[r] = static_cast<float>(c.codes.dmc), dc[r] = static_cast<float>(c.codes.dc);
        days_missing[r] = c.days_missing, index[r] = c.index;
      };
      RegionCodes mean = now[r];
      if (shows_remembered) pieces[0].values[r] = mean.index, pieces[0].coverage[r] = std::isnan(mean.index) ? 0.0F : 1.0F;
      if (settled_noons == 0) remember(mean);
      bool apart = false;
      for (std::size_t k = 0; k < noons.size(); ++k) {
        const Noon& n = noons[k];
        float coverage = 0;
        const auto values = [](const SeriesPiece& p) -> const std::vector<float>& { return p.values; };
        if (has_members[k] != 0) {
          if (!apart) std::fill(member.begin(), member.end(), mean);
          apart = true;
          SeriesPiece& p = pieces[offset + k - first_told];
          float mean_coverage = 0;
          weather(n, values, mean_coverage);
          double sum = 0;
          std::size_t told = 0;
          for (std::size_t m = 0; m < in.members; ++m) {
            step(member[m], weather(
                                n, [m](const SeriesPiece& piece) -> const std::vector<float>& { return piece.of(m); }, coverage));
            p.members[m][r] = member[m].index;
            if (!std::isnan(member[m].index)) sum += double{member[m].index}, ++told;
          }
          if (told > 0) p.values[r] = static_cast<float>(sum / static_cast<double>(told)), p.coverage[r] = mean_coverage;
        } else {
          step(mean, weather(n, values, coverage));
          if (k >= first_told) {
            SeriesPiece& p = pieces[offset + k - first_told];
            p.values[r] = mean.index, p.coverage[r] = std::isnan(mean.index) ? 0.0F : coverage;
          }
        }
        if (k + 1 == settled_noons) remember(mean);
      }
    }
  });
  result.series.observed_to = last;
  result.series.horizon = pieces.empty() ? in.issue : std::max(in.issue, pieces.back().interval.end);
  if (!goes_on) result.notes.push_back("the moisture codes begin with their start values: the index is theirs more than the weather's for some weeks");
  return result;
}

}  // namespace

const SeriesModel& fire_weather_index_model() {
  static const FireWeatherIndex model;
  return model;
}

}  // namespace guyu
