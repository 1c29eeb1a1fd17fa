#pragma once
#include <limits>
#include <vector>

#include "ingest/netcdf_file.h"

namespace guyu {

// From stored to real values (CF 1.8, 2.5.1 and 8.1): missing values, valid range, unsigned storage, scale and offset.
class NetcdfPacking {
 public:
  NetcdfPacking(const NetcdfFile& file, const NetcdfFile::Variable& variable);
  float operator()(double raw) const;  // NaN when missing

 private:
  double scale_ = 1, offset_ = 0, wrap_ = 0;  // wrap: 2^bits when signed storage holds unsigned values
  std::vector<double> missing_;               // stored values
  double low_ = -std::numeric_limits<double>::infinity(), high_ = std::numeric_limits<double>::infinity();
};

}  // namespace guyu
