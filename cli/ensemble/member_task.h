#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/blend/forecast_blend.h"
#include "engine/core/field.h"
#include "engine/motion/motion.h"
#include "engine/nowcast/ensemble.h"
#include "engine/region/zonal_weights.h"
#include "engine/window_sums/window_sums.h"

namespace guyu::cli {

// Everything that members are made from, so that any process can make any of them: what one rank sends another, and what a stored member is bound to.
struct MemberTask {
  std::vector<FieldPtr> frames;  // rates in mm/h, oldest first, on one grid
  std::vector<TimePoint> times;
  Motion motion;
  EnsembleOptions options;
  std::vector<std::string> forecast_files;  // what members go on as; each process reads them itself
  bool forecast_arrived = false;
  ZonalWeights weights;  // regions: their tables are wanted
  WindowPlan windows;    // what the regions' sums over windows are wanted of; empty: none
  bool planes = false;   // the rates of each step are wanted

  std::vector<FieldView<const float>> views() const;
  std::string pack() const;
  static MemberTask unpack(const std::string& bytes);
};

struct TaskBlend {
  std::optional<ForecastBlend> blend;
  std::string hash;  // of all that the blend adds
  std::vector<std::string> notes, problems;
};
// Reads the task's forecast files. No blend when there are none or none can be used; what was wrong is told, and no error.
TaskBlend read_blend(const MemberTask& task);

// Hash of the program's version, the task and the blend: members of equal keys are equal to the bit. Which members are made, and by how many ranks and
// threads, is no part of it. O(cells).
std::string member_key(const MemberTask& task, const TaskBlend& blend);

}  // namespace guyu::cli
