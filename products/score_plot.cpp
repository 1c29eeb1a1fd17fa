#include "products/score_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace guyu {
namespace {

constexpr double kLeft = 48, kRight = 12, kTop = 30, kBottom = 42, kKeyRow = 16;

double round_step(double span, bool whole) {
  if (!(span > 0)) return 1;
  const double raw = span / 5, power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double s : {1.0, 2.0, 5.0}) {
    if (s * power < raw) continue;
    step = s * power;
    break;
  }
  return whole ? std::max(1.0, std::round(step)) : step;
}

std::string tick_text(double v) {
  if (std::abs(v) >= 1e6) return fmt::format("{:g}M", v / 1e6);
  return std::abs(v) >= 1e4 ? fmt::format("{:g}k", v / 1e3) : fmt::format("{:g}", std::abs(v) < 1e-12 ? 0 : v);
}

// Of UTF-8.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

// After Okabe and Ito (2008), the yellow darkened for white paper.
std::string plot_color(std::size_t k) {
  constexpr std::array<const char*, 7> colors{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#b8860b", "#444444"};
  return colors[k % colors.size()];
}

ScorePlot::Axis axis_around(const std::vector<double>& values, double floor, std::string label) {
  double low = floor, high = floor;
  for (const double v : values)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  if (high == low) high = low + 1;
  const double step = round_step(high - low, false);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, std::move(label), false};
}

ScorePlot::ScorePlot(std::string title, Axis x, Axis y, double width, double height)
    : title_(std::move(title)), x_(std::move(x)), y_(std::move(y)), width_(width), height_(height) {}

double ScorePlot::px(double x) const { return kLeft + (x - x_.low) / (x_.high - x_.low) * (width_ - kLeft - kRight); }
double ScorePlot::py(double y) const { return height_ - kBottom - (std::clamp(y, y_.low, y_.high) - y_.low) / (y_.high - y_.low) * (height_ - kTop - kBottom); }

void ScorePlot::band(const std::vector<Xy>& low, const std::vector<Xy>& high, const std::string& color) {
  std::string there, back;
  std::size_t n = 0;
  const auto close = [&] {
    if (n > 1) body_ += fmt::format("<polygon points=\"{}{}\" fill=\"{}\" fill-opacity=\".14\"/>", there, back, color);
    else if (n == 1) body_ += fmt::format("<polyline points=\"{}{}\" stroke=\"{}\" stroke-width=\"5\" stroke-opacity=\".25\"/>", there, back, color);
    there.clear(), back.clear(), n = 0;
  };
  for (std::size_t k = 0; k < low.size(); ++k) {
    if (std::isnan(low[k].y) || std::isnan(high[k].y)) {
      close();
      continue;
    }
    there += fmt::format("{:.1f},{:.1f} ", px(low[k].x), py(low[k].y));
    back = fmt::format("{:.1f},{:.1f} ", px(high[k].x), py(high[k].y)) + back;
    ++n;
  }
  close();
}

void ScorePlot::line(const std::vector<Xy>& points, const std::string& color, const std::string& label, bool dots) {
  std::string run;
  const auto close = [&] {
    if (!run.empty()) body_ += fmt::format("<polyline points=\"{}\" stroke=\"{}\" stroke-width=\"1.8\"/>", run, color);
    run.clear();
  };
  for (const Xy& p : points) {
    if (std::isnan(p.x) || std::isnan(p.y)) {
      close();
      continue;
    }
    run += fmt::format("{:.1f},{:.1f} ", px(p.x), py(p.y));
    if (dots) body_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.6\" fill=\"{}\"/>", px(p.x), py(p.y), color);
  }
  close();
  if (!label.empty()) keys_.push_back({color, label});
}

void ScorePlot::guide(Xy from, Xy to) {
  body_ += fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#999\" stroke-dasharray=\"4 "
      "3\"/>",
      px(from.x), py(from.y), px(to.x), py(to.y));
}

void ScorePlot::bar(double from, double to, double height, const std::string& color) {
  if (std::isnan(height)) return;
  const double zero = py(std::max(0.0, y_.low)), top = py(height);
  body_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>", px(from), std::min(top, zero),
                       std::max(0.5, px(to) - px(from)), std::abs(zero - top), color);
}

std::string ScorePlot::svg() const {
  // The key stands below the plot, as many entries a row as fit.
  const double inner = width_ - kLeft - kRight;
  std::vector<std::pair<double, double>> at;
  double x = 0, row = 0;
  for (const Key& k : keys_) {
    const double wide = 30 + 6.1 * static_cast<double>(characters(k.label));
    if (x > 0 && x + wide > inner) x = 0, row += 1;
    at.emplace_back(kLeft + x, height_ + 4 + row * kKeyRow);
    x += wide;
  }
  const double all = height_ + (keys_.empty() ? 0 : (row + 1) * kKeyRow + 4);
  std::string out =
      fmt::format("<svg viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" height=\"{1:g}\" role=\"img\" aria-label=\"{2}\">", width_, all, escaped(title_));
  out += fmt::format("<text x=\"{:g}\" y=\"16\" class=\"t\">{}</text>", kLeft, escaped(title_));
  const auto ticks = [](const Axis& a) {
    std::vector<double> t;
    const double step = round_step(a.high - a.low, a.whole);
    for (double k = std::ceil(a.low / step - 1e-9); k * step <= a.high + 1e-9 * step; ++k) t.push_back(k * step);
    return t;
  };
  for (const double t : ticks(y_)) {
    out += fmt::format("<line x1=\"{:g}\" x2=\"{:g}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#e6e6e6\"/>", kLeft, width_ - kRight, py(t), py(t));
    out += fmt::format("<text x=\"{:g}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", kLeft - 6, py(t) + 3.5, tick_text(t));
  }
  for (const double t : ticks(x_))
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", px(t), height_ - kBottom + 15, tick_text(t));
  out += "<g fill=\"none\">" + body_ + "</g>";
  out += fmt::format("<path d=\"M{0:g} {1:g}V{2:g}H{3:g}\" fill=\"none\" stroke=\"#666\"/>", kLeft, kTop, height_ - kBottom, width_ - kRight);
  out += fmt::format("<text x=\"{:g}\" y=\"{:g}\" text-anchor=\"middle\" class=\"l\">{}</text>", kLeft + inner / 2, height_ - 10, escaped(x_.label));
  out += fmt::format("<text transform=\"translate(12 {:g}) rotate(-90)\" text-anchor=\"middle\" class=\"l\">{}</text>", (kTop + height_ - kBottom) / 2,
                     escaped(y_.label));
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    out += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{1:.1f}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\" "
        "stroke-width=\"3\"/>",
        at[k].first, at[k].first + 14, at[k].second, keys_[k].color);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", at[k].first + 18, at[k].second + 4, escaped(keys_[k].label));
  }
  return out + "</svg>\n";
}

}  // namespace guyu
