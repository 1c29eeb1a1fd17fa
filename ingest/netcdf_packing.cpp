#include "ingest/netcdf_packing.h"

#include <netcdf.h>

#include <cmath>
#include <optional>

namespace guyu {
namespace {

// What the library fills unwritten cells with when the file declares no fill value (netcdf.h); single bytes have none.
std::optional<double> default_fill(int type) {
  switch (type) {
    case NC_SHORT: return NC_FILL_SHORT;
    case NC_INT: return NC_FILL_INT;
    case NC_USHORT: return NC_FILL_USHORT;
    case NC_UINT: return NC_FILL_UINT;
    case NC_INT64: return static_cast<double>(NC_FILL_INT64);
    case NC_UINT64: return static_cast<double>(NC_FILL_UINT64);
    case NC_FLOAT: return static_cast<double>(NC_FILL_FLOAT);
    case NC_DOUBLE: return NC_FILL_DOUBLE;
    default: return std::nullopt;
  }
}

double unsigned_span(int type) { return type == NC_BYTE ? 256.0 : type == NC_SHORT ? 65536.0 : type == NC_INT ? 4294967296.0 : 0.0; }

}  // namespace

NetcdfPacking::NetcdfPacking(const NetcdfFile& f, const NetcdfFile::Variable& v) {
  const auto scale = f.number(v, "scale_factor"), offset = f.number(v, "add_offset");
  scale_ = scale.value_or(1);
  offset_ = offset.value_or(0);
  if (f.text(v, "_Unsigned") == "true") wrap_ = unsigned_span(v.type);
  const auto stored = [&](double x) {
    if (wrap_ > 0 && x < 0) return x + wrap_;
    // a double attribute such as 1e20 stands for the float that the cells hold
    return v.type == NC_FLOAT ? static_cast<double>(static_cast<float>(x)) : x;
  };
  for (const char* name : {"_FillValue", "missing_value"}) {
    for (const double m : f.numbers(v, name)) missing_.push_back(stored(m));
  }
  if (f.numbers(v, "_FillValue").empty()) {
    if (const auto fill = default_fill(v.type)) missing_.push_back(stored(*fill));
  }
  // Limits are in stored values, except that limits of another type than a packed variable's are in real ones.
  const auto limit = [&](const char* name, double x) { return (scale || offset) && !f.same_type(v, name) && scale_ != 0 ? (x - offset_) / scale_ : stored(x); };
  if (const auto range = f.numbers(v, "valid_range"); range.size() == 2) {
    low_ = limit("valid_range", range[0]);
    high_ = limit("valid_range", range[1]);
  }
  if (const auto lo = f.number(v, "valid_min")) low_ = limit("valid_min", *lo);
  if (const auto hi = f.number(v, "valid_max")) high_ = limit("valid_max", *hi);
  if (scale_ < 0 && low_ > high_) std::swap(low_, high_);
}

float NetcdfPacking::operator()(double raw) const {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  if (wrap_ > 0 && raw < 0) raw += wrap_;
  if (std::isnan(raw) || raw < low_ || raw > high_) return kNaN;
  for (const double m : missing_) {
    if (raw == m) return kNaN;
  }
  return static_cast<float>(raw * scale_ + offset_);
}

}  // namespace guyu
