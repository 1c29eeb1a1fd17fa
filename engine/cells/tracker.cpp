#include "engine/cells/tracker.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/cells/assignment.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr double kPriorFrames = 3;  // that the first position error counts for

double seconds(TimePoint t) { return static_cast<double>(t.time_since_epoch().count()); }
double squared(double x) { return x * x; }

std::int64_t pixels_of(const StormCell& c) {
  std::int64_t n = 0;
  for (const CellRun& r : c.runs) n += r.end - r.begin;
  return n;
}

// Runs of all cells by row, so that a footprint meets only what lies in its rows.
struct RunIndex {
  struct Entry {
    std::int32_t row, begin, end;
    std::size_t cell;
  };
  std::vector<Entry> entries;

  explicit RunIndex(const std::vector<StormCell>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
      for (const CellRun& r : cells[c].runs) entries.push_back({r.row, r.begin, r.end, c});
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return std::pair(a.row, a.begin) < std::pair(b.row, b.begin); });
  }
  void add_overlap(const CellRun& run, std::vector<std::int64_t>& overlap) const {
    // Runs of one row do not overlap each other: their ends ascend too.
    auto e = std::partition_point(entries.begin(), entries.end(), [&](const Entry& x) { return std::pair(x.row, x.end) <= std::pair(run.row, run.begin); });
    for (; e != entries.end() && e->row == run.row && e->begin < run.end; ++e) overlap[e->cell] += std::min(e->end, run.end) - std::max(e->begin, run.begin);
  }
};

}  // namespace

CellTracker::CellTracker(GridScale scale, TrackOptions options) : scale_(std::move(scale)), options_(options) {}

std::vector<CellTracker::Expected> CellTracker::expect(TimePoint time, const std::vector<StormCell>& cells) const {
  const RunIndex index(cells);
  std::vector<Expected> out;
  for (std::size_t k = 0; k < tracks_.size(); ++k) {
    const StormTrack& t = tracks_[k];
    if (t.ended) continue;
    const double elapsed = seconds(time) - seconds(t.points.back().time);
    const double rows = t.v * elapsed, columns = t.u * elapsed;
    Expected e{k, t.cell.centroid.row + rows, t.cell.centroid.column + columns, elapsed, std::vector<std::int64_t>(cells.size(), 0), pixels_of(t.cell)};
    const auto dj = static_cast<std::int32_t>(std::lround(rows)), di = static_cast<std::int32_t>(std::lround(columns));
    for (const CellRun& r : t.cell.runs) index.add_overlap({r.row + dj, r.begin + di, r.end + di}, e.overlap);
    out.push_back(std::move(e));
  }
  return out;
}

std::vector<std::size_t> CellTracker::match(const std::vector<Expected>& expected, const std::vector<StormCell>& cells) const {
  std::vector<AssignmentChoice> choices;
  std::vector<double> pixels;
  for (const StormCell& c : cells) pixels.push_back(static_cast<double>(pixels_of(c)));
  const double widest_ratio = std::log(options_.largest_area_ratio);
  for (std::size_t e = 0; e < expected.size(); ++e) {
    const Expected& x = expected[e];
    const StormCell& old = tracks_[x.track].cell;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const double shared = static_cast<double>(x.overlap[c]), overlap = 0.5 * (shared / static_cast<double>(x.pixels) + shared / pixels[c]);
      const double distance = scale_.length_km(x.row, cells[c].centroid.row - x.row, cells[c].centroid.column - x.column);
      const double change = std::abs(std::log(cells[c].area_km2 / old.area_km2));
      const bool meets = overlap >= options_.least_overlap;
      const double gate = options_.gate_km + 1e-3 * options_.gate_m_s * x.elapsed_s + (meets ? std::sqrt(old.area_km2 / std::numbers::pi) : 0);
      if (distance > gate || (!meets && change > widest_ratio)) continue;
      choices.push_back({e, c, 0.6 * distance / gate + 0.3 * std::min(1.0, change / widest_ratio) - overlap});
    }
  }
  return assign(expected.size(), cells.size(), choices, 1);
}

