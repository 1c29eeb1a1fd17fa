#pragma once
#include <cstdio>
#include <memory>
#include <string>

#include "cli/forecast/township_series.h"
#include "engine/core/atomic_file.h"
#include "engine/region/region_set.h"

namespace guyu::cli {

class NetcdfSeries final : public SeriesSink {
 public:
  NetcdfSeries(const std::string& path, const RegionSet& regions, const std::vector<RegionSeries>& series, const Provenance& provenance)
      : writer_(path, regions, series, provenance) {}
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override {
    writer_.write(series, member, step, values, coverage);
  }
  void close() { writer_.close(); }

 private:
  RegionSeriesWriter writer_;
};

// Lines code,name,quantity,level,units,member,begin,end,value,coverage,statistic as they come; not known is empty. Atomic.
class CsvSeries final : public SeriesSink {
 public:
  CsvSeries(const std::string& path, const RegionSet& regions, const std::vector<RegionSeries>& series);
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override;
  void close();

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::string path_;
  AtomicFile target_;
  std::unique_ptr<std::FILE, Close> file_;
  const std::vector<RegionSeries>& series_;
  std::vector<std::string> names_;  // "code,name" of each region
};

// Outlines with, for each series, times and values; of an ensemble the mean of the members that are known. Held in memory: regions x steps.
class GeojsonSeries final : public SeriesSink {
 public:
  GeojsonSeries(std::string path, const RegionSet& regions, const std::vector<RegionSeries>& series);
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override;
  void close(TimePoint issue);

 private:
  std::string path_;
  const RegionSet& regions_;
  const std::vector<RegionSeries>& series_;
  struct Cell {
    float sum = 0, north = 0;  // of a direction: sums of the components
    int known = 0;
  };
  std::vector<std::vector<Cell>> cells_;  // by series: step * regions + region
};

}  // namespace guyu::cli
