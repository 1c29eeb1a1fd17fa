#pragma once
#include <string>
#include <vector>

#include "cli/forecast/field_store.h"
#include "cli/forecast/orographic_rain.h"
#include "cli/forecast/township_downscaler.h"
#include "engine/forecast/catalogue.h"
#include "products/region_series_netcdf.h"

namespace guyu::cli {

// Where township columns go, in the order of the selection's steps: member by member, rising in time.
class SeriesSink {
 public:
  virtual ~SeriesSink() = default;
  virtual void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) = 0;
};

// The series that a selection fills: one for each variable of the request that has steps, with all times and members that any step has.
struct SeriesLayout {
  std::vector<RegionSeries> series;
  std::vector<std::ptrdiff_t> of_variable;  // index into series; -1: the variable has no step
  // Probabilities that calibration adds behind the variables' own series.
  struct Event {
    std::size_t series = 0, variable = 0;  // places in `series` and in the request's variables
    double threshold = 0;
  };
  std::vector<Event> events;  // of one variable by rising threshold
  // Other statistics over the area than the mean, of each variable of the request; empty: none of any.
  struct Statistics {
    std::vector<ZonalStatistic> what;
    std::vector<std::size_t> series;  // of each
  };
  std::vector<Statistics> statistics;
};
SeriesLayout series_layout(const ForecastRequest& request, const ForecastSelection& selection, const std::vector<ForecastEntry>& entries);

// Reads, derives and downscales every step and hands it on. Only the fields of one time and member are in memory, and of amounts the last total of each
// variable, as a column. A field that cannot be read is missing and named in `problems`. With `orographic` the ground's part is added to precipitation.
// Columns of the layout's statistics go to `statistic_sinks`, as the forecast has them.
void fill_series(FieldStore& store, const ForecastRequest& request, const ForecastSelection& selection, const SeriesLayout& layout,
                 TownshipDownscaler& downscale, std::size_t regions, const std::vector<SeriesSink*>& sinks, std::vector<std::string>& problems,
                 OrographicRain* orographic = nullptr, const std::vector<SeriesSink*>& statistic_sinks = {});

}  // namespace guyu::cli