void CellTracker::learn(std::size_t k, const Guess& guess) {
  StormTrack& t = tracks_[k];
  Path& p = paths_[k];
  const double now = p.nodes.back().seconds, oldest = now - static_cast<double>(options_.memory.count());
  std::erase_if(p.nodes, [&](const Path::Node& n) { return n.seconds < oldest; });
  const double first = squared(options_.first_position_error_km);
  const double position = (kPriorFrames * first + p.squared_miss_km2) / (kPriorFrames + p.misses);
  double ts = 0, row = 0, column = 0, area = 0, maximum = 0;
  for (const auto& n : p.nodes) ts += n.seconds - now, row += n.row, column += n.column, area += n.log_area, maximum += n.maximum;
  const double count = static_cast<double>(p.nodes.size());
  ts /= count, row /= count, column /= count, area /= count, maximum /= count;
  double tt = 0, trow = 0, tcolumn = 0, tarea = 0, tmaximum = 0;
  for (const auto& n : p.nodes) {
    const double dt = n.seconds - now - ts;
    tt += dt * dt, trow += dt * (n.row - row), tcolumn += dt * (n.column - column), tarea += dt * (n.log_area - area), tmaximum += dt * (n.maximum - maximum);
  }
  const double ridge = position / squared(guess.error_km_s), growth_ridge = squared(static_cast<double>(options_.growth_memory.count()));
  t.moves = guess.known || tt > 0;
  t.v = (trow + ridge * guess.velocity.v) / (tt + ridge);
  t.u = (tcolumn + ridge * guess.velocity.u) / (tt + ridge);
  t.position_error_km = std::sqrt(position);
  t.velocity_error_km_s = std::sqrt(squared(1e-3 * options_.least_velocity_error_m_s) +
                                    squared(options_.velocity_error_share * scale_.length_km(p.nodes.back().row, t.v, t.u)) + position / (tt + ridge));
  t.area_growth_per_s = tarea / (tt + growth_ridge);
  t.maximum_growth_per_s = tmaximum / (tt + growth_ridge);
}

void CellTracker::take(std::size_t k, TimePoint time, StormCell&& cell, const Expected& expected, bool jumped, const Motion* motion) {
  StormTrack& t = tracks_[k];
  Path& p = paths_[k];
  const Path::Node node{seconds(time), cell.centroid.row, cell.centroid.column, std::log(cell.area_km2), double{cell.maximum}};
  const double rows = node.row - expected.row, columns = node.column - expected.column;
  if (jumped) {
    const double log_area = node.log_area - p.nodes.back().log_area, maximum = node.maximum - p.nodes.back().maximum;
    for (auto& n : p.nodes) n.row += rows, n.column += columns, n.log_area += log_area, n.maximum += maximum;
  } else {
    p.squared_miss_km2 += 0.5 * squared(scale_.length_km(node.row, rows, columns));  // each way
    ++p.misses;
  }
  p.nodes.push_back(node);
  t.points.push_back({time, cell.centroid, cell.area_km2, cell.maximum});
  t.cell = std::move(cell);
  t.missed = 0;
  learn(k, field_guess({node.row, node.column}, motion));
}

std::vector<CellTracker::Witness> CellTracker::witnesses() const {
  constexpr std::size_t kShown = 3;  // points that make a path
  std::vector<Witness> out;
  for (const StormTrack& t : tracks_)
    if (t.seen() && t.points.size() >= kShown) out.push_back({t.cell.centroid, {t.v, t.u}, t.velocity_error_km_s});
  return out;
}

CellTracker::Guess CellTracker::field_guess(const CellPlace& at, const Motion* motion) const {
  if (!motion) return {{0, 0}, 1e-3 * options_.unknown_motion_m_s, false};
  return {{double{motion->v_at(at.row, at.column)}, double{motion->u_at(at.row, at.column)}}, 1e-3 * options_.first_guess_error_m_s, true};
}

CellTracker::Guess CellTracker::first_guess(const CellPlace& at, const Motion* motion, const std::vector<Witness>& about) const {
  Guess guess = field_guess(at, motion);
  double weight = 1 / squared(guess.error_km_s);
  double v = weight * guess.velocity.v, u = weight * guess.velocity.u;
  for (const Witness& w : about) {
    const double shear = 1e-3 * options_.shear_m_s_km * scale_.length_km(at.row, w.place.row - at.row, w.place.column - at.column);
    const double own = 1 / (squared(w.error_km_s) + squared(shear));
    weight += own, v += own * w.velocity.v, u += own * w.velocity.u;
  }
  guess.velocity = {v / weight, u / weight};
  guess.known = guess.known || !about.empty();
  return guess;
}

std::size_t CellTracker::start(TimePoint time, StormCell&& cell, const Guess& guess) {
  const CellPlace at = cell.centroid;
  StormTrack t;
  t.id = static_cast<std::uint32_t>(tracks_.size() + 1);
  t.points.push_back({time, at, cell.area_km2, cell.maximum});
  paths_.push_back({{{seconds(time), at.row, at.column, std::log(cell.area_km2), double{cell.maximum}}}, 0, 0});
  t.cell = std::move(cell);
  tracks_.push_back(std::move(t));
  learn(tracks_.size() - 1, guess);
  return tracks_.size() - 1;
}

