#include "cli/demo/townships.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "cli/demo/geography.h"
#include "cli/demo/noise.h"
#include "cli/demo/place_names.h"
#include "cli/demo/voronoi.h"

namespace guyu::cli::demo {
namespace {

constexpr std::uint64_t kSeed = 600;
constexpr double kSpacing = 11.3, kCountySpacing = 46;  // km
constexpr double kWinding = 0.11;                       // sideways step of a border's middle, share of its length
constexpr double kShortest = 1.2;                       // km; shorter borders stay straight

double distance2(const Point& a, const Point& b) { return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y); }

// Within the outline of the province: an ellipse with bays and capes.
bool in_province(const Point& p) {
  const double a = std::atan2(p.y, p.x);
  const double cape = 1 + 0.07 * std::sin(3 * a + 0.6) + 0.05 * std::sin(5 * a + 2.1) + 0.03 * std::sin(9 * a + 4.0);
  return std::hypot(p.x / 158, p.y / 134) < cape;
}

// A hexagonal pattern over the whole domain, shaken by up to `shake` of its spacing.
std::vector<Point> shaken_seeds(double spacing, double shake, std::uint64_t stream) {
  std::vector<Point> seeds;
  const double rise = spacing * std::sqrt(3) / 2;
  const auto columns = static_cast<std::int64_t>(200 / spacing), rows = static_cast<std::int64_t>(180 / rise);
  for (std::int64_t j = -rows; j <= rows; ++j) {
    for (std::int64_t i = -columns; i <= columns; ++i) {
      const double half = j % 2 == 0 ? 0 : 0.5;
      seeds.push_back({spacing * (static_cast<double>(i) + half + shake * (2 * uniform(stream, i, j, 0) - 1)),
                       rise * static_cast<double>(j) + spacing * shake * (2 * uniform(stream, i, j, 1) - 1)});
    }
  }
  return seeds;
}

// Borders are drawn once per pair of corners, so that both neighbours get the same points.
class Borders {
 public:
  Ring wind(const Ring& cell) {
    Ring out;
    for (std::size_t k = 0; k + 1 < cell.size(); ++k) {
      const Corner a = corner(cell[k]), b = corner(cell[k + 1]);
      if (a == b) continue;
      std::vector<Point> line = between(std::min(a, b), std::max(a, b));
      if (b < a) std::reverse(line.begin(), line.end());
      out.insert(out.end(), line.begin(), line.end() - 1);
    }
    out.push_back(out.front());
    return out;
  }

 private:
  using Corner = std::pair<std::int64_t, std::int64_t>;  // metres

  static Corner corner(const Point& p) { return {std::llround(p.x * 1000), std::llround(p.y * 1000)}; }
  static Point point(const Corner& c) { return {static_cast<double>(c.first) / 1000, static_cast<double>(c.second) / 1000}; }

  static std::vector<Point> between(const Corner& a, const Corner& b) {
    std::vector<Point> line{point(a)};
    bend(point(a), point(b), mixed(key(a) ^ mixed(key(b))), line);
    return line;
  }
  static std::uint64_t key(const Corner& c) { return static_cast<std::uint64_t>(c.first * 1000003 + c.second); }
  // Moves the middle sideways and goes on with both halves; appends all points after a.
  static void bend(const Point& a, const Point& b, std::uint64_t key, std::vector<Point>& line) {
    if (distance2(a, b) < kShortest * kShortest) {
      line.push_back(b);
      return;
    }
    const double side = kWinding * (2 * uniform(kSeed, static_cast<std::int64_t>(key >> 1)) - 1);
    const Point middle{(a.x + b.x) / 2 - side * (b.y - a.y), (a.y + b.y) / 2 + side * (b.x - a.x)};
    bend(a, middle, mixed(key ^ 1), line);
    bend(middle, b, mixed(key ^ 2), line);
  }
};

std::vector<Point> county_seats() {
  std::vector<Point> seats;
  for (const Point& p : shaken_seeds(kCountySpacing, 0.2, kSeed + 1))
    if (in_province({p.x * 1.08, p.y * 1.08})) seats.push_back(p);
  std::sort(seats.begin(), seats.end(), [](const Point& a, const Point& b) { return a.y != b.y ? a.y > b.y : a.x < b.x; });
  return seats;
}

std::size_t nearest(const std::vector<Point>& seats, const Point& p) {
  std::size_t best = 0;
  for (std::size_t k = 1; k < seats.size(); ++k)
    if (distance2(seats[k], p) < distance2(seats[best], p)) best = k;
  return best;
}

enum class Kind { street, town, township };
constexpr int first_number(Kind k) { return k == Kind::street ? 1 : k == Kind::town ? 100 : 200; }
constexpr const char* ending(Kind k) { return k == Kind::street ? "街道" : k == Kind::town ? "镇" : "乡"; }

// The quarters around the seat are street offices, the rest towns and townships.
Kind kind_of(const Point& seed, const Point& seat, std::int64_t n) {
  if (distance2(seed, seat) < 0.36 * kSpacing * kSpacing) return Kind::street;
  return uniform(kSeed + 2, n) < 0.6 ? Kind::town : Kind::township;
}

long people(Kind kind, std::int64_t n) {
  const double share = uniform(kSeed + 3, n);
  const double heads = kind == Kind::street ? 60000 + 90000 * share : kind == Kind::town ? 22000 + 45000 * share * share : 8000 + 16000 * share;
  return std::lround(heads / 100) * 100;
}

}  // namespace

Province made_up_province(const std::string& plane) {
  Province province{kLonLat, {}, {}};
  const std::vector<Point> seeds = shaken_seeds(kSpacing, 0.26, kSeed), seats = county_seats();
  const std::vector<Ring> cells = voronoi_cells(seeds);
  for (std::size_t k = 0; k < seats.size(); ++k) province.counties.push_back(county_name(k));
  const Transform to_lonlat(plane, kLonLat);
  Borders borders;
  std::map<std::pair<std::size_t, Kind>, int> numbers;
  for (std::size_t s = 0; s < seeds.size(); ++s) {
    if (!in_province(seeds[s])) continue;
    const std::size_t n = province.townships.size(), county = nearest(seats, seeds[s]);
    const Kind kind = kind_of(seeds[s], seats[county], static_cast<std::int64_t>(s));
    const int number = first_number(kind) + numbers[{county, kind}]++;
    Ring ring = borders.wind(cells[s]);
    for (Point& p : ring) {
      const Point c = to_lonlat(p.x * 1000, p.y * 1000);
      p = {std::round(c.x * 1e6) / 1e6, std::round(c.y * 1e6) / 1e6};
    }
    const std::string code = fmt::format("90{:02}{:02}{:03}000", 1 + county / 5, 1 + county % 5, number);
    province.townships.push_back(
        {{code, township_stem(n) + ending(kind), province.counties[county], {{std::move(ring), {}}}}, people(kind, static_cast<std::int64_t>(s))});
  }
  std::sort(province.townships.begin(), province.townships.end(), [](const Township& a, const Township& b) { return a.region.code < b.region.code; });
  return province;
}

}  // namespace guyu::cli::demo
