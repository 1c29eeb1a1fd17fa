#include "products/map_legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace guyu {
namespace {

// Measures for unit 1, pixels.
constexpr double kSwatchWidth = 28, kSwatchHeight = 17, kRowHeight = 25, kGap = 9, kRampHeight = 260, kWrap = 170, kLeastWidth = 120;

struct Styles {
  TextStyle heading, subheading, row, note;
  explicit Styles(double unit)
      : heading{.size = 16 * unit, .bold = true, .wrap_width = kWrap * unit}, subheading{.size = 12.5 * unit,
                                                                                         .color = map_colors::faint_ink,
                                                                                         .wrap_width = kWrap * unit},
        row{.size = 13 * unit}, note{.size = 12 * unit, .color = map_colors::faint_ink, .wrap_width = kWrap * unit} {}
};

std::string number(double v, double step) {
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
  if (step < 1e-9 || std::abs(v) >= 1e7) return fmt::format("{:.4g}", v);
  const std::string text = fmt::format("{:.{}f}", v, decimals);
  return text.find_first_of("123456789") == std::string::npos ? "0" : text;  // never -0
}

std::string class_range(const ColorScale& scale, std::size_t k) {
  if (k + 1 == scale.classes.size()) return fmt::format("≥ {:g}", scale.classes[k].from);
  return fmt::format("{:g}–{:g}", scale.classes[k].from, scale.classes[k + 1].from);
}

std::vector<double> ramp_ticks(const ColorScale& scale) {
  std::vector<double> ticks;
  const double step = nice_step(scale.high - scale.low, 8);
  for (double k = std::ceil(scale.low / step - 1e-9); k * step <= scale.high + 1e-9 * step; ++k) ticks.push_back(k * step);
  return ticks;
}

double row_width(const MapCanvas& canvas, const Legend::Row& row, const TextStyle& style, double unit) {
  const double value = row.value.empty() ? 0 : canvas.measure(row.value, style).width + 2 * kGap * unit;
  return (kSwatchWidth + kGap) * unit + canvas.measure(row.label, style).width + value;
}

void draw_ramp(const MapCanvas& canvas, const ColorScale& scale, double x, double y, double unit, const TextStyle& style) {
  cairo_t* c = canvas.cairo();
  const double width = 22 * unit, height = kRampHeight * unit;
  const int steps = static_cast<int>(height);
  const double from = std::round(y);
  for (int k = 0; k < steps; ++k) {
    canvas.color(scale.at(scale.high - (scale.high - scale.low) * (k + 0.5) / steps));
    cairo_rectangle(c, std::round(x), from + k, std::round(width), 1);
    cairo_fill(c);
  }
  canvas.color(map_colors::frame);
  cairo_set_line_width(c, 1);
  cairo_rectangle(c, std::round(x) - 0.5, from - 0.5, std::round(width) + 1, steps + 1);
  cairo_stroke(c);
  const double step = nice_step(scale.high - scale.low, 8);
  for (const double t : ramp_ticks(scale)) {
    const double at = from + steps * (scale.high - t) / (scale.high - scale.low);
    canvas.color(map_colors::frame);
    cairo_move_to(c, x + width, std::round(at) + 0.5);
    cairo_rel_line_to(c, 5 * unit, 0);
    cairo_stroke(c);
    const std::string text = number(t, step);
    canvas.text(x + width + 9 * unit, at - canvas.measure(text, style).height / 2, text, style);
  }
}

void draw_swatch(const MapCanvas& canvas, const std::optional<Color>& color, double x, double y, double unit) {
  cairo_t* c = canvas.cairo();
  cairo_rectangle(c, std::round(x) + 0.5, std::round(y) + 0.5, std::round(kSwatchWidth * unit), std::round(kSwatchHeight * unit));
  if (color) canvas.color(*color);
  else canvas.hatch();
  cairo_fill_preserve(c);
  canvas.color(map_colors::frame);
  cairo_set_line_width(c, 0.8);
  cairo_stroke(c);
}

double heading_height(const MapCanvas& canvas, const Legend& legend, const Styles& styles, double unit) {
  return canvas.measure(legend.heading, styles.heading).height + canvas.measure(legend.subheading, styles.subheading).height + kGap * unit;
}

bool has_ramp(const Legend& legend) { return legend.ramp && legend.ramp->high > legend.ramp->low; }
double ramp_block(double unit) { return (kRampHeight + 2 * kGap + 6) * unit; }

}  // namespace

