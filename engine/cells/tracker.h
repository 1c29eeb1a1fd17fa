#pragma once
#include <span>

#include "engine/cells/grid_scale.h"
#include "engine/cells/storm_track.h"
#include "engine/motion/motion.h"

namespace guyu {

struct TrackOptions {
  double gate_km = 3, gate_m_s = 12;      // a cell may stand this far from where it was expected, and this much farther for each second since it was seen
  double largest_area_ratio = 4;          // between frames, for cells whose footprints do not overlap well
  double least_overlap = 0.3;             // share of a footprint that makes a split or a merger; beyond it the gates widen
  double least_new_area_km2 = 0;          // smaller cells go on with tracks there are and start none: what comes and goes about a limit makes no tracks
  int most_missed = 1;                    // frames in a row that a track survives unseen
  Seconds longest_gap{40 * 60};           // between frames; beyond it every track ends
  Seconds memory{30 * 60};                // older points say nothing of the velocity
  double first_guess_error_m_s = 3;       // of the motion field, as the velocity of a cell
  double unknown_motion_m_s = 12;         // of the velocity of a cell that nothing is known of, each way: storms go 10 to 20 m/s, to any side
  double shear_m_s_km = 0.06;             // by which velocities of cells come to differ with the distance between them: the first guess's error at 50 km
  double first_position_error_km = 1.5;   // before a track has shown its own
  double least_velocity_error_m_s = 1.5;  // storms turn and their cores change places, however straight they went,
  double velocity_error_share = 0.2;      // and fast ones more: this share of the speed is added in squares; docs/cells.md says what it was measured on
  Seconds growth_memory{15 * 60};         // trends over less than this are mostly noise and are drawn to none
};

// Follows cells from frame to frame.
//
// Each track is expected where its velocity takes it. Its footprint, moved there, is compared with the new cells: pairs within the gates cost their distance
// and change of area less what they overlap, and the assignment with the least sum of costs goes on. A new cell without a track whose footprint lies in an
// expected one is a split of it; a track without a cell whose footprint lies in one has merged. After either the path is continued without the jump of the
// centroid, so that it makes no velocity. Velocity: regression over the track's own path, drawn to the motion field at its place as far as their errors say
// (ridge). A new cell moves as the field and the tracks about it do, each by its error and the shear up to it: the field is the motion of all echo, a wide rain
// among it, the tracks that of cells. Position error: what the predictions of this track missed by, with three frames of the prior. Sources: Dixon and Wiener
// (1993), J. Atmos. Oceanic Technol. 10 (assignment, ellipses); Han et al. (2009), the same 26 (overlap first); Johnson et al. (1998), Weather and Forecasting
// 13 (first guess, regression, other cells' motion for a new one). Without a motion field, as in the first frame of all, a cell's motion is not known before
// its second frame; that frame's field then tells where the first one's cells went. O(tracks x cells + runs) a frame, plus the assignment.
class CellTracker {
 public:
  explicit CellTracker(GridScale scale, TrackOptions options = {});
  // The cells of the next frame; `motion` in cells per second about that time, null where there is none. Throws Error when the time does not come after the
  // last one's.
  void add(TimePoint time, std::vector<StormCell> cells, const Motion* motion);
  // All tracks there were, by id.
  std::span<const StormTrack> tracks() const { return tracks_; }

 private:
  // A track's path without jumps of the centroid, and what its predictions missed by.
  struct Path {
    struct Node {
      double seconds, row, column, log_area, maximum;
    };
    std::vector<Node> nodes;
    double squared_miss_km2 = 0;
    int misses = 0;
  };
  struct Velocity {  // rows and columns per second
    double v, u;
  };
  // What a track is taken to do before its own path says.
  struct Guess {
    Velocity velocity;
    double error_km_s;
    bool known;
  };
  // A velocity that a track's own path has shown.
  struct Witness {
    CellPlace place;
    Velocity velocity;
    double error_km_s;
  };
  struct Expected {
    std::size_t track;
    double row, column, elapsed_s;
    std::vector<std::int64_t> overlap;  // pixels shared with each new cell
    std::int64_t pixels;
  };
  std::vector<Expected> expect(TimePoint time, const std::vector<StormCell>& cells) const;
  std::vector<std::size_t> match(const std::vector<Expected>& expected, const std::vector<StormCell>& cells) const;
  void take(std::size_t track, TimePoint time, StormCell&& cell, const Expected& expected, bool jumped, const Motion* motion);
  std::vector<Witness> witnesses() const;  // in the newest frame
  Guess field_guess(const CellPlace& at, const Motion* motion) const;
  Guess first_guess(const CellPlace& at, const Motion* motion, const std::vector<Witness>& about) const;
  std::size_t start(TimePoint time, StormCell&& cell, const Guess& guess);
  void learn(std::size_t track, const Guess& guess);

  GridScale scale_;
  TrackOptions options_;
  std::vector<StormTrack> tracks_;
  std::vector<Path> paths_;
  TimePoint newest_{};
  bool any_ = false;
};

}  // namespace guyu
