#include "products/map_palette.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace guyu {
namespace {
using Class = ColorScale::Class;

struct Shown {
  const char *quantity, *chinese, *english, *unit, *convertible;  // convertible: how the unit is called in convert_units
};
constexpr std::array kShown{
    Shown{"rainfall_rate", "降水率", "Rainfall rate", "mm/h", "mm h-1"},
    Shown{"precipitation_amount", "降水量", "Precipitation", "mm", "mm"},
    Shown{"snowfall_amount", "降雪量", "Snowfall (water)", "mm", "mm"},
    Shown{"equivalent_reflectivity_factor", "反射率因子", "Reflectivity", "dBZ", "dBZ"},
    Shown{"air_temperature", "气温", "Air temperature", "°C", "degC"},
    Shown{"dew_point_temperature", "露点温度", "Dew point", "°C", "degC"},
    Shown{"relative_humidity", "相对湿度", "Relative humidity", "%", "%"},
    Shown{"specific_humidity", "比湿", "Specific humidity", "g/kg", "g kg-1"},
    Shown{"eastward_wind", "纬向风", "Eastward wind", "m/s", "m s-1"},
    Shown{"northward_wind", "经向风", "Northward wind", "m/s", "m s-1"},
    Shown{"wind_speed", "风速", "Wind speed", "m/s", "m s-1"},
    Shown{"wind_speed_of_gust", "阵风", "Gust", "m/s", "m s-1"},
    Shown{"wind_from_direction", "风向", "Wind direction", "°", "degree"},
    Shown{"air_pressure", "气压", "Pressure", "hPa", "hPa"},
    Shown{"surface_air_pressure", "地面气压", "Surface pressure", "hPa", "hPa"},
    Shown{"air_pressure_at_mean_sea_level", "海平面气压", "Sea-level pressure", "hPa", "hPa"},
    Shown{"geopotential_height", "位势高度", "Geopotential height", "m", "m"},
    Shown{"surface_altitude", "海拔高度", "Altitude", "m", "m"},
    Shown{"cloud_area_fraction", "云量", "Cloud cover", "%", "%"},
    Shown{"visibility_in_air", "能见度", "Visibility", "km", "km"},
    Shown{"atmosphere_convective_available_potential_energy", "对流有效位能", "CAPE", "J/kg", "J kg-1"},
    Shown{"critical_rain", "临界雨量", "Critical rain", "mm", "mm"},
    Shown{"flood_exceedance_probability", "超阈值概率", "Probability of flood", "%", "%"},
    Shown{"water_volume_transport_in_river_channel", "流量", "Discharge", "m3/s", "m3 s-1"},
    Shown{"cross_correlation_ratio", "相关系数", "Correlation coefficient", "", "1"},
};

ColorScale named_scale(const Quantity& q) {
  ColorScale s;
  const auto it = std::find_if(kShown.begin(), kShown.end(), [&](const Shown& k) { return q.name == k.quantity; });
  if (it == kShown.end() || !units_convertible(q.unit, it->convertible)) {
    s.english = q.name;
    s.unit = q.unit == "1" ? "" : q.unit;
    return s;
  }
  s.chinese = it->chinese;
  s.english = it->english;
  s.unit = it->unit;
  s.to_shown = convert_units(q.unit, it->convertible);
  return s;
}

// The six greens, blues and purples of China's rain maps.
constexpr std::array<Color, 6> kRainColors{{{166, 242, 143}, {61, 186, 61}, {97, 184, 255}, {0, 0, 225}, {250, 0, 250}, {128, 0, 64}}};
constexpr std::array<const char*, 6> kRainNames{"小雨 Light", "中雨 Moderate", "大雨 Heavy", "暴雨 Rainstorm", "大暴雨 Severe", "特大暴雨 Extreme"};

struct RainGrades {
  double up_to_hours;  // the table for intervals not longer than this
  std::array<double, 6> from;
};
constexpr std::array kRainGrades{
    RainGrades{1.5, {0.1, 1.6, 7, 15, 40, 50}}, RainGrades{4.5, {0.1, 3, 10, 20, 50, 70}},    RainGrades{9, {0.1, 4, 13, 25, 60, 120}},
    RainGrades{18, {0.1, 5, 15, 30, 70, 140}},  RainGrades{1e9, {0.1, 10, 25, 50, 100, 250}},
};
// Sums over a radar scan or so have no grades; their steps are plain amounts.
constexpr double kShortHours = 0.75;
constexpr std::array<double, 6> kShortSteps{0.1, 0.5, 1, 2, 5, 10};

void set_rain_classes(ColorScale& s, const std::array<double, 6>& from, bool named) {
  for (std::size_t k = 0; k < from.size(); ++k) s.classes.push_back({from[k], kRainColors[k], named ? kRainNames[k] : ""});
  s.below = named ? "无降水 Dry" : "";
}

void set_amount_classes(ColorScale& s, double hours) {
  if (hours < kShortHours) return set_rain_classes(s, kShortSteps, false);
  const auto it = std::find_if(kRainGrades.begin(), kRainGrades.end(), [&](const RainGrades& g) { return hours <= g.up_to_hours; });
  set_rain_classes(s, it->from, true);
}

void set_reflectivity_classes(ColorScale& s) {
  constexpr std::array<Color, 13> colors{{{1, 160, 246},
                                          {0, 236, 236},
                                          {0, 216, 0},
                                          {1, 144, 0},
                                          {255, 255, 0},
                                          {231, 192, 0},
                                          {255, 144, 0},
                                          {255, 0, 0},
                                          {214, 0, 0},
                                          {192, 0, 0},
                                          {255, 0, 240},
                                          {150, 0, 180},
                                          {173, 144, 240}}};
  for (std::size_t k = 0; k < colors.size(); ++k) s.classes.push_back({10 + 5 * static_cast<double>(k), colors[k], ""});
  s.reduction = Reduction::max;  // a small strong cell must not fade in a small picture
}

void set_ramp(ColorScale& s, const std::vector<Color>& colors, double low, double high) {
  const double step = (high - low) / static_cast<double>(colors.size() - 1);
  for (std::size_t k = 0; k < colors.size(); ++k) s.classes.push_back({low + step * static_cast<double>(k), colors[k], ""});
}

// Fixed places of the colours, so that a degree looks the same on every map; 0 °C is where blue ends.
void set_temperature_ramp(ColorScale& s) {
  s.classes = {{-70, {60, 20, 90}, ""},  {-40, {130, 80, 190}, ""}, {-25, {40, 60, 170}, ""}, {-12, {60, 130, 220}, ""},
               {0, {190, 230, 250}, ""}, {6, {150, 215, 160}, ""},  {14, {90, 180, 80}, ""},  {20, {235, 230, 110}, ""},
               {27, {250, 170, 60}, ""}, {34, {225, 60, 40}, ""},   {40, {150, 10, 50}, ""},  {50, {90, 0, 70}, ""}};
}

const std::vector<Color> kSequential{{250, 250, 230}, {200, 230, 190}, {120, 200, 190}, {60, 150, 190}, {70, 110, 180}, {104, 84, 168}};
const std::vector<Color> kDiverging{{30, 70, 150}, {110, 160, 210}, {245, 245, 240}, {230, 150, 110}, {160, 30, 40}};
const std::vector<Color> kCyclic{{200, 70, 80}, {220, 190, 80}, {80, 160, 90}, {70, 110, 190}, {200, 70, 80}};  // 0 and 360 alike
const std::vector<Color> kTerrain{{90, 160, 110}, {190, 210, 140}, {235, 215, 150}, {190, 140, 90}, {140, 100, 80}, {250, 250, 250}};

// The used range out to nice numbers.
void set_used_range(ColorScale& s, const FieldStatistics& used) {
  if (used.valid == 0) return;
  const double a = s.to_shown(used.min), b = s.to_shown(used.max);
  const double middle = std::max(std::abs(a), std::abs(b));
  const double step = nice_step(std::max({b - a, 1e-6 * middle, 1e-30}), 8);
  s.low = std::floor(a / step) * step;
  s.high = std::ceil(b / step) * step;
  if (!(s.high > s.low)) s.high = s.low + step;
}

void set_continuous(ColorScale& s, const Field& field) {
  const std::string& name = field.meta.quantity.name;
  s.continuous = true;
  set_used_range(s, statistics(field.view()));
  const double low = s.low, high = s.high > s.low ? s.high : s.low + 1;
  const double extreme = std::max(std::abs(low), std::abs(high));
  if (name == "wind_from_direction") {
    s.reduction = Reduction::nearest;  // the mean of 350 and 10 degrees is not 180
    s.low = 0, s.high = 360;
    set_ramp(s, kCyclic, 0, 360);
  } else if (s.unit == "°C") {
    set_temperature_ramp(s);
  } else if (s.unit == "%") {
    s.low = 0, s.high = std::max(100.0, high);
    set_ramp(s, kSequential, 0, 100);
  } else if (name == "surface_altitude") {
    set_ramp(s, kTerrain, low, high);
  } else if (low < 0 && high > 0) {
    set_ramp(s, kDiverging, -extreme, extreme);
  } else {
    set_ramp(s, kSequential, low, high);
  }
}

}  // namespace

