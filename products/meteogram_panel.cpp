#include "products/meteogram_panel.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "products/map_palette.h"

namespace guyu {
namespace {

// Measures for unit 1, pixels.
constexpr double kTick = 11.5, kHeading = 14, kKeyText = 12.5, kDay = 13, kHourWidth = 30, kDayWidth = 74, kArrowRow = 34, kArrow = 9;
constexpr double kBarShare = 0.82;  // of its interval
constexpr int kMostTicks = 5;
constexpr Color kHourLine{236, 238, 241}, kDayLine{176, 184, 192}, kZeroLine{120, 128, 136};

constexpr Seconds kHour{3600}, kDayLength{86400};

Seconds hour_step(const MeteogramTime& t, double unit) {
  const double pixels_an_hour = (t.right - t.left) * 3600 / static_cast<double>(std::max<std::int64_t>(1, t.all.length().count()));
  for (const int h : {1, 2, 3, 6, 12})
    if (h * pixels_an_hour >= kHourWidth * unit) return kHour * h;
  return kDayLength;
}

// Local times at whole multiples of a step, as UTC.
std::vector<TimePoint> local_ticks(const MeteogramTime& t, Seconds step) {
  std::vector<TimePoint> out;
  const auto first = (t.all.begin + t.offset).time_since_epoch();
  for (Seconds at = (first + step - Seconds(1)) / step * step; at <= (t.all.end + t.offset).time_since_epoch(); at += step) out.emplace_back(at - t.offset);
  return out;
}

std::string day_text(TimePoint local) {
  static constexpr std::array<const char*, 7> kDays{"周日", "周一", "周二", "周三", "周四", "周五", "周六"};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  return fmt::format("{}月{}日 {}", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), kDays[std::chrono::weekday(day).c_encoding()]);
}

void vertical(const MapCanvas& canvas, double x, double top, double bottom, Color color) {
  canvas.color(color);
  cairo_set_line_width(canvas.cairo(), 1);
  cairo_move_to(canvas.cairo(), std::floor(x) + 0.5, top);
  cairo_line_to(canvas.cairo(), std::floor(x) + 0.5, bottom);
  cairo_stroke(canvas.cairo());
}

void set_shade(const MapCanvas& canvas, Color c, double strength) {
  cairo_set_source_rgba(canvas.cairo(), c.red / 255.0, c.green / 255.0, c.blue / 255.0, strength);
}

}  // namespace

double draw_time_labels(const MapCanvas& canvas, const MeteogramTime& time, double y, double unit) {
  const TextStyle hours{.size = kTick * unit, .color = map_colors::faint_ink}, days{.size = kDay * unit, .bold = true};
  const Seconds step = hour_step(time, unit);
  double row = 0;
  if (step < kDayLength) {
    row = canvas.measure("00", hours).height;
    for (const TimePoint t : local_ticks(time, step)) {
      const auto hour = (t + time.offset - std::chrono::floor<std::chrono::days>(t + time.offset)) / kHour;
      canvas.text(time.x(t), y, fmt::format("{:02}", hour), hours, Anchor::centre);
    }
  }
  // A day's name stands in the middle of what is shown of it, where it fits.
  const TimePoint end = time.all.end;
  for (TimePoint midnight = TimePoint(std::chrono::floor<std::chrono::days>(time.all.begin + time.offset)) - time.offset; midnight < end;
       midnight += kDayLength) {
    const double left = time.x(std::max(midnight, time.all.begin)), right = time.x(std::min(midnight + kDayLength, end));
    const std::string whole = day_text(midnight + time.offset), brief = whole.substr(0, whole.find(' '));
    const std::string& text = right - left >= std::max(kDayWidth * unit, canvas.measure(whole, days).width + 6 * unit) ? whole : brief;
    if (canvas.measure(text, days).width + 4 * unit > right - left) continue;
    canvas.text((left + right) / 2, y + row + 1 * unit, text, days, Anchor::centre);
  }
  return row + canvas.measure("日", days).height + 2 * unit;
}

MeteogramPanel::Scale MeteogramPanel::scale_for(const std::vector<const ShownSeries*>& series, double least, bool from_zero, double above) {
  double low = INFINITY, high = -INFINITY;
  for (const ShownSeries* s : series)
    for (const auto& step : s->steps)
      if (step.known) low = std::min(low, step.percentile.front()), high = std::max(high, step.percentile.back());
  if (!(low <= high)) return {0, 1, 0};  // an axis without numbers: there is nothing to read from it
  if (from_zero) low = std::min(0.0, low);
  if (high - low < least) {
    const double middle = (low + high) / 2;
    if (from_zero) high = low + least;
    else low = middle - least / 2, high = middle + least / 2;
  }
  const double room = (high - low) * above / (1 - above);
  const double step = nice_step(high + room - low, kMostTicks);
  Scale scale{std::floor(low / step + 1e-9) * step, high + room, step};
  scale.high = std::max(scale.high, std::ceil(high / step - 1e-9) * step);
  return scale;
}

