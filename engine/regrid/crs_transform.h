#pragma once
#include <cstddef>
#include <memory>
#include <string>

namespace guyu {

// Coordinates from one CRS to another by PROJ, always x,y = lon,lat with degrees. Two longitude-latitude CRSs count as the same: the
// grids of weather models say "sphere" and mean the latitudes that the map says.
// Safe to use from several threads; each call takes an idle PROJ object and gives it back.
class CrsTransform {
 public:
  // Throws Error naming both CRSs when PROJ has no way between them.
  CrsTransform(const std::string& from, const std::string& to);
  ~CrsTransform();
  CrsTransform(CrsTransform&&) noexcept;
  CrsTransform& operator=(CrsTransform&&) noexcept;
  bool is_identity() const { return !pool_; }
  // In place, n coordinates whose x and y lie `stride` bytes apart. A point without an image becomes infinite.
  void forward(double* x, double* y, std::size_t n, std::size_t stride) const;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace guyu
