#include "cli/demo/storm.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "cli/demo/noise.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli::demo {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kEdge = 2.6;       // a cell ends at so many half axes
constexpr double kCeiling = 130.0;  // mm/h
constexpr double kDry = 0.05;       // mm/h; less is no rain

double smooth_step(double f) {
  f = std::clamp(f, 0.0, 1.0);
  return f * f * (3 - 2 * f);
}

// A cell as it stands at one minute.
struct Footprint {
  double x, y, cosine, sine, per_along, per_across, peak;
  double reach_x, reach_y;  // half sides of the box around it

  double at(double px, double py) const {
    const double dx = px - x, dy = py - y;
    const double u = (dx * cosine + dy * sine) * per_along, v = (dy * cosine - dx * sine) * per_across;
    const double q2 = u * u + v * v, edge = 1 - q2 / (kEdge * kEdge);
    if (edge <= 0) return 0;
    // A sharp core in a wide skirt, brought to zero at the edge.
    const double skirt = std::exp(-0.7 * q2);
    return peak * (0.75 * skirt * skirt * skirt + 0.25 * skirt) * edge * edge;
  }
};

Footprint footprint(const Cell& c, const Steering& steering, double minute) {
  const double age = (minute - c.born) / c.life, hours = (minute - c.born) / 60;
  const Steering::Path now = steering.path(minute), then = steering.path(c.born);
  const double size = 0.65 + 0.35 * smooth_step(age / 0.5);
  const double along = c.along * size * (1 + (c.stretch - 1) * age), across = c.across * size;
  const double cosine = std::cos(c.angle * kDegree), sine = std::sin(c.angle * kDegree);
  Footprint f{};
  f.x = c.x + c.steered * (now.x - then.x) + c.drift_x * hours;
  f.y = c.y + c.steered * (now.y - then.y) + c.drift_y * hours;
  f.cosine = cosine, f.sine = sine;
  f.per_along = 1 / along, f.per_across = 1 / across;
  f.peak = c.peak * smooth_step(age / 0.35) * smooth_step((1 - age) / 0.45);
  f.reach_x = kEdge * std::hypot(along * cosine, across * sine);
  f.reach_y = kEdge * std::hypot(along * sine, across * cosine);
  return f;
}

std::vector<Footprint> footprints(const std::vector<Cell>& cells, const Steering& steering, double minute) {
  std::vector<Footprint> alive;
  for (const Cell& c : cells)
    if (minute > c.born && minute < c.born + c.life) alive.push_back(footprint(c, steering, minute));
  return alive;
}

double levelled(double sum) { return sum / std::sqrt(1 + sum * sum / (kCeiling * kCeiling)); }

// The texture along a row, mean about 1: three octaves, of which the small ones live short. Coordinates travel with the flow.
class TextureRow {
 public:
  TextureRow(double strength, double y, double minute, double first, double last)
      : strength_(strength), wide_(11, y / kWide, minute / 40, first / kWide, last / kWide),
        middle_(12, y / kMiddle, minute / 25, first / kMiddle, last / kMiddle), small_(13, y / kSmall, minute / 15, first / kSmall, last / kSmall) {}
  double factor(double x) const {
    const double n = 0.55 * wide_.at(x / kWide) + 0.35 * middle_.at(x / kMiddle) + 0.25 * small_.at(x / kSmall);
    return std::exp(strength_ * kPerDeviation * n - strength_ * strength_ / 2);
  }

 private:
  static constexpr double kWide = 22, kMiddle = 10, kSmall = 5;  // km
  static constexpr double kPerDeviation = 3.9;                   // brings the sum of the octaves to a standard deviation of about 1
  double strength_;
  NoiseRow wide_, middle_, small_;
};

}  // namespace

Steering::Path Steering::path(double minute) const {
  const double hours = minute / 60, from = direction * kDegree, per_hour = turning * kDegree;
  if (per_hour == 0) return {speed * hours * std::cos(from), speed * hours * std::sin(from)};
  const double to = from + per_hour * hours;
  return {speed / per_hour * (std::sin(to) - std::sin(from)), speed / per_hour * (std::cos(from) - std::cos(to))};
}

Storm::Storm(std::vector<Cell> cells, Steering steering, double texture) : cells_(std::move(cells)), steering_(steering), texture_(texture) {}

double Storm::rate(double x, double y, double minute) const {
  double sum = 0;
  for (const Footprint& f : footprints(cells_, steering_, minute)) sum += f.at(x, y);
  if (sum < kDry) return 0;
  if (texture_ <= 0) return levelled(sum);
  const Steering::Path flow = steering_.path(minute);
  return levelled(sum * TextureRow(texture_, y - flow.y, minute, x - flow.x, x - flow.x).factor(x - flow.x));
}

void Storm::rates(const Grid& grid, double minute, FieldView<float> out) const {
  const std::vector<Footprint> alive = footprints(cells_, steering_, minute);
  const Steering::Path flow = steering_.path(minute);
  const auto x_of = [&](std::int64_t i) { return grid.x(static_cast<double>(i)) / 1000; };
  parallel_for(grid.ny(), 8, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> sum(static_cast<std::size_t>(grid.nx()));
    for (std::int64_t j = begin; j < end; ++j) {
      const double y = grid.y(static_cast<double>(j)) / 1000;
      std::fill(sum.begin(), sum.end(), 0.0);
      for (const Footprint& f : alive) {
        if (std::abs(y - f.y) >= f.reach_y) continue;
        const auto column = [&](double x) { return std::clamp<std::int64_t>(std::llround(grid.column_of(x * 1000)), 0, grid.nx() - 1); };
        for (std::int64_t i = column(f.x - f.reach_x), last = column(f.x + f.reach_x); i <= last; ++i) sum[static_cast<std::size_t>(i)] += f.at(x_of(i), y);
      }
      std::optional<TextureRow> texture;
      if (texture_ > 0) texture.emplace(texture_, y - flow.y, minute, x_of(0) - flow.x, x_of(grid.nx() - 1) - flow.x);
      for (std::int64_t i = 0; i < grid.nx(); ++i) {
        const double rain = sum[static_cast<std::size_t>(i)];
        out(j, i) = rain < kDry ? 0.0F : static_cast<float>(levelled(texture ? rain * texture->factor(x_of(i) - flow.x) : rain));
      }
    }
  });
}

}  // namespace guyu::cli::demo