MeteogramPanel::MeteogramPanel(const MapCanvas& canvas, const MeteogramTime& time, PixelBox box, Scale scale, double unit)
    : canvas_(canvas), time_(time), box_(box), scale_(scale), unit_(unit) {}

double MeteogramPanel::y(double v) const {
  return box_.bottom() - (std::clamp(v, scale_.low, scale_.high) - scale_.low) / (scale_.high - scale_.low) * box_.height;
}

void MeteogramPanel::hatch(const std::vector<Interval>& unknown) const {
  for (const Interval& i : unknown) {
    cairo_rectangle(canvas_.cairo(), time_.x(i.begin), box_.y, time_.x(i.end) - time_.x(i.begin), box_.height);
    canvas_.hatch();
    cairo_fill(canvas_.cairo());
  }
}

void MeteogramPanel::grid() const {
  for (const TimePoint t : local_ticks(time_, hour_step(time_, unit_))) vertical(canvas_, time_.x(t), box_.y, box_.bottom(), kHourLine);
  for (const TimePoint t : local_ticks(time_, kDayLength)) vertical(canvas_, time_.x(t), box_.y, box_.bottom(), kDayLine);
  const TextStyle style{.size = kTick * unit_, .color = map_colors::faint_ink};
  const double half = canvas_.measure("0", style).height / 2;
  if (scale_.step <= 0) return;
  for (double k = std::ceil(scale_.low / scale_.step - 1e-9); k * scale_.step <= scale_.high + 1e-9 * scale_.step; ++k) {
    const double value = k * scale_.step, at = std::floor(y(value)) + 0.5;
    canvas_.color(value == 0 ? kZeroLine : kHourLine);
    cairo_set_line_width(canvas_.cairo(), 1);
    cairo_move_to(canvas_.cairo(), box_.x, at);
    cairo_line_to(canvas_.cairo(), box_.right(), at);
    cairo_stroke(canvas_.cairo());
    canvas_.text(box_.x - 7 * unit_, at - half, fmt::format("{:g}", std::abs(value) < 1e-9 ? 0.0 : value), style, Anchor::right);
  }
}

// The percentile's course: from instant to instant, level over intervals; broken where it is not known.
void MeteogramPanel::path(const ShownSeries& s, std::size_t p) const {
  cairo_t* c = canvas_.cairo();
  bool drawing = false;
  TimePoint last{};
  for (const auto& step : s.steps) {
    if (!step.known) {
      drawing = false;
      continue;
    }
    const double at = y(step.percentile[p]);
    if (s.kind == TimeKind::instant) {
      if (drawing) cairo_line_to(c, time_.x(step.time.end), at);
      else cairo_move_to(c, time_.x(step.time.end), at);
    } else {
      if (drawing && last == step.time.begin) cairo_line_to(c, time_.x(step.time.begin), at);
      else cairo_move_to(c, time_.x(step.time.begin), at);
      cairo_line_to(c, time_.x(step.time.end), at);
    }
    drawing = true;
    last = step.time.end;
  }
}

void MeteogramPanel::band(const ShownSeries& s, std::size_t low, std::size_t high, Color color, double strength) const {
  cairo_t* c = canvas_.cairo();
  set_shade(canvas_, color, strength);
  for (std::size_t k = 0; k < s.steps.size(); ++k) {
    const auto& a = s.steps[k];
    if (!a.known) continue;
    const bool instant = s.kind == TimeKind::instant;
    if (instant && (k + 1 == s.steps.size() || !s.steps[k + 1].known)) continue;
    const auto& b = instant ? s.steps[k + 1] : a;
    const double left = time_.x(instant ? a.time.end : a.time.begin), right = time_.x(b.time.end);
    cairo_move_to(c, left, y(a.percentile[low]));
    cairo_line_to(c, right, y(b.percentile[low]));
    cairo_line_to(c, right, y(b.percentile[high]));
    cairo_line_to(c, left, y(a.percentile[high]));
    cairo_close_path(c);
  }
  // One fill for all of it: seams between the pieces would show.
  cairo_set_antialias(c, CAIRO_ANTIALIAS_DEFAULT);
  cairo_fill(c);
}

