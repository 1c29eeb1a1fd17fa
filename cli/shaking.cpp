#include "engine/seismic/shaking.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

#include "cli/app.h"
#include "cli/csv.h"
#include "cli/shipped_files.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/region/region_table.h"
#include "guyu_version.h"
#include "ingest/earthquake_reader.h"
#include "models/computed_series.h"
#include "models/rule_model.h"
#include "products/region_files.h"

namespace guyu::cli {
namespace {

struct ShakingArguments {
  std::string event, relation = "auto", pack = "shaking", out;
  double strike = std::nan("");
  RegionSource regions;
};

// The highest intensity in each region, as the model tells it to a rule pack at the time of the earthquake.
std::vector<RiskRow> decided(const std::vector<RegionShaking>& shaking, const Earthquake& event, const RulePack& pack) {
  HazardInputs in{event.time, event.time, shaking.size()};
  in.attributes = {{"earthquake_intensity", "1", {}}, {"earthquake_age", "h", std::vector<float>(shaking.size(), 0.0F)}};
  for (const RegionShaking& s : shaking) in.attributes[0].values.push_back(s.highest_intensity);
  const SeriesModel& model = series_model("seismic_intensity");
  in.series.push_back(model.compute(in, default_params(model), {}).series);
  in.horizon = in.series[0].horizon.value_or(event.time);
  return RuleModel(pack).evaluate(in).rows;
}

std::string csv_of(const RegionSet& regions, const std::vector<RegionShaking>& shaking, const std::vector<RiskRow>& rows) {
  std::string out = "code,name,distance_km,intensity,highest_intensity,peak_ground_acceleration_m_s2,level\n";
  for (std::size_t r = 0; r < shaking.size(); ++r) {
    const RegionShaking& s = shaking[r];
    out += fmt::format("{},{},{},{},{},{},{}\n", csv_text(regions.regions[r].code), csv_text(regions.regions[r].name), csv_number(s.distance_km),
                       csv_number(s.intensity), csv_number(s.highest_intensity), csv_number(s.peak_acceleration_m_s2), to_string(rows[r].level));
  }
  return out;
}

void write_geopackage(const std::string& path, const RegionSet& regions, const std::vector<RegionShaking>& shaking, std::vector<RiskRow> rows,
                      const Earthquake& event, const std::string& input) {
  RegionTable table{event.time, regions.regions.size(), {}};
  const auto add = [&](const char* name, const char* long_name, const char* unit, float RegionShaking::*value) {
    RegionColumn c{name, long_name, {name, unit}, "point", TimeKind::instant, {event.time, event.time}, {}, {}};
    for (const RegionShaking& s : shaking) c.values.push_back(s.*value), c.coverage.push_back(1);
    table.columns.push_back(std::move(c));
  };
  add("epicentral_distance", "distance of the centroid from the epicentre", "km", &RegionShaking::distance_km);
  add("intensity", "seismic intensity at the centroid", "1", &RegionShaking::intensity);
  add("highest_intensity", "highest seismic intensity in the region", "1", &RegionShaking::highest_intensity);
  add("peak_ground_acceleration", "peak ground acceleration at the centroid", "m s-2", &RegionShaking::peak_acceleration_m_s2);
  const RiskTable risk{event.time, std::move(rows), {}};
  write_region_geopackage(path, regions, table, risk,
                          {"seismic intensity by township, estimated from magnitude and distance", kVersion, "", {input}, event.time});
}

int run(const ShakingArguments& a) {
  Earthquake event = read_earthquake(a.event);
  if (!std::isnan(a.strike)) event.strike = a.strike;
  const IntensityAttenuation& relation = a.relation == "auto" ? usual_attenuation(event) : intensity_attenuation(a.relation);
  const RegionSet regions = read_regions(a.regions);
  for (const std::string& p : regions.problems) fmt::print(stderr, "guyu: {}: {}\n", a.regions.path, p);
  const std::vector<RegionShaking> shaking = shaking_of_regions(relation, event, regions);
  std::vector<RiskRow> rows = decided(shaking, event, load_rule_pack(find_config_file(a.pack, "rules", "")));
  if (a.out.ends_with(".gpkg")) write_geopackage(a.out, regions, shaking, std::move(rows), event, a.event);
  else if (a.out.ends_with(".csv")) write_file_atomically(a.out, csv_of(regions, shaking, rows));
  else throw Error(a.out, "has no ending that tells the format", "end it in .csv or .gpkg");
  fmt::print("M {:.1f} {} at {:.3f} E {:.3f} N, {} ({}): highest intensity {:.1f}\n", event.magnitude, to_iso(event.time), event.longitude, event.latitude,
             relation.name, relation.source, intensity_at_place(relation, event, event.longitude, event.latitude));
  return exit_done;
}

}  // namespace

void add_shaking(Verb& guyu) {
  Verb verb = guyu.verb("shaking", "seismic intensity of townships, estimated from an earthquake's place and magnitude");
  auto a = std::make_shared<ShakingArguments>();
  verb.option("event", a->event, "one earthquake: QuakeML, GeoJSON of USGS, or JSON with time, longitude, latitude, magnitude, depth_km, strike, rupture")
      .required();
  verb.option("--regions", a->regions.path, "GeoPackage, Shapefile, GeoJSON or TopoJSON").required();
  verb.option("--code", a->regions.code_column, "column with the regions' codes").required();
  verb.option("--name", a->regions.name_column, "column with the regions' names");
  verb.option("--layer", a->regions.layer, "layer of the regions' file");
  verb.option("--crs", a->regions.crs, "CRS of the regions, when their file does not say");
  std::string names;
  for (const IntensityAttenuation& relation : intensity_attenuations()) names += ", " + std::string(relation.name);
  verb.option("--relation", a->relation, "auto (wang2000 by the epicentre's side of 105 E)" + names).shows_default();
  verb.option("--pack", a->pack, "rule pack that decides on seismic_intensity: a shipped one, or a TOML file").shows_default();
  verb.option("--strike", a->strike, "of the rupture, degrees from north by east; without one isoseismals are circles of the ellipses' area");
  verb.option("--out", a->out, "CSV or GeoPackage to write (.csv, .gpkg)").required();
  verb.action([a] { return run(*a); });
}

}  // namespace guyu::cli
