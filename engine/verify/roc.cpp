#include "engine/verify/roc.h"

namespace guyu {
namespace {

double area_below(const std::vector<RocPoint>& curve) {
  double area = 0;
  for (std::size_t k = 1; k < curve.size(); ++k)
    area += (curve[k].false_detection - curve[k - 1].false_detection) * (curve[k].detection + curve[k - 1].detection) / 2;
  return area;
}

}  // namespace

std::vector<RocPoint> roc_curve(const ProbabilityTable& t) {
  const auto events = static_cast<double>(t.all_events()), others = static_cast<double>(t.judged()) - events;
  double hits = 0, false_alarms = 0;
  std::vector<RocPoint> curve{{0 / others, 0 / events}};  // 0 / 0: no such rate
  for (std::size_t k = t.events.size(); k-- > 0;) {
    hits += static_cast<double>(t.events[k]);
    false_alarms += static_cast<double>(t.others[k]);
    curve.push_back({false_alarms / others, hits / events});
  }
  return curve;
}

double roc_area(const ProbabilityTable& table) { return area_below(roc_curve(table)); }

double roc_area_of_steps(const ProbabilityTable& table, std::size_t steps) {
  const std::vector<RocPoint> curve = roc_curve(table);
  const std::size_t m = table.members();
  std::vector<RocPoint> chosen{curve.front()};
  for (std::size_t s = steps; s-- > 0;) {
    const std::size_t least = (s * m + steps - 2) / (steps - 1);  // smallest k with k / m >= s / (steps - 1)
    chosen.push_back(curve[m + 1 - least]);
  }
  return area_below(chosen);
}

}  // namespace guyu