void MeteogramPanel::line(const ShownSeries& s, Color color, double width) const {
  if (s.ensemble) {
    band(s, 0, 4, color, 0.16);
    band(s, 1, 3, color, 0.26);
  }
  cairo_t* c = canvas_.cairo();
  canvas_.color(color);
  cairo_set_line_width(c, width * unit_);
  cairo_set_line_join(c, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
  path(s, 2);
  cairo_stroke(c);
  cairo_set_line_cap(c, CAIRO_LINE_CAP_BUTT);
  // Few steps: where they are is worth seeing; it also shows a value that stands alone.
  if (s.kind != TimeKind::instant || s.steps.size() > 90) return;
  for (const auto& step : s.steps) {
    if (!step.known) continue;
    cairo_arc(c, time_.x(step.time.end), y(step.percentile[2]), (0.7 + 0.75 * width) * unit_, 0, 2 * std::numbers::pi);
    cairo_fill(c);
  }
}

void MeteogramPanel::area(const ShownSeries& s, Color color) const {
  ShownSeries floor = s;
  for (auto& step : floor.steps) step.percentile[0] = scale_.low;
  band(floor, 0, 2, color, 0.45);
}

void MeteogramPanel::bars(const ShownSeries& s, Color color) const {
  cairo_t* c = canvas_.cairo();
  for (const auto& step : s.steps) {
    if (!step.known) continue;
    const double left = time_.x(step.time.begin), right = time_.x(step.time.end), gap = (right - left) * (1 - kBarShare) / 2;
    const double x = left + gap, wide = std::max(1.0, right - left - 2 * gap), middle = x + wide / 2;
    const auto top = [&](std::size_t p) { return y(step.percentile[p]); };
    if (!s.ensemble) {
      canvas_.color(color);
      cairo_rectangle(c, x, top(2), wide, box_.bottom() - top(2));
      cairo_fill(c);
      continue;
    }
    if (step.percentile[4] <= 0) continue;
    canvas_.color(mix(color, map_colors::ink, 0.45));
    cairo_set_line_width(c, std::max(1.0, 1.2 * unit_));
    cairo_move_to(c, middle, top(0));
    cairo_line_to(c, middle, top(4));
    for (const std::size_t p : {std::size_t{0}, std::size_t{4}}) {
      cairo_move_to(c, middle - wide / 5, top(p));
      cairo_line_to(c, middle + wide / 5, top(p));
    }
    cairo_stroke(c);
    canvas_.color(mix(color, map_colors::paper, 0.35));
    cairo_rectangle(c, x, top(3), wide, top(1) - top(3));
    cairo_fill_preserve(c);
    canvas_.color(color);
    cairo_set_line_width(c, 1);
    cairo_stroke(c);
    canvas_.color(mix(color, map_colors::ink, 0.7));
    cairo_set_line_width(c, 2 * unit_);
    cairo_move_to(c, x, top(2));
    cairo_line_to(c, x + wide, top(2));
    cairo_stroke(c);
  }
}

void MeteogramPanel::arrows(const std::vector<Interval>& times, const std::vector<double>& from, Color color) const {
  cairo_t* c = canvas_.cairo();
  double free = box_.x;
  canvas_.color(color);
  cairo_set_line_width(c, 1.5 * unit_);
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double reach = kArrow * unit_, x = std::clamp(time_.x(times[k].end), box_.x + reach, box_.right() - reach);
    if (std::isnan(from[k]) || x - reach < free) continue;
    free = x + reach;
    cairo_save(c);
    cairo_translate(c, x, box_.y + kArrowRow / 2 * unit_);
    cairo_rotate(c, (from[k] + 180) * std::numbers::pi / 180);  // upwards is towards the north
    cairo_move_to(c, 0, reach);
    cairo_line_to(c, 0, -reach * 0.35);
    cairo_stroke(c);
    cairo_move_to(c, 0, -reach);
    cairo_line_to(c, -reach * 0.48, -reach * 0.1);
    cairo_line_to(c, reach * 0.48, -reach * 0.1);
    cairo_close_path(c);
    cairo_fill(c);
    cairo_restore(c);
  }
}

void MeteogramPanel::frame(const std::string& heading, const std::vector<Key>& keys) const {
  cairo_t* c = canvas_.cairo();
  canvas_.color(map_colors::frame);
  cairo_set_line_width(c, 1);
  cairo_rectangle(c, box_.x - 0.5, box_.y - 0.5, box_.width + 1, box_.height + 1);
  cairo_stroke(c);
  const TextStyle bold{.size = kHeading * unit_, .bold = true}, plain{.size = kKeyText * unit_};
  const TextSize size = canvas_.measure(heading, bold);
  canvas_.text(box_.x, box_.y - size.height - 2 * unit_, heading, bold);
  double x = box_.right();
  for (std::size_t k = keys.size(); k-- > 0;) {
    const TextSize label = canvas_.measure(keys[k].label, plain);
    x -= label.width;
    const double top = box_.y - label.height - 2 * unit_, middle = top + label.height / 2, mark = 18 * unit_;
    canvas_.text(x, top, keys[k].label, plain);
    x -= mark + 5 * unit_;
    canvas_.color(keys[k].color);
    if (keys[k].mark == Key::Mark::bar) {
      cairo_rectangle(c, x + 3 * unit_, middle - 5 * unit_, 12 * unit_, 10 * unit_);
      cairo_fill(c);
    } else {
      cairo_set_line_width(c, 2.4 * unit_);
      cairo_move_to(c, x, middle);
      cairo_line_to(c, x + mark, middle);
      cairo_stroke(c);
    }
    if (keys[k].mark == Key::Mark::arrow) {
      cairo_move_to(c, x + mark, middle);
      cairo_line_to(c, x + mark - 7 * unit_, middle - 4.5 * unit_);
      cairo_line_to(c, x + mark - 7 * unit_, middle + 4.5 * unit_);
      cairo_close_path(c);
      cairo_fill(c);
    }
    x -= 18 * unit_;
  }
}

}  // namespace guyu
