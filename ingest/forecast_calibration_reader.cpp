#include "ingest/forecast_calibration_reader.h"

#include <cmath>
#include <mutex>

#include "engine/core/error.h"
#include "ingest/hdf5_file.h"
#include "ingest/netcdf_file.h"

namespace guyu {
namespace {

class CalibrationFile {
 public:
  explicit CalibrationFile(const std::string& path) : file_(path) {}

  ForecastCalibration read() const {
    if (file_.global_text("guyu_content") != "forecast_calibration") throw Error(file_.path(), "holds no calibration of forecasts", "make one with guyu train");
    ForecastCalibration out;
    out.archive = {parse_time(file_.global_text("archive_begin")), parse_time(file_.global_text("archive_end"))};
    for (int k = 1;; ++k) {
      const std::string base = "calibration" + std::to_string(k);
      const NetcdfFile::Variable* v = file_.find(base);
      if (!v) break;
      out.variables.push_back(read_variable(*v, base));
    }
    return out;
  }

 private:
  double number(const NetcdfFile::Variable& v, const char* name) const {
    const auto x = file_.number(v, name);
    if (!x) throw Error(file_.path(), v.name + " lacks " + name, "train anew");
    return *x;
  }

  std::vector<float> floats(const std::string& name) const {
    const NetcdfFile::Variable* v = file_.find(name);
    if (!v) throw Error(file_.path(), "lacks " + name, "train anew");
    std::vector<float> out;
    for (const double x : file_.all(*v)) {
      if (!std::isfinite(x)) throw Error(file_.path(), name + " holds a number that is none", "train anew");
      out.push_back(static_cast<float>(x));
    }
    return out;
  }

  CalibratedVariable read_variable(const NetcdfFile::Variable& v, const std::string& base) const {
    CalibratedVariable c;
    c.variable = file_.text(v, "variable");
    c.method = parse_forecast_method(file_.text(v, "method"));
    const std::vector<double> squared = file_.numbers(v, "lead_squared_errors"), cases = file_.numbers(v, "lead_cases");
    if (squared.size() != c.by_lead.squared.size() || cases.size() != squared.size())
      throw Error(file_.path(), base + " lacks its errors by lead", "train anew");
    for (std::size_t k = 0; k < squared.size(); ++k) {
      if (!(squared[k] >= 0) || !(cases[k] >= 0)) throw Error(file_.path(), base + " has an error by lead that is none", "train anew");
      c.by_lead.squared[k] = squared[k];
      c.by_lead.cases[k] = static_cast<std::size_t>(cases[k]);
    }
    if (c.method == ForecastMethod::emos) {
      const std::vector<double> p = file_.numbers(v, "coefficients");
      if (p.size() != 6) throw Error(file_.path(), base + " has no six coefficients", "train anew");
      for (const double x : p)
        if (!std::isfinite(x)) throw Error(file_.path(), base + " has a coefficient that is no number", "train anew");
      c.emos = {parse_family(file_.text(v, "family")), p[0], p[1], p[2], p[3], p[4], p[5], static_cast<std::size_t>(number(v, "cases")), file_.text(v, "note")};
      c.scores.crps_before = file_.number(v, "crps_before").value_or(std::nan(""));
      c.scores.crps_after = file_.number(v, "crps_after").value_or(std::nan(""));
      c.scores.blocks = static_cast<std::size_t>(file_.number(v, "blocks").value_or(0));
    } else if (c.method == ForecastMethod::quantile_mapping) {
      c.mapping.cases = static_cast<std::size_t>(number(v, "cases"));
      c.mapping.amounts = number(v, "amounts") != 0;
      c.mapping.wet = static_cast<float>(number(v, "wet"));
      c.mapping.observed_dry = number(v, "observed_dry");
      c.mapping.note = file_.text(v, "note");
      if (file_.find(base + "_forecast")) {
        c.mapping.forecast = floats(base + "_forecast");
        c.mapping.observed = floats(base + "_observed");
        if (c.mapping.forecast.size() != c.mapping.observed.size() || c.mapping.forecast.size() < 2)
          throw Error(file_.path(), "the quantiles of " + base + " do not fit", "train anew");
      }
    } else {
      c.bias.cases = static_cast<std::size_t>(number(v, "cases"));
      c.bias.ratio = number(v, "ratio") != 0;
      c.bias.common = number(v, "common");
      c.bias.offsets = floats(base + "_offset");
      const NetcdfFile::Variable* codes = file_.find(base + "_code");
      if (!codes) throw Error(file_.path(), base + " lacks its regions' codes", "train anew");
      c.bias.codes = file_.strings(*codes);
      if (c.bias.codes.size() != c.bias.offsets.size()) throw Error(file_.path(), "the regions of " + base + " do not fit", "train anew");
    }
    return c;
  }

  NetcdfFile file_;
};

}  // namespace

ForecastCalibration read_forecast_calibration(const std::string& path) {
  const std::lock_guard lock(hdf5_mutex());
  try {
    return CalibrationFile(path).read();
  } catch (const Error& e) {
    throw e.place().empty() ? Error(path, e.reason(), e.remedy()) : e;
  }
}

}  // namespace guyu
