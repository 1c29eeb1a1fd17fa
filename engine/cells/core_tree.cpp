#include "engine/cells/core_tree.h"

#include <algorithm>
#include <array>

namespace guyu {
namespace {

std::size_t at(std::int64_t k) { return static_cast<std::size_t>(k); }

class CoreTree {
 public:
  CoreTree(const EchoPixels& echo, const GridScale& scale, const IdentifyOptions& options)
      : echo_(echo), scale_(scale), options_(options), parent_(at(echo.size()), -1), peak_(at(echo.size())), area_(at(echo.size())),
        cores_of_(at(echo.size()), -1) {}

  std::vector<CoreSeed> cores() {
    const auto levels = static_cast<std::uint8_t>(options_.thresholds.size());
    std::vector<std::vector<std::int32_t>> bucket(levels + std::size_t{1});
    for (std::int32_t p = 0; p < echo_.size(); ++p) bucket[echo_.level[at(p)]].push_back(p);
    std::vector<std::int32_t> roots;
    for (std::uint8_t level = levels; level > 0; --level) {
      for (const std::int32_t p : bucket[level]) flood(p, level);
      roots.insert(roots.end(), bucket[level].begin(), bucket[level].end());
      for (std::int32_t& r : roots) r = root(r);
      std::sort(roots.begin(), roots.end());
      roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
      for (const std::int32_t r : roots) judge(r, level);
    }
    std::vector<CoreSeed> out;
    for (const std::int32_t r : roots) {
      for (std::int32_t c = cores_of_[at(r)]; c >= 0; c = cores_[at(c)].next) out.push_back(cores_[at(c)].seed);
    }
    std::sort(out.begin(), out.end(), [](const CoreSeed& a, const CoreSeed& b) { return a.pixel < b.pixel; });
    return out;
  }

 private:
  struct Core {
    CoreSeed seed;
    bool apart = false;  // stays a cell of its own whatever merges below
    std::int32_t next = -1;
  };

  std::int32_t root(std::int32_t p) {
    while (parent_[at(p)] != p) p = parent_[at(p)] = parent_[at(parent_[at(p)])];
    return p;
  }

  void flood(std::int32_t p, std::uint8_t level) {
    parent_[at(p)] = peak_[at(p)] = p;
    area_[at(p)] = scale_.area_km2(echo_.row[at(p)]);
    std::array<std::int32_t, 8> near{};
    const int n = echo_.neighbours(p, near);
    for (int k = 0; k < n; ++k) {
      const std::int32_t q = near[at(k)];
      if (echo_.level[at(q)] >= level && parent_[at(q)] >= 0) unite(p, q);
    }
  }

  bool higher(std::int32_t p, std::int32_t q) const {
    const float a = echo_.value[at(p)], b = echo_.value[at(q)];
    return a > b || (a == b && p < q);
  }

  void unite(std::int32_t p, std::int32_t q) {
    p = root(p), q = root(q);
    if (p == q) return;
    if (area_[at(p)] < area_[at(q)]) std::swap(p, q);
    parent_[at(q)] = p;
    area_[at(p)] += area_[at(q)];
    if (higher(peak_[at(q)], peak_[at(p)])) peak_[at(p)] = peak_[at(q)];
    if (cores_of_[at(q)] < 0) return;
    std::int32_t last = cores_of_[at(q)];
    while (cores_[at(last)].next >= 0) last = cores_[at(last)].next;
    cores_[at(last)].next = cores_of_[at(p)];
    cores_of_[at(p)] = cores_of_[at(q)];
  }

  // Whether a core that came apart at the threshold above `level` rises far enough over it.
  bool stands_out(const Core& c, std::uint8_t level) const {
    const float parting = options_.thresholds[level], saddle = options_.thresholds[at(level - 1)];
    return c.apart || double{echo_.value[at(c.seed.pixel)]} >= double{parting} + options_.prominence * (double{parting} - double{saddle});
  }

  void judge(std::int32_t r, std::uint8_t level) {
    std::int32_t& first = cores_of_[at(r)];
    if (first < 0) {
      if (area_[at(r)] < options_.least_core_km2) return;
      first = static_cast<std::int32_t>(cores_.size());
      cores_.push_back({{peak_[at(r)], level}, false, -1});
      return;
    }
    if (cores_[at(first)].next < 0) {
      cores_[at(first)].seed = {peak_[at(r)], level};
      return;
    }
    std::int32_t kept = -1, count = 0;
    for (std::int32_t c = first; c >= 0;) {
      const std::int32_t next = cores_[at(c)].next;
      if (stands_out(cores_[at(c)], level)) cores_[at(c)].next = kept, kept = c, ++count;
      c = next;
    }
    if (count < 2) {  // one storm with some unrest on top
      cores_[at(first)] = {{peak_[at(r)], level}, false, -1};
      return;
    }
    first = kept;
    for (std::int32_t c = first; c >= 0; c = cores_[at(c)].next) cores_[at(c)].apart = true;
  }

  const EchoPixels& echo_;
  const GridScale& scale_;
  const IdentifyOptions& options_;
  std::vector<std::int32_t> parent_, peak_;
  std::vector<double> area_;
  std::vector<std::int32_t> cores_of_;  // first core of a root's list
  std::vector<Core> cores_;
};

}  // namespace

std::vector<CoreSeed> find_cores(const EchoPixels& echo, const GridScale& scale, const IdentifyOptions& options) {
  return CoreTree(echo, scale, options).cores();
}

}  // namespace guyu