Legend level_legend(const std::vector<std::size_t>& counts) {
  Legend legend{.heading = "预警等级", .subheading = "Warning level", .ramp = {}, .rows = {}, .note = {}};
  for (const Level level : {Level::red, Level::orange, Level::yellow, Level::blue, Level::none, Level::unknown}) {
    Legend::Row row;
    if (level != Level::unknown) row.color = level_color(level);
    row.label = fmt::format("{} {}", chinese_name(level), to_string(level));
    row.value = std::to_string(counts.at(static_cast<std::size_t>(static_cast<int>(level) + 1)));
    legend.rows.push_back(std::move(row));
  }
  legend.note = fmt::format("共 {0} 个区域\n{0} regions", std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
  return legend;
}

Legend field_legend(const ColorScale& scale) {
  Legend legend;
  const std::string unit = scale.unit.empty() ? "" : " (" + scale.unit + ")";
  legend.heading = scale.chinese.empty() ? scale.english : scale.chinese;
  legend.subheading = scale.chinese.empty() ? scale.unit : scale.english + unit;
  if (scale.continuous) {
    legend.ramp = scale;
  } else {
    for (std::size_t k = scale.classes.size(); k-- > 0;) {
      const auto& c = scale.classes[k];
      const std::string range = class_range(scale, k);
      legend.rows.push_back(c.label.empty() ? Legend::Row{c.color, range, ""} : Legend::Row{c.color, c.label, range});
    }
    const std::string under = fmt::format("< {:g}", scale.classes.front().from);
    legend.rows.push_back(scale.below.empty() ? Legend::Row{map_colors::paper, under, ""} : Legend::Row{map_colors::paper, scale.below, under});
  }
  legend.rows.push_back({std::nullopt, "无资料 No data", ""});
  return legend;
}

TextSize measure_legend(const MapCanvas& canvas, const Legend& legend, double unit) {
  const Styles styles(unit);
  double width = std::max({kLeastWidth * unit, canvas.measure(legend.heading, styles.heading).width, canvas.measure(legend.subheading, styles.subheading).width,
                           canvas.measure(legend.note, styles.note).width});
  double height = heading_height(canvas, legend, styles, unit);
  if (has_ramp(legend)) height += ramp_block(unit);
  for (const Legend::Row& row : legend.rows) {
    width = std::max(width, row_width(canvas, row, styles.row, unit));
    height += kRowHeight * unit;
  }
  return {width, height + canvas.measure(legend.note, styles.note).height + kGap * unit};
}

void draw_legend(const MapCanvas& canvas, const Legend& legend, double x, double y, double unit) {
  const Styles styles(unit);
  const double width = measure_legend(canvas, legend, unit).width;
  const double below_heading = y + canvas.text(x, y, legend.heading, styles.heading).height;
  canvas.text(x, below_heading, legend.subheading, styles.subheading);
  y += heading_height(canvas, legend, styles, unit);
  if (has_ramp(legend)) {
    draw_ramp(canvas, *legend.ramp, x, y + kGap * unit, unit, styles.row);
    y += ramp_block(unit);
  }
  for (const Legend::Row& row : legend.rows) {
    draw_swatch(canvas, row.color, x, y + (kRowHeight - kSwatchHeight) / 2 * unit, unit);
    const double text_y = y + (kRowHeight * unit - canvas.measure(row.label, styles.row).height) / 2;
    canvas.text(x + (kSwatchWidth + kGap) * unit, text_y, row.label, styles.row);
    canvas.text(x + width, text_y, row.value, styles.row, Anchor::right);
    y += kRowHeight * unit;
  }
  canvas.text(x, y + kGap * unit, legend.note, styles.note);
}

}  // namespace guyu