void CellTracker::add(TimePoint time, std::vector<StormCell> cells, const Motion* motion) {
  if (any_ && time <= newest_) throw Error("storm cells", to_iso(time) + " does not come after " + to_iso(newest_), "give the frames oldest first");
  if (any_ && time - newest_ > options_.longest_gap) {
    for (StormTrack& t : tracks_) t.ended = true;
  }
  newest_ = time, any_ = true;
  for (std::size_t k = 0; k < tracks_.size() && motion; ++k)
    if (const StormTrack& t = tracks_[k]; !t.ended && !t.moves) learn(k, field_guess(t.cell.centroid, motion));
  const std::vector<Witness> shown = witnesses();  // before this frame
  const std::vector<Expected> expected = expect(time, cells);
  const std::vector<std::size_t> cell_of = match(expected, cells);

  std::vector<std::size_t> owner(cells.size(), kUnassigned);  // expected track of each cell
  for (std::size_t e = 0; e < expected.size(); ++e) {
    if (cell_of[e] != kUnassigned) owner[cell_of[e]] = e;
  }
  std::vector<std::int64_t> pixels;
  for (const StormCell& c : cells) pixels.push_back(pixels_of(c));
  std::vector<char> jumps(expected.size(), 0);
  std::vector<std::size_t> split_from(cells.size(), kUnassigned), merged_into(expected.size(), kUnassigned);
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (owner[c] != kUnassigned) continue;
    for (std::size_t e = 0; e < expected.size(); ++e) {
      const bool enough = static_cast<double>(expected[e].overlap[c]) >= options_.least_overlap * static_cast<double>(pixels[c]);
      if (cell_of[e] != kUnassigned && enough && (split_from[c] == kUnassigned || expected[e].overlap[c] > expected[split_from[c]].overlap[c]))
        split_from[c] = e;
    }
    if (split_from[c] != kUnassigned) jumps[split_from[c]] = 1;  // whether or not the piece is large enough for a track
  }
  for (std::size_t e = 0; e < expected.size(); ++e) {
    if (cell_of[e] != kUnassigned) continue;
    std::size_t& into = merged_into[e];
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const bool enough = static_cast<double>(expected[e].overlap[c]) >= options_.least_overlap * static_cast<double>(expected[e].pixels);
      if (owner[c] != kUnassigned && enough && (into == kUnassigned || expected[e].overlap[c] > expected[e].overlap[into])) into = c;
    }
    if (into != kUnassigned) jumps[owner[into]] = 1;
  }

  std::vector<std::size_t> track_of(cells.size(), kUnassigned);
  for (std::size_t e = 0; e < expected.size(); ++e) {
    const std::size_t k = expected[e].track;
    if (cell_of[e] != kUnassigned) {
      take(k, time, std::move(cells[cell_of[e]]), expected[e], jumps[e] != 0, motion);
      track_of[cell_of[e]] = k;
    } else if (merged_into[e] == kUnassigned && ++tracks_[k].missed > options_.most_missed) {
      tracks_[k].ended = true;
    }
  }
  const auto as_its_parent = [&](const StormTrack& parent) {
    Guess guess = field_guess(parent.cell.centroid, motion);
    guess.velocity = {parent.v, parent.u}, guess.known = parent.moves;
    return guess;
  };
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (owner[c] != kUnassigned || cells[c].area_km2 < options_.least_new_area_km2) continue;
    const std::size_t parent = split_from[c] == kUnassigned ? kUnassigned : expected[split_from[c]].track;
    const Guess guess = parent == kUnassigned ? first_guess(cells[c].centroid, motion, shown) : as_its_parent(tracks_[parent]);
    track_of[c] = start(time, std::move(cells[c]), guess);
    if (parent == kUnassigned) continue;
    tracks_[track_of[c]].parents.push_back(tracks_[parent].id);
    tracks_[parent].children.push_back(tracks_[track_of[c]].id);
  }
  for (std::size_t e = 0; e < expected.size(); ++e) {
    if (merged_into[e] == kUnassigned) continue;
    StormTrack &gone = tracks_[expected[e].track], &stays = tracks_[track_of[merged_into[e]]];
    gone.ended = true;
    ++gone.missed;
    gone.children.push_back(stays.id);
    stays.parents.push_back(gone.id);
  }
}

}  // namespace guyu
