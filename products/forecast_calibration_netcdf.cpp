#include "products/forecast_calibration_netcdf.h"

#include <netcdf.h>

#include "products/netcdf_output.h"

namespace guyu {

void write_forecast_calibration(const std::string& path, const ForecastCalibration& calibration, const Provenance& provenance) {
  NetcdfOutput nc(path, provenance);
  nc.text(NC_GLOBAL, "guyu_content", "forecast_calibration");
  nc.number(NC_GLOBAL, "guyu_content_version", 2);
  nc.text(NC_GLOBAL, "archive_begin", to_iso(calibration.archive.begin));
  nc.text(NC_GLOBAL, "archive_end", to_iso(calibration.archive.end));
  struct Arrays {
    int forecast = -1, observed = -1, codes = -1, offsets = -1, row_event = -1, row_events = -1, row_sums = -1, row_forecasts = -1;
  };
  std::vector<Arrays> all;
  for (std::size_t k = 0; k < calibration.variables.size(); ++k) {
    const CalibratedVariable& v = calibration.variables[k];
    const std::string base = "calibration" + std::to_string(k + 1);
    const int id = nc.variable(base, NC_INT, {});
    nc.text(id, "variable", v.variable);
    nc.text(id, "method", std::string(name_of(v.method)));
    nc.number(id, "interval_s", static_cast<double>(v.interval.count()));
    std::vector<double> squared(v.by_lead.squared.begin(), v.by_lead.squared.end()), cases(v.by_lead.cases.begin(), v.by_lead.cases.end());
    nc.numbers(id, "lead_squared_errors", squared);
    nc.numbers(id, "lead_cases", cases);
    Arrays& a = all.emplace_back();
    if (const Emos* emos = v.distribution()) {
      nc.text(id, "family", std::string(name_of(emos->family)));
      std::vector<double> coefficients{emos->a, emos->b, emos->g, emos->c, emos->d, emos->e};
      if (emos->radius_km > 0) {
        coefficients.insert(coefficients.end(), {emos->h, emos->w});
        nc.number(id, "neighbourhood_km", emos->radius_km);
        nc.text(id, "neighbourhood_regions", v.regions);
      }
      nc.numbers(id, "coefficients", coefficients);
      nc.number(id, "cases", static_cast<double>(emos->cases));
      nc.text(id, "note", emos->note);
    }
    if (v.method == ForecastMethod::emos) {
      nc.number(id, "crps_before", v.scores.crps_before);
      nc.number(id, "crps_after", v.scores.crps_after);
      nc.number(id, "blocks", static_cast<double>(v.scores.blocks));
    } else if (v.method == ForecastMethod::quantile_mapping) {
      nc.number(id, "cases", static_cast<double>(v.mapping.cases));
      nc.number(id, "amounts", v.mapping.amounts ? 1 : 0);
      nc.number(id, "wet", static_cast<double>(v.mapping.wet));
      nc.number(id, "observed_dry", v.mapping.observed_dry);
      nc.text(id, "note", v.mapping.note);
      if (!v.mapping.forecast.empty()) {
        const int quantile = nc.dimension(base + "_quantile", v.mapping.forecast.size());
        a.forecast = nc.variable(base + "_forecast", NC_FLOAT, {quantile});
        a.observed = nc.variable(base + "_observed", NC_FLOAT, {quantile});
      }
    } else if (v.method == ForecastMethod::reliability) {
      const Reliability& r = v.reliability;
      nc.text(id, "probabilities", std::string(name_of(r.source)));
      nc.number(id, "runs", r.runs);
      nc.number(id, "judged_cases", static_cast<double>(r.cases));
      nc.number(id, "blocks", static_cast<double>(r.blocks));
      std::vector<double> thresholds, events, trust, brier_before, brier_after, before, after;
      std::size_t rows = 0;
      for (const EventReliability& e : r.events) {
        thresholds.push_back(e.threshold), events.push_back(static_cast<double>(e.events));
        trust.push_back(e.trust);
        brier_before.push_back(e.brier_before), brier_after.push_back(e.brier_after);
        before.push_back(e.reliability_before), after.push_back(e.reliability_after);
        rows += e.table.size();
      }
      nc.numbers(id, "thresholds", thresholds);
      nc.numbers(id, "events", events);
      nc.numbers(id, "trust", trust);
      nc.numbers(id, "brier_before", brier_before);
      nc.numbers(id, "brier_after", brier_after);
      nc.numbers(id, "reliability_before", before);
      nc.numbers(id, "reliability_after", after);
      const int row = nc.dimension(base + "_row", rows);
      a.row_event = nc.variable(base + "_row_event", NC_INT, {row});
      nc.text(a.row_event, "long_name", "place of the row's threshold among the thresholds");
      a.row_events = nc.variable(base + "_row_events", NC_DOUBLE, {row});
      a.row_sums = nc.variable(base + "_row_probability_sum", NC_DOUBLE, {row});
      a.row_forecasts = nc.variable(base + "_row_forecasts", NC_DOUBLE, {row});
    } else {
      nc.number(id, "cases", static_cast<double>(v.bias.cases));
      nc.number(id, "ratio", v.bias.ratio ? 1 : 0);
      nc.number(id, "common", v.bias.common);
      const int region = nc.dimension(base + "_region", v.bias.codes.size());
      a.codes = nc.variable(base + "_code", NC_STRING, {region});
      a.offsets = nc.variable(base + "_offset", NC_FLOAT, {region});
    }
  }
  nc.end_definitions();
  for (std::size_t k = 0; k < all.size(); ++k) {
    const CalibratedVariable& v = calibration.variables[k];
    if (all[k].forecast >= 0) {
      nc.check(nc_put_var_float(nc.id(), all[k].forecast, v.mapping.forecast.data()));
      nc.check(nc_put_var_float(nc.id(), all[k].observed, v.mapping.observed.data()));
    }
    if (all[k].row_event >= 0) {
      std::vector<int> event;
      std::vector<double> events, sums, forecasts;
      for (std::size_t t = 0; t < v.reliability.events.size(); ++t) {
        for (const CalibrationRow& row : v.reliability.events[t].table)
          event.push_back(static_cast<int>(t)), events.push_back(row.events), sums.push_back(row.probability_sum), forecasts.push_back(row.forecasts);
      }
      nc.check(nc_put_var_int(nc.id(), all[k].row_event, event.data()));
      nc.check(nc_put_var_double(nc.id(), all[k].row_events, events.data()));
      nc.check(nc_put_var_double(nc.id(), all[k].row_sums, sums.data()));
      nc.check(nc_put_var_double(nc.id(), all[k].row_forecasts, forecasts.data()));
    }
    if (all[k].codes >= 0) {
      std::vector<const char*> codes;
      for (const std::string& c : v.bias.codes) codes.push_back(c.c_str());
      nc.check(nc_put_var_string(nc.id(), all[k].codes, codes.data()));
      nc.check(nc_put_var_float(nc.id(), all[k].offsets, v.bias.offsets.data()));
    }
  }
  nc.close();
}

}  // namespace guyu
