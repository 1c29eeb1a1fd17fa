#pragma once
#include <array>

#include "engine/hydrology/xinanjiang.h"

namespace guyu {

// Rain that is critical on one Xinanjiang column (xinanjiang.h): which, falling evenly over a duration on the column as it is, lets a threshold runoff leave it
// within that duration, surface runoff and what the recession stores give. Nothing evaporates meanwhile. The search fills the column in pulses; its results are
// kept at the nodes of a table of tension water, free water and runoff wanted, made when they are first asked for, and straight lines stand between them:
// within a few per cent of the run itself (tests/engine/hydrology/xinanjiang_critical_rain_test.cpp). Amounts in mm over the whole area. Not for several
// threads at once.
class XinanjiangCriticalRain {
 public:
  // Forgets what was there. The same column with another threshold or duration is another table.
  void begin(const XinanjiangParameters& parameters, double threshold_runoff_mm, double hours);
  // What rain has to make of the threshold runoff: the stores of interflow and groundwater give the rest. NaN when the state is not known.
  double wanted_mm(const XinanjiangState& state) const;
  // 0 where no rain is needed; never less than what is wanted; at most kMost. NaN when the state is not known. Wetter ground
  // hardly ever wants more: only where its free water is spread over more of the area. O(1), but for nodes that are new: O(critical rain / 5 mm).
  double operator()(const XinanjiangState& state);

  static constexpr double kMost = 3000;

 private:
  static constexpr int kWet = 13, kFree = 11, kParts = 4;  // nodes; parts of the threshold runoff
  using Node = std::array<float, kParts + 1>;              // critical rain of 0, 1/4, ... of the threshold runoff; first below 0: not made yet
  const Node& node(int wet, int free);
  void search(double water, double free, double rain_per_hour, Node& node) const;

  XinanjiangParameters p_;
  double runoff_ = 0, hours_ = 0;
  double interflow_share_ = 0, groundwater_share_ = 0;  // that the recession stores give within the duration
  double drained_share_ = 0;                            // and of what drains meanwhile
  double log_free_left_ = 0;                            // of an hour
  std::array<Node, kWet * kFree> nodes_{};
};

}  // namespace guyu
