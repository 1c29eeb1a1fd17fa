#include "products/grid_grib2.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "engine/core/error.h"
#include "products/grib2_grid.h"
#include "products/grib2_message.h"
#include "products/grib2_parameter.h"

namespace guyu {
namespace {

constexpr double kMissingValue = 9.999e20;
constexpr int kMostBits = 24;  // what float32 holds

void set_calendar(Grib2Message& m, TimePoint t, const std::string& suffix) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(t - day);
  const auto set = [&](const char* part, long value) { m.whole((part + suffix).c_str(), value); };
  set("year", static_cast<int>(date.year()));
  set("month", static_cast<long>(static_cast<unsigned>(date.month())));
  set("day", static_cast<long>(static_cast<unsigned>(date.day())));
  set("hour", clock.hours().count());
  set("minute", clock.minutes().count());
  set("second", clock.seconds().count());
}

// Code table 4.4.
struct TimeUnit {
  long code, seconds;
};
TimeUnit unit_for(Seconds lead, Seconds length) {
  for (const TimeUnit u : {TimeUnit{1, 3600}, TimeUnit{0, 60}})
    if (lead.count() % u.seconds == 0 && length.count() % u.seconds == 0) return u;
  return {13, 1};
}

// Code table 4.10.
long statistical_process(TimeKind kind) {
  switch (kind) {
    case TimeKind::mean: return 0;
    case TimeKind::maximum: return 2;
    case TimeKind::minimum: return 3;
    default: return 1;
  }
}

TimePoint reference_of(const FieldMeta& meta) {
  const TimePoint first = meta.kind == TimeKind::instant ? meta.valid.end : meta.valid.begin;
  return meta.reference == TimePoint{} || meta.reference > first ? first : meta.reference;
}

void set_identification(Grib2Message& m, const FieldMeta& meta, const Grib2Parameter& parameter, const Grib2Options& options) {
  constexpr long kTables = 28, kAnalysis = 0, kStartOfForecast = 1;
  m.whole("discipline", parameter.discipline);
  m.whole("tablesVersion", kTables);
  m.whole("centre", options.centre);
  m.whole("subCentre", options.sub_centre);
  const TimePoint reference = reference_of(meta);
  m.whole("significanceOfReferenceTime", meta.valid.end > reference ? kStartOfForecast : kAnalysis);
  set_calendar(m, reference, "");
  m.whole("productionStatusOfProcessedData", 0);
  m.whole("typeOfProcessedData", meta.member ? 4 : meta.valid.end > reference ? 1 : 0);  // table 1.4: perturbed forecast, forecast, analysis
}

void set_product(Grib2Message& m, const FieldMeta& meta, const Grib2Parameter& parameter, const Grib2Options& options) {
  const bool statistic = meta.kind != TimeKind::instant;
  m.whole("productDefinitionTemplateNumber", (statistic ? 8 : 0) + (meta.member ? (statistic ? 3 : 1) : 0));
  m.whole("parameterCategory", parameter.category);
  m.whole("parameterNumber", parameter.number);
  m.whole("typeOfGeneratingProcess", options.generating_process);
  m.whole("backgroundProcess", 255);
  m.whole("generatingProcessIdentifier", 255);
  const Grib2Level level = grib2_level(meta.quantity.name, meta.level);
  m.whole("typeOfFirstFixedSurface", level.type);
  if (level.has_value) {
    m.whole("scaleFactorOfFirstFixedSurface", level.scale);
    m.whole("scaledValueOfFirstFixedSurface", level.scaled);
  } else {
    m.missing("scaleFactorOfFirstFixedSurface");
    m.missing("scaledValueOfFirstFixedSurface");
  }
  m.whole("typeOfSecondFixedSurface", level.second_type);
  m.missing("scaleFactorOfSecondFixedSurface");
  m.missing("scaledValueOfSecondFixedSurface");
  const TimePoint reference = reference_of(meta);
  const Seconds lead = (statistic ? meta.valid.begin : meta.valid.end) - reference, length = statistic ? meta.valid.length() : Seconds(0);
  const TimeUnit unit = unit_for(lead, length);
  m.whole("indicatorOfUnitOfTimeRange", unit.code);
  m.whole("forecastTime", lead.count() / unit.seconds);
  if (meta.member) {
    m.whole("typeOfEnsembleForecast", 255);  // which member is the control is not known here
    m.whole("perturbationNumber", *meta.member);
    m.whole("numberOfForecastsInEnsemble", options.members > 0 && options.members < 255 ? options.members : 255);
  }
  if (!statistic) return;
  set_calendar(m, meta.valid.end, "OfEndOfOverallTimeInterval");
  m.whole("numberOfTimeRange", 1);
  m.whole("typeOfStatisticalProcessing", statistical_process(meta.kind));
  m.whole("typeOfTimeIncrement", 2);  // successive steps of one forecast
  m.whole("indicatorOfUnitForTimeRange", unit.code);
  m.whole("lengthOfTimeRange", length.count() / unit.seconds);
}

// Values are rounded here and packed as whole numbers in just as many bits as they need, so that the binary scale factor is 0 and reference value and
// steps are exact; the decimal scale factor is written after it. (ecCodes 2.28 would ignore it in CCSDS packing, and choose binary steps in simple packing.)
void set_values(Grib2Message& m, const Field& field, bool from_south, const Grib2Parameter& parameter, const Grib2Options& options) {
  const UnitConversion convert = convert_units(field.meta.quantity.unit, parameter.unit);
  std::vector<double> values(field.values().size(), kMissingValue);
  double low = INFINITY, high = -INFINITY;
  const std::int64_t ny = field.grid().ny(), nx = field.grid().nx();
  for (std::int64_t j = 0; j < ny; ++j) {
    const float* const from = field.view().row(j);
    double* const to = values.data() + (from_south ? ny - 1 - j : j) * nx;
    for (std::int64_t i = 0; i < nx; ++i) {
      if (!std::isfinite(from[i])) continue;
      to[i] = convert(static_cast<double>(from[i]));
      low = std::min(low, to[i]), high = std::max(high, to[i]);
    }
  }
  int decimals = parameter.decimals;
  while (high > low && (high - low) * std::pow(10.0, decimals) >= std::pow(2.0, kMostBits) - 1) --decimals;
  const double steps = std::pow(10.0, decimals);
  const double range = high > low ? std::round(high * steps) - std::round(low * steps) : 0;
  bool any_missing = false;
  for (double& v : values) {
    if (v == kMissingValue) any_missing = true;
    // One value all over is the reference value alone, which ecCodes reads without the decimal scale factor: it is written as it is.
    else v = range > 0 ? std::round(v * steps) : std::round(v * steps) / steps;
  }
  m.text("packingType", options.packing == Grib2Options::Packing::ccsds ? "grid_ccsds" : "grid_simple");
  m.whole("bitmapPresent", any_missing ? 1 : 0);
  m.number("missingValue", kMissingValue);
  m.whole("decimalScaleFactor", 0);
  m.whole("bitsPerValue", std::max(1L, static_cast<long>(std::ceil(std::log2(range + 1)))));
  m.values(values);
  if (range > 0) m.whole("decimalScaleFactor", decimals);
}

}  // namespace

