#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/cells/grid_scale.h"
#include "engine/cells/storm_track.h"
#include "engine/core/field.h"

namespace guyu {

// A storm cell of another tracking in one frame.
struct ReferenceCell {
  std::string id;
  CellPlace place;
  bool moves = false;   // false: its motion is not known
  double v = 0, u = 0;  // rows and columns per second
  double error_km = 0;  // by which forecasts made from its motions missed it before, as the reference tells; 0: none was made
};

// Vector differences of motions: how many, and their mean length; NaN: none.
struct MotionErrors {
  int count = 0;
  double mean_m_s = 0;
};

// Holds tracks against those of another tracking, frame by frame. In each frame cells are paired one to one so that the sum of distances is least, no pair
// farther apart than `within_km`. An id that was absent for a frame and comes back is another cell.
class TrackComparison {
 public:
  explicit TrackComparison(GridScale scale, double within_km = 10);
  // The tracks as they stand after the same frame; cells of the reference whose place is outside the grid or missing in the field are left out and counted.
  // Times rise from call to call.
  void add(TimePoint time, std::span<const StormTrack> tracks, std::span<const ReferenceCell> cells, FieldView<const float> frame);

  struct Row {
    std::string id;
    int frames = 0;             // that the reference has it in
    int found = 0;              // of them with a track within reach
    int by_one_track = 0;       // of them with the track that is there most often
    double distance_km = 0;     // mean of the found ones; NaN: none
    MotionErrors motion;        // where it is found and both know a motion
    MotionErrors late_motion;   // of them from the third frame of the cell on
    MotionErrors sound_motion;  // of them where the reference's own forecasts miss by less than 5 km: half of the reach is too much for a motion to be held to
    double nearest_km = 0;      // mean distance of the nearest track, taken or not, where it is not found; NaN: always found, or no track at all
    float highest = 0;          // of the field within reach where it is not found; NaN: always found
  };
  std::vector<Row> rows() const;  // in the order of their first frames
  int outside() const { return outside_; }

  // Where the reference has a cell so many frames later, against where it was expected then by its own motion, by that of the track that was found for it, and
  // without any: mean distances, km. Only where both motions are known; they say which of two motions that differ is the better one.
  struct Ahead {
    int cells = 0;
    double minutes = 0, by_reference_km = 0, by_track_km = 0, standing_km = 0;  // NaN: none
  };
  Ahead ahead(int frames) const;

 private:
  struct Moment {
    TimePoint time;
    ReferenceCell cell;
    bool found = false, moves = false;  // a track; its motion is known
    std::uint32_t track = 0;
    double distance_km = 0, v = 0, u = 0;  // of the track
    double nearest_km = 0;
    float highest = 0;
  };
  struct Entry {
    std::string id;
    int last = 0;
    std::vector<Moment> moments;  // a frame each
  };
  GridScale scale_;
  double within_km_;
  int frame_ = 0, outside_ = 0;
  std::vector<Entry> entries_;
};

// All cells that the reference has in at least `least_frames` frames.
struct TrackScore {
  int cells = 0, found_cells = 0;  // found: in more than half of its frames
  int places = 0, found_places = 0;
  double distance_km = 0;  // mean over places; NaN: none
  MotionErrors motion, late_motion, sound_motion;
};
TrackScore score_of(std::span<const TrackComparison::Row> rows, int least_frames = 3);

}  // namespace guyu
