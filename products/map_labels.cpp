#include "products/map_labels.h"

#include <algorithm>

namespace guyu {
namespace {
constexpr std::size_t kMost = 400;        // more names than that are read by nobody
constexpr double kSmallestRegion = 14;    // pixels
}  // namespace

void write_labels(MapSheet& sheet, std::vector<LabelWish> wishes) {
  std::stable_sort(wishes.begin(), wishes.end(), [](const LabelWish& a, const LabelWish& b) { return a.rank != b.rank ? a.rank > b.rank : a.room > b.room; });
  const TextStyle style{11.5 * sheet.scale(), false, {0.08, 0.08, 0.08}, true};
  const Box plot = sheet.plot();
  std::vector<Box> taken;
  for (const LabelWish& w : wishes) {
    if (taken.size() >= kMost) break;
    if (w.text.empty() || (w.rank == 0 && w.room < kSmallestRegion)) continue;
    const Box box = sheet.canvas().text_box(w.text, w.x, w.y, Align::centre, style);
    const bool inside = box.x >= plot.x && box.y >= plot.y && box.x + box.width <= plot.x + plot.width && box.y + box.height <= plot.y + plot.height;
    if (!inside || (w.rank == 0 && box.width > w.room * 1.1)) continue;
    if (std::any_of(taken.begin(), taken.end(), [&](const Box& o) { return o.overlaps(box); })) continue;
    taken.push_back(box);
    sheet.canvas().text(w.text, w.x, w.y, Align::centre, style);
  }
}

}  // namespace guyu
