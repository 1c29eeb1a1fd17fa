#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/core/field.h"
#include "engine/region/region_set.h"
#include "products/provenance.h"

namespace guyu {

// Township values of one quantity over time.
struct RegionSeries {
  std::string name;  // NetCDF name, unique in its file
  std::string long_name;
  Quantity quantity;
  std::string level;
  TimeKind kind = TimeKind::instant;
  std::vector<Interval> times;              // ascending
  std::vector<std::optional<int>> members;  // one without a number: no axis of members
  std::string statistic = "mean";           // over each region's area: mean, max, min, p90, frac>=20 (then values are shares, unit 1)
};
// Of the values: that of the quantity, 1 of shares.
std::string unit_of(const RegionSeries& series);

// Streams township columns into a CF-1.8 NetCDF-4 file of discrete sampling geometry "timeSeries": name([member,] time, region) and its coverage, code
// and name of each region. Series with the same times share a time axis, with the same members a member axis. Steps never written are missing. The
// same content gives the same bytes. Written beside its place and renamed on close(). One NetCDF writer or reader at a time. Throws Error naming the file.
class RegionSeriesWriter {
 public:
  RegionSeriesWriter(const std::string& path, const RegionSet& regions, std::vector<RegionSeries> series, const Provenance& provenance);
  ~RegionSeriesWriter();
  RegionSeriesWriter(const RegionSeriesWriter&) = delete;
  RegionSeriesWriter& operator=(const RegionSeriesWriter&) = delete;

  void write(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace guyu
