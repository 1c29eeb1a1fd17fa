#pragma once
#include <utility>
#include <vector>

#include "cli/forecast/township_series.h"

namespace guyu::cli {

// Keeps columns: members x steps x regions x 8 bytes of each series.
class SeriesMemory final : public SeriesSink {
 public:
  struct Column {
    std::vector<float> values, coverage;  // empty: never put
  };
  explicit SeriesMemory(SeriesLayout layout_of) : layout_(std::move(layout_of)), columns_(layout_.series.size()) {
    for (std::size_t s = 0; s < columns_.size(); ++s) columns_[s].resize(layout_.series[s].members.size() * layout_.series[s].times.size());
  }
  void put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) override {
    columns_[series][at_place(series, member, step)] = {{values.begin(), values.end()}, {coverage.begin(), coverage.end()}};
  }
  const Column& at(std::size_t series, std::size_t member, std::size_t step) const { return columns_[series][at_place(series, member, step)]; }
  const SeriesLayout& layout() const { return layout_; }

 private:
  std::size_t at_place(std::size_t series, std::size_t member, std::size_t step) const { return member * layout_.series[series].times.size() + step; }
  SeriesLayout layout_;
  std::vector<std::vector<Column>> columns_;
};

}  // namespace guyu::cli
