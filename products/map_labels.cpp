#include "products/map_labels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

namespace guyu {
namespace {

// Twice the area, square pixels.
double ring_area(const OutlineRing& ring) {
  double sum = 0;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const OutlinePoint a = ring[k], b = ring[k + 1 < ring.size() ? k + 1 : 0];
    sum += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
  }
  return std::abs(sum) / (kOutlineSteps * kOutlineSteps);
}

// Width without asking pango, which takes long for tens of thousands of names: a Chinese character is as wide as it is high.
double estimated_width(const std::string& text, double size) {
  double ems = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) ems += 0.6;
    else if (byte >= 0xe0) ems += 1;  // first byte of a character of three or four
    else if (byte >= 0xc0) ems += 0.6;
  }
  return ems * size;
}

struct Stretch {
  double begin = 0, end = 0;
  double length() const { return end - begin; }
};

// Where the level y lies inside the ring, from left to right.
std::vector<Stretch> inside_at(const OutlineRing& ring, double y) {
  std::vector<double> crossings;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const OutlinePoint p = ring[k], q = ring[k + 1 < ring.size() ? k + 1 : 0];
    const double py = p.y / kOutlineSteps, qy = q.y / kOutlineSteps;
    if ((py <= y) == (qy <= y)) continue;
    crossings.push_back((p.x + (q.x - p.x) * (y - py) / (qy - py)) / kOutlineSteps);
  }
  std::sort(crossings.begin(), crossings.end());
  std::vector<Stretch> out;
  for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) out.push_back({crossings[k], crossings[k + 1]});
  return out;
}

std::vector<Stretch> common(const std::vector<Stretch>& a, const std::vector<Stretch>& b) {
  std::vector<Stretch> out;
  for (const Stretch& s : a) {
    for (const Stretch& t : b) {
      const Stretch both{std::max(s.begin, t.begin), std::min(s.end, t.end)};
      if (both.length() > 0) out.push_back(both);
    }
  }
  return out;
}

struct Place {
  double x = 0, y = 0, room = 0;  // middle of the text, and the free width there
};

// The widest stretch that is inside at the text's top, middle and bottom; places far from the middle count for less.
std::optional<Place> roomiest(const OutlineRing& ring, double height, const PixelBox& box) {
  const auto [low, high] = std::minmax_element(ring.begin(), ring.end(), [](OutlinePoint a, OutlinePoint b) { return a.y < b.y; });
  const double top = std::max(low->y / kOutlineSteps, box.y), bottom = std::min(high->y / kOutlineSteps, box.bottom());
  if (bottom - top < height) return std::nullopt;
  const std::vector<Stretch> shown{{box.x, box.right()}};
  constexpr int kTries = 11;
  std::optional<Place> best;
  double best_score = 0;
  for (int k = 1; k < kTries; ++k) {
    const double y = top + (bottom - top) * k / kTries;
    const auto free = common(common(inside_at(ring, y - height / 2), inside_at(ring, y + height / 2)), common(inside_at(ring, y), shown));
    for (const Stretch& s : free) {
      const double score = s.length() * (1 - 0.6 * std::abs(static_cast<double>(k) / kTries - 0.5));
      if (score > best_score) best_score = score, best = Place{(s.begin + s.end) / 2, y, s.length()};
    }
  }
  return best;
}

// Boxes that are taken, by tiles of the picture.
class TakenPlaces {
 public:
  bool take(const PixelBox& b) {
    bool free = true;
    each_tile(b, [&](std::vector<PixelBox>& tile) {
      for (const PixelBox& o : tile) free = free && (b.x >= o.right() || o.x >= b.right() || b.y >= o.bottom() || o.y >= b.bottom());
    });
    if (free) each_tile(b, [&](std::vector<PixelBox>& tile) { tile.push_back(b); });
    return free;
  }

 private:
  template <typename Do>
  void each_tile(const PixelBox& b, Do&& act) {
    constexpr double kTile = 64;  // pixels
    for (int ty = static_cast<int>(b.y / kTile); ty <= static_cast<int>(b.bottom() / kTile); ++ty) {
      for (int tx = static_cast<int>(b.x / kTile); tx <= static_cast<int>(b.right() / kTile); ++tx) act(tiles_[{tx, ty}]);
    }
  }
  std::map<std::array<int, 2>, std::vector<PixelBox>> tiles_;
};

struct Candidate {
  const LabelWish* wish;
  const OutlineRing* ring;
  double area;
};

std::vector<Candidate> candidates_of(const std::vector<RegionOutline>& outlines, const std::vector<LabelWish>& wishes) {
  std::vector<Candidate> out;
  for (const LabelWish& w : wishes) {
    Candidate c{&w, nullptr, 0};
    for (const OutlineRing& ring : outlines[w.outline].rings) {
      const double area = ring_area(ring);
      if (area > c.area) c = {&w, &ring, area};
    }
    if (c.ring && !w.text.empty()) out.push_back(c);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Candidate& a, const Candidate& b) { return a.wish->rank != b.wish->rank ? a.wish->rank > b.wish->rank : a.area > b.area; });
  return out;
}

}  // namespace

void draw_labels(const MapCanvas& canvas, const PixelBox& box, const std::vector<RegionOutline>& outlines, const std::vector<LabelWish>& wishes, double size) {
  TakenPlaces taken;
  const double height = size * 1.1, gap = size * 0.25;
  for (const Candidate& c : candidates_of(outlines, wishes)) {
    const double width = estimated_width(c.wish->text, size), needed = width / (1 + c.wish->overhang);
    if (c.area / 2 < 0.5 * needed * height) continue;  // too small whatever its form
    const auto place = roomiest(*c.ring, height / (1 + c.wish->overhang), box);
    if (!place || place->room < needed) continue;
    const PixelBox b{place->x - width / 2 - gap, place->y - height / 2 - gap / 2, width + 2 * gap, height + gap};
    if (b.x < box.x || b.right() > box.right() || b.y < box.y || b.bottom() > box.bottom()) continue;
    if (!taken.take(b)) continue;
    const TextStyle style{.size = size, .halo = true};
    canvas.text(place->x, place->y - canvas.measure(c.wish->text, style).height / 2, c.wish->text, style, Anchor::centre);
  }
}

}  // namespace guyu
