#include "products/meteogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "engine/core/error.h"
#include "products/meteogram_panel.h"

namespace guyu {
namespace {

// Measures for unit 1, pixels.
constexpr double kSide = 26, kLeftAxis = 58, kPanelHeight = 138, kHeadingRoom = 34, kTitle = 25, kSubtitle = 14, kFooter = 11.5;
constexpr Color kWarm{214, 62, 45}, kDew{20, 140, 110}, kRain{44, 110, 205}, kWind{38, 92, 160}, kGust{160, 70, 170}, kHumid{0, 128, 150},
    kCloud{150, 158, 168}, kPressure{90, 80, 150};

using Key = MeteogramPanel::Key;

// What one panel shows: its series, how high its axis reaches and how they are drawn.
struct PanelPlan {
  std::string heading;
  std::vector<Key> keys;
  std::vector<ShownSeries> series;  // the first tells what is known
  MeteogramPanel::Scale scale;
  std::function<void(const MeteogramPanel&, const PanelPlan&)> draw;
};

const PlaceSeries* find(std::span<const PlaceSeries> all, std::initializer_list<const char*> names) {
  for (const char* name : names)
    for (const PlaceSeries& s : all)
      if (s.quantity.name == name && !s.times.empty() && !s.level.ends_with("Pa")) return &s;
  return nullptr;
}

ShownSeries shown(const PlaceSeries& s, const char* unit) { return shown_series(s, convert_units(s.quantity.unit, unit)); }

std::vector<const ShownSeries*> pointers(const std::vector<ShownSeries>& series) {
  std::vector<const ShownSeries*> out;
  for (const ShownSeries& s : series) out.push_back(&s);
  return out;
}

std::string with_bands(const std::string& label, const ShownSeries& s) { return s.ensemble ? label + " 中位 median, 25–75 %, 10–90 %" : label; }

std::optional<PanelPlan> temperature_panel(std::span<const PlaceSeries> all) {
  const PlaceSeries *t = find(all, {"air_temperature"}), *d = find(all, {"dew_point_temperature"});
  if (!t && !d) return std::nullopt;
  PanelPlan p{"气温 Temperature (°C)", {}, {}, {}, {}};
  std::vector<Color> colors;
  if (t) p.series.push_back(shown(*t, "degC")), p.keys.push_back({kWarm, with_bands("气温 Temperature", p.series.back())}), colors.push_back(kWarm);
  if (d) p.series.push_back(shown(*d, "degC")), p.keys.push_back({kDew, "露点 Dew point"}), colors.push_back(kDew);
  p.scale = MeteogramPanel::scale_for(pointers(p.series), 5, false);
  p.draw = [colors](const MeteogramPanel& panel, const PanelPlan& plan) {
    for (std::size_t k = plan.series.size(); k-- > 0;) panel.line(plan.series[k], colors[k], k == 0 ? 2.4 : 1.8);
  };
  return p;
}

std::optional<PanelPlan> rain_panel(std::span<const PlaceSeries> all) {
  const PlaceSeries* rain = find(all, {"precipitation_amount"});
  if (!rain) return std::nullopt;
  PanelPlan p{"", {}, {}, {}, {}};
  p.series.push_back(shown(*rain, "mm"));
  const Seconds first = rain->times.front().length();
  const bool even = std::all_of(rain->times.begin(), rain->times.end(), [&](const Interval& i) { return i.length() == first; });
  p.heading = even && first.count() % 3600 == 0 ? fmt::format("降水 Precipitation (mm / {} h)", first.count() / 3600)
              : even                            ? fmt::format("降水 Precipitation (mm / {} min)", first.count() / 60)
                                                : "降水 Precipitation (mm, 每柱时段 each bar over its own time)";
  if (p.series.front().ensemble) {
    p.keys.push_back({mix(kRain, map_colors::paper, 0.35), "25–75 %, 中位 median, 须 whiskers 10–90 %", Key::Mark::bar});
  } else {
    double total = 0;
    std::size_t known = 0;
    for (const auto& step : p.series.front().steps) total += step.known ? step.percentile[2] : 0, known += step.known ? 1 : 0;
    p.keys.push_back({kRain,
                      known == 0 ? "合计未知 Total not known"
                                 : fmt::format("{} {:.1f} mm", known == p.series.front().steps.size() ? "合计 Total" : "已知合计 Known total", total),
                      Key::Mark::bar});
  }
  p.scale = MeteogramPanel::scale_for(pointers(p.series), 2, true);
  p.draw = [](const MeteogramPanel& panel, const PanelPlan& plan) { panel.bars(plan.series.front(), kRain); };
  return p;
}

std::optional<PanelPlan> wind_panel(std::span<const PlaceSeries> all) {
  const PlaceSeries *speed = find(all, {"wind_speed"}), *gust = find(all, {"wind_speed_of_gust"}), *from = find(all, {"wind_from_direction"});
  if (!speed && !gust) return std::nullopt;
  PanelPlan p{"风 Wind (m/s)", {}, {}, {}, {}};
  std::vector<Color> colors;
  if (speed) p.series.push_back(shown(*speed, "m s-1")), p.keys.push_back({kWind, with_bands("风速 Speed", p.series.back())}), colors.push_back(kWind);
  if (gust) p.series.push_back(shown(*gust, "m s-1")), p.keys.push_back({kGust, "阵风 Gust"}), colors.push_back(kGust);
  if (from) p.keys.push_back({map_colors::ink, "去向 Blows towards", Key::Mark::arrow});
  p.scale = MeteogramPanel::scale_for(pointers(p.series), 5, true, from ? 0.28 : 0.06);
  const std::vector<double> directions = from ? mean_directions(*from) : std::vector<double>{};
  const std::vector<Interval> times = from ? from->times : std::vector<Interval>{};
  p.draw = [colors, directions, times](const MeteogramPanel& panel, const PanelPlan& plan) {
    for (std::size_t k = plan.series.size(); k-- > 0;) panel.line(plan.series[k], colors[k], k == 0 ? 2.4 : 1.6);
    panel.arrows(times, directions, map_colors::ink);
  };
  return p;
}

std::optional<PanelPlan> humidity_panel(std::span<const PlaceSeries> all) {
  const PlaceSeries *humidity = find(all, {"relative_humidity"}), *cloud = find(all, {"cloud_area_fraction"});
  if (!humidity && !cloud) return std::nullopt;
  PanelPlan p{humidity ? cloud ? "湿度与云量 Humidity and cloud (%)" : "相对湿度 Relative humidity (%)" : "云量 Cloud cover (%)", {}, {}, {0, 100, 25}, {}};
  if (humidity) p.series.push_back(shown(*humidity, "%")), p.keys.push_back({kHumid, "湿度 Humidity"});
  if (cloud) p.series.push_back(shown(*cloud, "%")), p.keys.push_back({mix(kCloud, map_colors::paper, 0.4), "云量 Cloud", Key::Mark::bar});
  p.draw = [humid = humidity != nullptr, clouded = cloud != nullptr](const MeteogramPanel& panel, const PanelPlan& plan) {
    if (clouded) panel.area(plan.series.back(), kCloud);
    if (humid) panel.line(plan.series.front(), kHumid, 2.2);
  };
  return p;
}

std::optional<PanelPlan> pressure_panel(std::span<const PlaceSeries> all) {
  const PlaceSeries* pressure = find(all, {"air_pressure_at_mean_sea_level", "surface_air_pressure"});
  if (!pressure) return std::nullopt;
  const bool sea = pressure->quantity.name == "air_pressure_at_mean_sea_level";
  PanelPlan p{sea ? "海平面气压 Sea-level pressure (hPa)" : "地面气压 Surface pressure (hPa)", {}, {shown(*pressure, "hPa")}, {}, {}};
  p.scale = MeteogramPanel::scale_for(pointers(p.series), 4, false);
  p.draw = [](const MeteogramPanel& panel, const PanelPlan& plan) { panel.line(plan.series.front(), kPressure, 2.2); };
  return p;
}

Interval time_of(const std::vector<PanelPlan>& plans) {
  Interval all{TimePoint::max(), TimePoint::min()};
  for (const PanelPlan& p : plans)
    for (const ShownSeries& s : p.series)
      for (const auto& step : s.steps) all.begin = std::min(all.begin, step.time.begin), all.end = std::max(all.end, step.time.end);
  if (all.begin == all.end) all.begin -= Seconds(1800), all.end += Seconds(1800);
  return all;
}

std::string local_text(TimePoint t, int offset) {
  std::string iso = to_iso_offset(t, offset);  // 2019-06-10T08:10:00+08:00
  return iso.substr(0, 10) + " " + iso.substr(11, 5);
}

}  // namespace

void draw_meteogram(const std::string& path, const MeteogramText& text, std::span<const PlaceSeries> series, const MeteogramOptions& options) {
  if (options.width < 800 || options.width > 8000) throw Error(path, fmt::format("a meteogram {} pixels wide is not possible", options.width), "800 to 8000");
  if (std::abs(options.utc_offset_minutes) > 840) throw Error(path, fmt::format("no place is {} minutes from UTC", options.utc_offset_minutes), "-840 to 840");
  std::vector<PanelPlan> plans;
  for (const auto make : {temperature_panel, rain_panel, wind_panel, humidity_panel, pressure_panel})
    if (auto plan = make(series)) plans.push_back(std::move(*plan));
  if (plans.empty()) throw Error(path, "no series fills a panel", "it shows temperature, precipitation, wind, humidity, cloud and pressure");

  const double unit = options.width / 1100.0, side = kSide * unit, text_width = options.width - 2 * side;
  const TextStyle title{.size = kTitle * unit, .bold = true, .wrap_width = text_width},
      subtitle{.size = kSubtitle * unit, .color = map_colors::faint_ink, .wrap_width = text_width},
      footer{.size = kFooter * unit, .color = map_colors::faint_ink, .wrap_width = text_width};
  const std::string zone = "UTC" + to_iso_offset(text.issue, options.utc_offset_minutes).substr(19);
  const std::string heading = text.name.empty() ? text.code : text.code.empty() ? text.name : text.name + "  " + text.code;
  const std::string below = fmt::format("起报 Issued {} ({} UTC) · 时间 Times in {} · 斜线 hatched: 未知 not known",
                                        local_text(text.issue, options.utc_offset_minutes), local_text(text.issue, 0), zone);
  const MapCanvas ruler(1, 1);
  const double title_height = ruler.measure(heading, title).height, top = side * 0.8 + title_height + ruler.measure(below, subtitle).height;
  const double panels = top + static_cast<double>(plans.size()) * (kPanelHeight + kHeadingRoom) * unit;
  const double footer_y = panels + 50 * unit;
  const double height = footer_y + ruler.measure(text.footer, footer).height + side * 0.5;

  const MapCanvas canvas(options.width, static_cast<int>(std::ceil(height)));
  canvas.text(side, side * 0.8, heading, title);
  canvas.text(side, side * 0.8 + title_height, below, subtitle);
  const MeteogramTime time{time_of(plans), std::round(kLeftAxis * unit), std::round(options.width - side), Seconds(60 * options.utc_offset_minutes)};
  double y = top;
  for (const PanelPlan& plan : plans) {
    y += kHeadingRoom * unit;
    const MeteogramPanel panel(canvas, time, {time.left, std::round(y), time.right - time.left, std::round(kPanelHeight * unit)}, plan.scale, unit);
    panel.grid();
    panel.hatch(unknown_times(plan.series.front(), time.all));
    plan.draw(panel, plan);
    panel.frame(plan.heading, plan.keys);
    y += kPanelHeight * unit;
  }
  draw_time_labels(canvas, time, std::round(y) + 4 * unit, unit);
  canvas.text(side, footer_y, text.footer, footer);
  canvas.save(path);
}

}  // namespace guyu
