#include "engine/nowcast/seen_area.h"

#include <algorithm>
#include <cmath>

namespace guyu {

SeenArea::SeenArea(FieldView<const float> field) : first_{0}, nx_(field.nx) {
  std::vector<std::uint8_t> marks(static_cast<std::size_t>(nx_));
  for (std::int64_t j = 0; j < field.ny; ++j) {
    const float* x = field.row(j);
    for (std::int64_t i = 0; i < nx_; ++i) marks[static_cast<std::size_t>(i)] = std::isfinite(x[i]) ? 1 : 0;
    add_row(marks);
  }
}

void SeenArea::add_row(const std::vector<std::uint8_t>& marks) {
  for (auto at = marks.begin();;) {
    const auto begin = std::find(at, marks.end(), 1);
    if (begin == marks.end()) break;
    at = std::find(begin, marks.end(), 0);
    runs_.push_back({static_cast<std::int32_t>(begin - marks.begin()), static_cast<std::int32_t>(at - marks.begin())});
    cells_ += at - begin;
  }
  first_.push_back(runs_.size());
}

std::span<const SeenArea::Run> SeenArea::row(std::int64_t j) const {
  const auto k = static_cast<std::size_t>(j);
  return std::span(runs_).subspan(first_[k], first_[k + 1] - first_[k]);
}

bool SeenArea::holds(std::int64_t j, std::int64_t i) const {
  const auto runs = row(j);
  const auto at = std::partition_point(runs.begin(), runs.end(), [i](const Run& r) { return r.end <= i; });
  return at != runs.end() && at->begin <= i;
}

SeenArea SeenArea::grown(std::int64_t reach) const {
  if (reach <= 0) return *this;
  const auto ny = static_cast<std::int64_t>(first_.size()) - 1;
  reach = std::min(reach, std::max(ny, nx_));
  // How many of the rows within reach mark a column, kept up to date while the rows slide by.
  std::vector<std::int32_t> count(static_cast<std::size_t>(nx_));
  const auto change = [&](std::int64_t j, std::int32_t by) {
    if (j < 0 || j >= ny) return;
    std::int64_t done = 0;  // runs that grow into each other mark a column once
    for (const Run& run : row(j)) {
      const std::int64_t end = std::min(run.end + reach, nx_);
      for (std::int64_t i = std::max(run.begin - reach, done); i < end; ++i) count[static_cast<std::size_t>(i)] += by;
      done = std::max(done, end);
    }
  };
  SeenArea out;
  out.first_.push_back(0);
  out.nx_ = nx_;
  std::vector<std::uint8_t> marks(count.size());
  for (std::int64_t j = -reach; j < ny; ++j) {
    change(j + reach, 1);
    if (j < 0) continue;
    std::transform(count.begin(), count.end(), marks.begin(), [](std::int32_t n) { return static_cast<std::uint8_t>(n > 0 ? 1 : 0); });
    out.add_row(marks);
    change(j - reach, -1);
  }
  return out;
}

}  // namespace guyu
