#pragma once
#include <algorithm>
#include <vector>

#include "engine/core/plane.h"

namespace guyu::test {

inline std::vector<FieldView<const float>> views(const std::vector<Plane>& planes) {
  std::vector<FieldView<const float>> all;
  for (const Plane& p : planes) all.push_back(p.view());
  return all;
}

inline std::vector<FieldView<float>> writable(std::vector<Plane>& planes) {
  std::vector<FieldView<float>> all;
  for (Plane& p : planes) all.push_back(p.view());
  return all;
}

inline void append(std::vector<Plane>& to, std::vector<Plane> more) {
  for (Plane& p : more) to.push_back(std::move(p));
}

// Planes first, first + each, ...
inline std::vector<Plane> every(const std::vector<Plane>& planes, std::size_t first, std::size_t each) {
  std::vector<Plane> some;
  for (std::size_t k = first; k < planes.size(); k += each) some.push_back(planes[k]);
  return some;
}

}  // namespace guyu::test
