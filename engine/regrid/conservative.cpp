#include "engine/regrid/conservative.h"

#include <algorithm>
#include <cmath>

namespace guyu {
namespace {

constexpr double kAreaError = 4e-6;    // of a target cell, by taking chords for its bent edges
constexpr std::int64_t kSamples = 16;  // cells of a row whose edges are looked at to see how much they bend
constexpr std::int64_t kMostParts = 32;
constexpr double kSliver = 1e-10;  // of the smaller cell: rounding of borders that coincide
constexpr double kPole = 1e-14;    // of the pole's measure: within a metre of it

PlanePoint tolerance(const CellPlane& plane) { return {1e-9, 1e-9 * (plane.edges().front() - plane.edges().back()) / static_cast<double>(plane.grid().ny())}; }

bool finite(const PlanePoint& p) { return std::isfinite(p.u) && std::isfinite(p.s); }

}  // namespace

CellOverlaps::CellOverlaps(const Grid& source, const Grid& target)
    : plane_(source), target_(target), mapper_(
                                           source, target,
                                           [plane = CellPlane(source)](double x, double y) {
                                             return PlanePoint{plane.column(x), plane.measure(y)};
                                           },
                                           tolerance(plane_), plane_.period()) {
  if (source.is_latlon()) {
    north_ = plane_.measure(90);
    south_ = plane_.measure(-90);
  }
}

// How many pieces the edges of a row of cells need so that chords miss less than kAreaError of a cell.
CellOverlaps::Parts CellOverlaps::parts(std::int64_t row) const {
  Parts p;
  if (mapper_.is_identity()) return p;
  const std::int64_t nx = target_.nx();
  const double top = static_cast<double>(std::min(row, target_.ny() - 1)) - 0.5;
  const double fewest = plane_.period() > 0 ? 1 : 2;  // two, to tell the seam of a projection from an edge
  double across = 0, down = 0;
  std::vector<PlanePoint> t(3), m(3), b(3);
  for (std::int64_t k = 0; k < std::min(nx, kSamples); ++k) {
    const double left = static_cast<double>(nx <= kSamples ? k : k * (nx - 1) / (kSamples - 1)) - 0.5;
    mapper_.map(top, left, 0.5, t);
    mapper_.map(top + 0.5, left, 0.5, m);
    mapper_.map(top + 1, left, 0.5, b);
    const auto to = [&](const PlanePoint& q) { return PlanePoint{nearest_turn(q.u - t[0].u, plane_.period()), q.s - t[0].s}; };
    const auto cross = [](PlanePoint v, PlanePoint w) { return std::abs(v.u * w.s - v.s * w.u); };
    const PlanePoint east = to(t[2]), south = to(b[0]), mid_east = to(t[1]), mid_south = to(m[0]);
    const double area = cross(east, south);
    const double bend_east = cross(mid_east, east), bend_south = cross(mid_south, south);  // sagitta times chord
    if (!(area > 0) || !std::isfinite(bend_east) || !std::isfinite(bend_south)) continue;
    across = std::max(across, bend_east / area);
    down = std::max(down, bend_south / area);
  }
  const auto pieces = [&](double bend) {  // a parabola's segment is 2/3 sagitta x chord; n pieces divide it by n squared
    const double n = std::ceil(std::sqrt(2.0 / 3.0 * bend / kAreaError));
    return static_cast<std::int64_t>(std::clamp(n, fewest, static_cast<double>(kMostParts)));
  };
  p.across = pieces(across);
  p.down = pieces(down);
  return p;
}

const OverlapRow& CellOverlaps::Rows::row(std::int64_t j) {
  const std::int64_t nx = o_.target_.nx();
  const auto horizontal = [&](std::int64_t line, std::int64_t parts, std::vector<PlanePoint>& out) {
    out.resize(static_cast<std::size_t>(nx * parts + 1));
    o_.mapper_.map(static_cast<double>(line) - 0.5, -0.5, 1.0 / static_cast<double>(parts), out);
  };
  const Parts here = o_.parts(j);
  if (next_ == j) {
    std::swap(top_, bottom_);
    top_parts_ = bottom_parts_;
  } else {
    top_parts_ = here.across;
    horizontal(j, top_parts_, top_);
  }
  bottom_parts_ = o_.parts(j + 1).across;
  horizontal(j + 1, bottom_parts_, bottom_);
  next_ = j + 1;
  sides_.resize(static_cast<std::size_t>(here.down - 1));
  for (std::size_t k = 0; k < sides_.size(); ++k) {
    sides_[k].resize(static_cast<std::size_t>(nx + 1));
    o_.mapper_.map(static_cast<double>(j) - 0.5 + static_cast<double>(k + 1) / static_cast<double>(here.down), -0.5, 1, sides_[k]);
  }
  result_.overlaps.clear();
  result_.end.clear();
  result_.area.clear();
  for (std::int64_t i = 0; i < nx; ++i) {
    outline(i);
    double area = 0;
    if (unwrap()) {
      area = std::abs(signed_area(ring_));
      if (area > 0) clip(area);
    }
    result_.end.push_back(result_.overlaps.size());
    result_.area.push_back(area);
  }
  return result_;
}

// The cell's outline, clockwise from its north-west corner, closed.
void CellOverlaps::Rows::outline(std::int64_t column) {
  ring_.clear();
  const auto begin = static_cast<std::size_t>(column), end = begin + 1;
  const auto t = static_cast<std::size_t>(top_parts_), b = static_cast<std::size_t>(bottom_parts_);
  for (std::size_t k = begin * t; k <= end * t; ++k) ring_.push_back(top_[k]);
  for (std::size_t k = 0; k < sides_.size(); ++k) ring_.push_back(sides_[k][end]);
  for (std::size_t k = end * b + 1; k-- > begin * b;) ring_.push_back(bottom_[k]);
  for (std::size_t k = sides_.size(); k-- > 0;) ring_.push_back(sides_[k][begin]);
  ring_.push_back(ring_.front());
}

// Makes u run on without jumps of a turn, and along the pole where the outline touches or surrounds it. False when the cell
// overlaps nothing.
bool CellOverlaps::Rows::unwrap() {
  if (!std::all_of(ring_.begin(), ring_.end(), finite)) return false;
  const double period = o_.plane_.period();
  if (o_.mapper_.is_identity()) return true;
  if (!(period > 0)) return !is_cut();
  const double polar = o_.north_ * (1 - kPole);
  const auto pole_of = [&](double s) { return s >= 0 ? o_.north_ : o_.south_; };
  const auto at_pole = [&](const PlanePoint& p) { return std::abs(p.s) >= polar; };
  bool plain = !at_pole(ring_.front());
  for (std::size_t k = 1; k < ring_.size() && plain; ++k) plain = !at_pole(ring_[k]) && std::abs(ring_[k].u - ring_[k - 1].u) < period / 4;
  if (plain) return true;
  ring_.pop_back();
  const auto start = std::find_if_not(ring_.begin(), ring_.end(), at_pole);
  if (start == ring_.end()) return false;
  std::rotate(ring_.begin(), start, ring_.end());
  ring_.push_back(ring_.front());
  turned_.assign(1, ring_.front());
  bool pole = false;
  for (std::size_t k = 1; k < ring_.size(); ++k) {
    const PlanePoint p = ring_[k], last = turned_.back();
    if (at_pole(p)) {  // its longitude means nothing
      pole = true;
      continue;
    }
    const double step = nearest_turn(p.u - last.u, period);
    if (pole || std::abs(step) >= period * (0.5 - 1e-9)) {  // through the pole: up one meridian and down the other
      turned_.push_back({last.u, pole_of(p.s)});
      turned_.push_back({last.u + step, pole_of(p.s)});
    }
    turned_.push_back({last.u + step, p.s});
    pole = false;
  }
  const double turn = turned_.back().u - turned_.front().u;
  if (std::abs(turn) > period / 2) close_turn(turned_.front().u, turn);
  else turned_.back() = turned_.front();
  std::swap(ring_, turned_);
  return true;
}

// The outline surrounds a pole, the one of its hemisphere.
void CellOverlaps::Rows::close_turn(double start, double turn) {
  double sum = 0;
  for (const PlanePoint& p : turned_) sum += p.s;
  const double pole = sum >= 0 ? o_.north_ : o_.south_;
  turned_.push_back({start + turn, pole});
  turned_.push_back({start, pole});
  turned_.push_back(turned_.front());
}

// Edges have at least two pieces; one step that takes up nearly the whole extent is a jump across the seam of the projection.
bool CellOverlaps::Rows::is_cut() const {
  double u_min, u_max, s_min, s_max;
  if (!bounds(u_min, u_max, s_min, s_max)) return false;
  double u_step = 0, s_step = 0;
  for (std::size_t k = 1; k < ring_.size(); ++k) {
    u_step = std::max(u_step, std::abs(ring_[k].u - ring_[k - 1].u));
    s_step = std::max(s_step, std::abs(ring_[k].s - ring_[k - 1].s));
  }
  return u_step > 0.8 * (u_max - u_min) || s_step > 0.8 * (s_max - s_min);
}

// Of the ring; false when they miss the source's rows.
bool CellOverlaps::Rows::bounds(double& u_min, double& u_max, double& s_min, double& s_max) const {
  u_min = s_min = 1e300, u_max = s_max = -1e300;
  for (const PlanePoint& p : ring_) {
    u_min = std::min(u_min, p.u);
    u_max = std::max(u_max, p.u);
    s_min = std::min(s_min, p.s);
    s_max = std::max(s_max, p.s);
  }
  return s_max > o_.plane_.edges().back() && s_min < o_.plane_.edges().front();
}

void CellOverlaps::Rows::clip(double area) {
  double u_min, u_max, s_min, s_max;
  if (!bounds(u_min, u_max, s_min, s_max)) return;
  const std::int64_t nx = o_.plane_.grid().nx();
  const double sign = signed_area(ring_) >= 0 ? 1 : -1, period = o_.plane_.period();
  // The same land, written some turns east or west.
  double first = 0, last = 0;
  if (period > 0) {
    first = std::ceil(-u_max / period);
    last = std::floor((static_cast<double>(nx) - u_min) / period);
  }
  const std::size_t begin = result_.overlaps.size();
  int pieces = 0;
  for (double k = first; k <= last; ++k) {
    const double shift = k * period;
    if (!window_.reset_to(u_min + shift, u_max + shift, s_min, s_max)) continue;
    window_.add_ring(ring_, sign, shift);
    ++pieces;
    window_.shares([&](std::int64_t row, std::int64_t column, double share) {
      const double cell = o_.plane_.row_area(row), common = share * cell;
      if (common > kSliver * std::min(cell, area)) result_.overlaps.push_back({static_cast<std::int32_t>(row * nx + column), common});
    });
  }
  if (pieces < 2) return;
  const auto from = result_.overlaps.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(from, result_.overlaps.end(), [](const Overlap& a, const Overlap& b) { return a.source != b.source ? a.source < b.source : a.area < b.area; });
  auto to = from;
  for (auto it = from; it != result_.overlaps.end(); ++it) {
    if (to != from && (to - 1)->source == it->source) (to - 1)->area += it->area;
    else *to++ = *it;
  }
  result_.overlaps.erase(to, result_.overlaps.end());
}

}  // namespace guyu