GridGrib2Writer::GridGrib2Writer(std::string path, Grib2Options options)
    : path_(std::move(path)), options_(options), target_(path_), file_(std::fopen(target_.temporary_path().c_str(), "wb")) {
  if (!file_) throw Error(path_, std::string("cannot be written: ") + std::strerror(errno));
}

void GridGrib2Writer::write(const Field& field) {
  const Grib2Parameter* parameter = grib2_parameter(field.meta.quantity.name);
  if (!parameter || !units_convertible(field.meta.quantity.unit, parameter->unit)) {
    std::string known;
    for (const std::string& name : grib2_quantities()) known += (known.empty() ? "" : ", ") + name;
    throw Error(path_, "the quantity " + field.meta.quantity.name + " (" + field.meta.quantity.unit + ") has no number in GRIB2 here", "it knows " + known);
  }
  std::string bytes;
  try {
    if (parameter->along_grid_axes && field.grid().is_latlon()) throw Error("", field.meta.quantity.name + " is eastward or northward on this grid");
    Grib2Message m(path_);
    set_identification(m, field.meta, *parameter, options_);
    const bool from_south = set_grib2_grid(m, field.grid());
    if (parameter->along_grid_axes) m.whole("uvRelativeToGrid", 1);
    set_product(m, field.meta, *parameter, options_);
    set_values(m, field, from_south, *parameter, options_);
    bytes = m.bytes();
  } catch (const Error& e) {
    throw Error(path_, e.reason(), e.remedy());
  }
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) throw Error(path_, std::string("cannot be written: ") + std::strerror(errno));
}

void GridGrib2Writer::close() {
  std::FILE* f = file_.release();
  if (std::fclose(f) != 0) throw Error(path_, std::string("cannot be written: ") + std::strerror(errno));
  target_.commit();
}

}  // namespace guyu
