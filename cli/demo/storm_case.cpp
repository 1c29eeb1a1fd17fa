#include "cli/demo/storm_case.h"

#include <cmath>
#include <numbers>

#include "cli/demo/noise.h"

namespace guyu::cli::demo {
namespace {

constexpr std::uint64_t kSeed = 20240618;

void add_front(std::vector<Cell>& cells) {
  cells.push_back({.born = 5, .life = 900, .x = -40, .y = 104, .drift_x = 6, .drift_y = -1, .steered = 0, .along = 105, .across = 24, .angle = 12, .peak = 10});
  cells.push_back({.born = 40, .life = 760, .x = 55, .y = 122, .drift_x = 4, .drift_y = -2, .steered = 0, .along = 60, .across = 16, .angle = 14, .peak = 4});
}

// Pop up anywhere, half an hour to an hour and a half each.
void add_single_cells(std::vector<Cell>& cells) {
  for (std::int64_t k = 0; k < 48; ++k) {
    const auto draw = [&](std::int64_t what, double low, double high) { return low + (high - low) * uniform(kSeed, k, what); };
    cells.push_back({.born = draw(0, 2, 400),
                     .life = draw(1, 50, 105),
                     .x = draw(2, -185, 120),
                     .y = draw(3, -130, 110),
                     .drift_x = draw(4, -7, 7),
                     .drift_y = draw(5, -7, 7),
                     .steered = draw(6, 0.8, 1.05),
                     .along = draw(7, 7, 13),
                     .across = draw(8, 5, 8),
                     .angle = draw(9, 0, 90),
                     .stretch = draw(10, 1, 1.4),
                     .peak = draw(11, 40, 95)});
  }
}

// Cells that grow one after another at the mouth of a valley and crawl up it: the rain stays although every cell moves.
void add_back_building(std::vector<Cell>& cells) {
  for (std::int64_t k = 0; k < 15; ++k) {
    const double wander = 6 * (uniform(kSeed, 100 + k) - 0.5);
    cells.push_back({.born = 10 + 20.0 * static_cast<double>(k),
                     .life = 62,
                     .x = 8,
                     .y = -82 + wander,
                     .drift_x = 16,
                     .drift_y = 5,
                     .steered = 0,
                     .along = 12,
                     .across = 8.5,
                     .angle = 15,
                     .stretch = 1.3,
                     .peak = 54 + 14 * uniform(kSeed, 200 + k)});
  }
}

// Eleven cells abreast; each lives for some two hours and is followed by a younger one in the same place of the line.
void add_line(std::vector<Cell>& cells) {
  constexpr double kTilt = 72 * std::numbers::pi / 180, kSpeed = 33;  // the line runs from SSW to NNE and moves at right angles to itself
  const double ahead_x = kSpeed * std::sin(kTilt), ahead_y = -kSpeed * std::cos(kTilt);
  for (int generation = 0; generation < 7; ++generation) {
    for (int k = 0; k < 11; ++k) {
      const double born = 12 + 62.0 * generation + 34 * uniform(kSeed, 300 + generation, k);
      const double place = -110 + 20.0 * k + 8 * (uniform(kSeed, 400 + generation, k) - 0.5);
      const double lag = 22 * (uniform(kSeed, 500 + generation, k) - 0.5);
      const double hours = born / 60;
      cells.push_back({.born = born,
                       .life = 150,
                       .x = -165 + lag + place * std::cos(kTilt) + ahead_x * hours,
                       .y = 5 + place * std::sin(kTilt) + ahead_y * hours,
                       .drift_x = ahead_x,
                       .drift_y = ahead_y,
                       .steered = 0,
                       .along = 10,
                       .across = 8.5,
                       .angle = 60 + 24 * uniform(kSeed, 700 + generation, k),
                       .stretch = 1.7,
                       .peak = 66 + 44 * uniform(kSeed, 600 + generation, k)});
    }
  }
  // The light rain that the line leaves behind.
  cells.push_back(
      {.born = 60, .life = 560, .x = -187, .y = 2, .drift_x = ahead_x, .drift_y = ahead_y, .steered = 0, .along = 82, .across = 36, .angle = 72, .peak = 5});
}

}  // namespace

StormCase storm_case() {
  using std::chrono::hours;
  using std::chrono::minutes;
  std::vector<Cell> cells;
  add_front(cells);
  add_single_cells(cells);
  add_back_building(cells);
  add_line(cells);
  const TimePoint begin = parse_time("2024-06-18T06:00:00Z");
  return {.begin = begin,
          .radar_interval = minutes(6),
          .last_cycle = begin + hours(3),
          .cycles = {begin + hours(2), begin + minutes(150), begin + hours(3)},
          .truth_end = begin + hours(15),
          .forecast_reference = begin - hours(6),
          .forecast_hours = 24,
          .grid = Grid("+proj=laea +lat_0=26.75 +lon_0=114 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs", -199500, 179500, 1000, 1000, 400, 360),
          .storm = Storm(std::move(cells), Steering{}, 0.5)};
}

double minute_of(const StormCase& c, TimePoint t) { return static_cast<double>((t - c.begin).count()) / 60; }

Storm forecast_of(const Storm& truth) {
  constexpr double kLate = 40, kEast = 30, kNorth = -22, kSmoothed = 10, kKept = 0.9;  // minutes, km, km, km, share of the rain
  std::vector<Cell> seen;
  for (Cell c : truth.cells()) {
    if (c.along < 9.5) continue;                   // too small for the model's grid
    const double misplaced = 40 / (40 + c.along);  // large systems are placed better
    const double along = std::hypot(c.along, kSmoothed), across = std::hypot(c.across, kSmoothed);
    c.peak *= kKept * c.along * c.across / (along * across);
    c.along = along, c.across = across;
    c.born += kLate;
    c.x += kEast * misplaced, c.y += kNorth * misplaced;
    seen.push_back(c);
  }
  return Storm(std::move(seen), truth.steering(), 0);
}

}  // namespace guyu::cli::demo