Color level_color(Level level) {
  switch (level) {
    case Level::red: return {230, 0, 18};
    case Level::orange: return {255, 127, 0};
    case Level::yellow: return {255, 225, 0};
    case Level::blue: return {30, 100, 235};
    case Level::none: return {232, 240, 226};
    case Level::unknown: break;
  }
  return map_colors::hatch_paper;
}

double nice_step(double range, int most) {
  const double least = range / most;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double m : {1.0, 2.0, 5.0}) {
    if (m * power >= least * (1 - 1e-9)) return m * power;
  }
  return 10 * power;
}

Color ColorScale::at(double shown) const {
  const auto above = std::upper_bound(classes.begin(), classes.end(), shown, [](double v, const Class& c) { return v < c.from; });
  if (above == classes.begin()) return continuous && !classes.empty() ? classes.front().color : map_colors::paper;
  const Class& lower = *(above - 1);
  if (!continuous || above == classes.end()) return lower.color;
  return mix(lower.color, above->color, (shown - lower.from) / (above->from - lower.from));
}

ColorScale color_scale(const Field& field) {
  const Quantity& q = field.meta.quantity;
  ColorScale s = named_scale(q);
  if (q == quantities::rainfall_rate()) set_rain_classes(s, kRainGrades.front().from, true);
  else if (q == quantities::precipitation_amount()) set_amount_classes(s, static_cast<double>(field.meta.valid.length().count()) / 3600);
  else if (q == quantities::reflectivity()) set_reflectivity_classes(s);
  else set_continuous(s, field);
  return s;
}

}  // namespace guyu
