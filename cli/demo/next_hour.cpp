#include "cli/demo/next_hour.h"

#include <filesystem>
#include <limits>

#include "cli/run/region_means.h"
#include "ingest/reader.h"

namespace guyu::cli::demo {
namespace {

constexpr float kLeastSeen = 0.9F;

}  // namespace

std::vector<float> next_hour_of(const CycleResult& cycle, const std::string& cache) {
  const std::string path = cycle.folder + "/grids.nc";
  if (!std::filesystem::exists(path)) return {};
  const Interval hour{cycle.report.cycle, cycle.report.cycle + std::chrono::hours(1)};
  for (const Field& field : read_file(path, {{quantities::precipitation_amount().name}}).fields) {
    if (!(field.meta.valid == hour)) continue;
    RegionMeans means(cycle.regions, cache);
    RainSlot rain = means(field);
    for (std::size_t k = 0; k < rain.amount_mm.size(); ++k)
      if (rain.coverage[k] < kLeastSeen) rain.amount_mm[k] = std::numeric_limits<float>::quiet_NaN();
    return rain.amount_mm;
  }
  return {};
}

}  // namespace guyu::cli::demo
