#include "engine/regrid/weights.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/error.h"
#include "engine/regrid/conservative.h"
#include "engine/regrid/row_band.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu {
namespace {

constexpr std::int64_t kBandRows = 16;  // one chunk of work: its first outline is computed twice

constexpr std::array<std::pair<std::string_view, RegridMethod>, 3> kMethods{
    {{"nearest", RegridMethod::nearest}, {"bilinear", RegridMethod::bilinear}, {"conservative", RegridMethod::conservative}}};

void add_conservative_row(CellOverlaps::Rows& rows, std::int64_t j, RowBand& band) {
  const OverlapRow& r = rows.row(j);
  std::size_t k = 0;
  for (std::size_t i = 0; i < r.end.size(); ++i) {
    band.next();
    for (; k < r.end[i]; ++k) band.add(r.overlaps[k].source, r.overlaps[k].area / r.area[i]);
  }
}

// fill(begin, end, band) for bands of target rows, in parallel.
template <typename Fill>
std::vector<RowBand> build_bands(std::int64_t ny, Fill&& fill) {
  std::vector<RowBand> bands(static_cast<std::size_t>((ny + kBandRows - 1) / kBandRows));
  parallel_for(ny, kBandRows, [&](std::int64_t begin, std::int64_t end) { fill(begin, end, bands[static_cast<std::size_t>(begin / kBandRows)]); });
  return bands;
}

std::vector<RowBand> pointwise_bands(const Grid& source, const Grid& target, RegridMethod method) {
  // A hundred-millionth of a cell is far below what float weights can tell.
  const LineMapper mapper(
      source, target,
      [](double x, double y) {
        return PlanePoint{x, y};
      },
      {1e-8 * source.dx(), 1e-8 * source.dy()}, source.is_latlon() ? 360 : 0);
  const SourceIndex index(source);
  const auto add_row = method == RegridMethod::nearest ? add_nearest_row : add_bilinear_row;
  return build_bands(target.ny(), [&](std::int64_t begin, std::int64_t end, RowBand& band) {
    std::vector<PlanePoint> centres(static_cast<std::size_t>(target.nx()));
    for (std::int64_t j = begin; j < end; ++j) add_row(mapper, index, j, centres, band);
  });
}

std::vector<RowBand> conservative_bands(const Grid& source, const Grid& target) {
  const CellOverlaps overlaps(source, target);
  return build_bands(target.ny(), [&](std::int64_t begin, std::int64_t end, RowBand& band) {
    CellOverlaps::Rows rows(overlaps);
    for (std::int64_t j = begin; j < end; ++j) add_conservative_row(rows, j, band);
  });
}

}  // namespace

RegridMethod parse_regrid_method(std::string_view text) {
  std::string known;
  for (const auto& [name, method] : kMethods) {
    if (name == text) return method;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  throw Error("", "unknown regridding method '" + std::string(text) + "'", "known are " + known);
}

std::string_view name_of(RegridMethod method) {
  return std::find_if(kMethods.begin(), kMethods.end(), [&](const auto& m) { return m.second == method; })->first;
}

RegridWeights compute_regrid_weights(const Grid& source, const Grid& target, RegridMethod method) {
  std::vector<RowBand> bands = method == RegridMethod::conservative ? conservative_bands(source, target) : pointwise_bands(source, target, method);
  RegridWeights w;
  w.source_nx = source.nx(), w.source_ny = source.ny();
  w.target_nx = target.nx(), w.target_ny = target.ny();
  std::size_t total = 0;
  for (const RowBand& b : bands) total += b.entries.size();
  w.entries.reserve(total);
  w.row_begin.reserve(static_cast<std::size_t>(target.size()) + 1);
  w.row_begin.push_back(0);
  for (RowBand& b : bands) {
    for (const std::int64_t n : b.counts) w.row_begin.push_back(w.row_begin.back() + n);
    w.entries.insert(w.entries.end(), b.entries.begin(), b.entries.end());
    b = {};  // so that the weights are not held twice
  }
  return w;
}

}  // namespace guyu
