#include "ingest/forecast_calibration_reader.h"

#include <algorithm>
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

  Emos read_emos(const NetcdfFile::Variable& v, const std::string& base) const {
    const std::vector<double> p = file_.numbers(v, "coefficients");
    const double radius_km = file_.number(v, "neighbourhood_km").value_or(0);  // older calibrations look at each place alone
    if (!(radius_km >= 0 && radius_km <= 5000)) throw Error(file_.path(), base + " has a neighbourhood that cannot be", "train anew");
    const std::size_t wanted = radius_km > 0 ? 8 : 6;
    if (p.size() != wanted) throw Error(file_.path(), base + " has " + std::to_string(p.size()) + " coefficients, not " + std::to_string(wanted), "train anew");
    for (const double x : p)
      if (!std::isfinite(x)) throw Error(file_.path(), base + " has a coefficient that is no number", "train anew");
    return {parse_family(file_.text(v, "family")),
            p[0],
            p[1],
            p[2],
            p[3],
            p[4],
            p[5],
            static_cast<std::size_t>(number(v, "cases")),
            file_.text(v, "note"),
            radius_km,
            radius_km > 0 ? p[6] : 0,
            radius_km > 0 ? p[7] : 0};
  }

  std::vector<double> doubles(const std::string& name) const {
    const NetcdfFile::Variable* v = file_.find(name);
    if (!v) throw Error(file_.path(), "lacks " + name, "train anew");
    return file_.all(*v);
  }

  Reliability read_reliability(const NetcdfFile::Variable& v, const std::string& base) const {
    Reliability r;
    r.source = parse_probability_source(file_.text(v, "probabilities"));
    const double runs = number(v, "runs");
    if (!(runs >= 1 && runs <= 1000)) throw Error(file_.path(), base + " counts runs together that cannot be", "train anew");
    r.runs = static_cast<int>(runs);
    if (r.source == ProbabilitySource::distribution) r.emos = read_emos(v, base);
    r.cases = static_cast<std::size_t>(std::max(0.0, number(v, "judged_cases")));
    r.blocks = static_cast<std::size_t>(std::max(0.0, number(v, "blocks")));
    const std::vector<double> thresholds = file_.numbers(v, "thresholds");
    const auto of_events = [&](const char* name) {
      std::vector<double> values = file_.numbers(v, name);
      values.resize(thresholds.size(), std::nan(""));
      return values;
    };
    const std::vector<double> events = of_events("events"), brier_before = of_events("brier_before"), brier_after = of_events("brier_after"),
                              before = of_events("reliability_before"), after = of_events("reliability_after");
    const std::vector<double> trust = of_events("trust");  // older calibrations believed all that they saw
    for (std::size_t t = 0; t < thresholds.size(); ++t) {
      if (!std::isfinite(thresholds[t]) || (t > 0 && thresholds[t] <= thresholds[t - 1]))
        throw Error(file_.path(), base + " has thresholds that do not rise", "train anew");
      r.events.push_back({thresholds[t],
                          {},
                          static_cast<std::size_t>(events[t] > 0 ? events[t] : 0),
                          brier_before[t],
                          brier_after[t],
                          before[t],
                          after[t],
                          std::isfinite(trust[t]) ? trust[t] : 1.0});
    }
    if (r.events.empty()) throw Error(file_.path(), base + " has no threshold", "train anew");
    const std::vector<double> at = doubles(base + "_row_event"), came = doubles(base + "_row_events"), sums = doubles(base + "_row_probability_sum"),
                              said = doubles(base + "_row_forecasts");
    if (came.size() != at.size() || sums.size() != at.size() || said.size() != at.size())
      throw Error(file_.path(), "the tables of " + base + " do not fit", "train anew");
    for (std::size_t k = 0; k < at.size(); ++k) {
      if (!(at[k] >= 0 && at[k] < static_cast<double>(r.events.size())) || !(said[k] >= 0) || !(came[k] >= 0 && came[k] <= said[k] * (1 + 1e-9)) ||
          !(sums[k] >= 0 && sums[k] <= said[k] * (1 + 1e-9)))
        throw Error(file_.path(), "a table of " + base + " has a row that cannot be", "train anew");
      auto& table = r.events[static_cast<std::size_t>(at[k])].table;
      if (!table.empty() && said[k] > 0 && table.back().forecasts > 0 && sums[k] / said[k] <= table.back().probability_sum / table.back().forecasts)
        throw Error(file_.path(), "a table of " + base + " has probabilities that do not rise", "train anew");
      table.push_back({came[k], sums[k], said[k]});
    }
    return r;
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
    const auto interval = file_.number(v, "interval_s");
    if (!interval) throw Error(file_.path(), base + " does not say over what length of time its values hold", "train anew: older calibrations did not keep it");
    if (!(*interval >= 0 && *interval <= 1e9)) throw Error(file_.path(), base + " has an interval that is none", "train anew");
    c.interval = Seconds(static_cast<std::int64_t>(*interval));
    c.regions = file_.text(v, "neighbourhood_regions");
    if (c.method == ForecastMethod::emos) {
      c.emos = read_emos(v, base);
      c.scores.crps_before = file_.number(v, "crps_before").value_or(std::nan(""));
      c.scores.crps_after = file_.number(v, "crps_after").value_or(std::nan(""));
      c.scores.blocks = static_cast<std::size_t>(file_.number(v, "blocks").value_or(0));
    } else if (c.method == ForecastMethod::reliability) {
      c.reliability = read_reliability(v, base);
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
