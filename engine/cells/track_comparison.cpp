#include "engine/cells/track_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/cells/assignment.h"

namespace guyu {
namespace {

constexpr std::size_t kEarlyFrames = 2;
constexpr double kSound_km = 5;

struct Mean {
  double sum = 0;
  int n = 0;
  void add(double x, int times = 1) {
    if (times > 0) sum += x * times, n += times;
  }
  void add(const MotionErrors& e) { add(e.mean_m_s, e.count); }
  MotionErrors errors() const { return {n, value()}; }
  double value() const { return n > 0 ? sum / n : std::numeric_limits<double>::quiet_NaN(); }
};

// The greatest value within `reach` km of a place.
float highest_within(FieldView<const float> field, const GridScale& scale, CellPlace place, double reach) {
  float out = std::numeric_limits<float>::quiet_NaN();
  for (std::int64_t j = 0; j < field.ny; ++j) {
    const double rows = static_cast<double>(j) - place.row;
    if (std::abs(rows) * scale.dy_km() > reach) continue;
    for (std::int64_t i = 0; i < field.nx; ++i) {
      if (scale.length_km(place.row, rows, static_cast<double>(i) - place.column) > reach) continue;
      if (const float v = field(j, i); !(out >= v)) out = std::isnan(v) ? out : v;
    }
  }
  return out;
}

}  // namespace

TrackComparison::TrackComparison(GridScale scale, double within_km) : scale_(std::move(scale)), within_km_(within_km) {}

void TrackComparison::add(TimePoint time, std::span<const StormTrack> tracks, std::span<const ReferenceCell> cells, FieldView<const float> frame) {
  ++frame_;
  std::vector<const ReferenceCell*> seen;
  for (const ReferenceCell& c : cells) {
    const std::int64_t j = std::llround(c.place.row), i = std::llround(c.place.column);
    if (j < 0 || j >= frame.ny || i < 0 || i >= frame.nx || std::isnan(frame(j, i))) ++outside_;
    else seen.push_back(&c);
  }
  std::vector<AssignmentChoice> choices;
  std::vector<double> nearest(seen.size(), std::numeric_limits<double>::infinity());
  for (std::size_t c = 0; c < seen.size(); ++c) {
    const CellPlace& p = seen[c]->place;
    for (std::size_t t = 0; t < tracks.size(); ++t) {
      if (!tracks[t].seen()) continue;
      const CellPlace& q = tracks[t].cell.centroid;
      const double distance = scale_.length_km(p.row, q.row - p.row, q.column - p.column);
      nearest[c] = std::min(nearest[c], distance);
      if (distance <= within_km_) choices.push_back({c, t, distance});
    }
  }
  const auto taken = assign(seen.size(), tracks.size(), choices, 1e3 * within_km_);  // as many pairs as can be, and of these the nearest
  for (std::size_t c = 0; c < seen.size(); ++c) {
    const ReferenceCell& cell = *seen[c];
    auto e = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& x) { return x.id == cell.id && x.last == frame_ - 1; });
    if (e == entries_.end()) {
      entries_.push_back({});
      e = entries_.end() - 1;
      e->id = cell.id;
    }
    e->last = frame_;
    Moment m{time, cell};
    m.nearest_km = nearest[c];
    m.found = taken[c] != kUnassigned;
    if (m.found) {
      const StormTrack& t = tracks[taken[c]];
      m.track = t.id, m.moves = t.moves, m.v = t.v, m.u = t.u;
      m.distance_km = scale_.length_km(cell.place.row, t.cell.centroid.row - cell.place.row, t.cell.centroid.column - cell.place.column);
    } else {
      m.highest = highest_within(frame, scale_, cell.place, within_km_);
    }
    e->moments.push_back(std::move(m));
  }
}

std::vector<TrackComparison::Row> TrackComparison::rows() const {
  std::vector<Row> out;
  for (const Entry& e : entries_) {
    Row r;
    r.id = e.id, r.frames = static_cast<int>(e.moments.size());
    std::map<std::uint32_t, int> count;
    Mean distance, motion, late, sound, nearest;
    r.highest = std::numeric_limits<float>::quiet_NaN();
    for (std::size_t k = 0; k < e.moments.size(); ++k) {
      const Moment& m = e.moments[k];
      if (!m.found) {
        if (std::isfinite(m.nearest_km)) nearest.add(m.nearest_km);
        if (!(r.highest >= m.highest) && !std::isnan(m.highest)) r.highest = m.highest;
        continue;
      }
      ++r.found;
      r.by_one_track = std::max(r.by_one_track, ++count[m.track]);
      distance.add(m.distance_km);
      if (!m.cell.moves || !m.moves) continue;
      const double error = 1e3 * scale_.length_km(m.cell.place.row, m.v - m.cell.v, m.u - m.cell.u);
      motion.add(error);
      if (k >= kEarlyFrames) late.add(error);
      if (m.cell.error_km < kSound_km) sound.add(error);
    }
    r.distance_km = distance.value(), r.nearest_km = nearest.value();
    r.motion = motion.errors(), r.late_motion = late.errors(), r.sound_motion = sound.errors();
    out.push_back(std::move(r));
  }
  return out;
}

TrackComparison::Ahead TrackComparison::ahead(int frames) const {
  Mean minutes, reference, track, standing;
  const auto step = static_cast<std::size_t>(std::max(1, frames));
  for (const Entry& e : entries_) {
    for (std::size_t k = 0; k + step < e.moments.size(); ++k) {
      const Moment &m = e.moments[k], &later = e.moments[k + step];
      if (!m.found || !m.cell.moves || !m.moves) continue;
      const auto s = static_cast<double>((later.time - m.time).count());
      const double rows = later.cell.place.row - m.cell.place.row, columns = later.cell.place.column - m.cell.place.column;
      minutes.add(s / 60);
      reference.add(scale_.length_km(m.cell.place.row, rows - s * m.cell.v, columns - s * m.cell.u));
      track.add(scale_.length_km(m.cell.place.row, rows - s * m.v, columns - s * m.u));
      standing.add(scale_.length_km(m.cell.place.row, rows, columns));
    }
  }
  return {minutes.n, minutes.value(), reference.value(), track.value(), standing.value()};
}

TrackScore score_of(std::span<const TrackComparison::Row> rows, int least_frames) {
  TrackScore s;
  Mean distance, motion, late, sound;
  for (const auto& r : rows) {
    if (r.frames < least_frames) continue;
    ++s.cells;
    s.found_cells += 2 * r.found > r.frames ? 1 : 0;
    s.places += r.frames, s.found_places += r.found;
    distance.add(r.distance_km, r.found), motion.add(r.motion), late.add(r.late_motion), sound.add(r.sound_motion);
  }
  s.distance_km = distance.value();
  s.motion = motion.errors(), s.late_motion = late.errors(), s.sound_motion = sound.errors();
  return s;
}

}  // namespace guyu
