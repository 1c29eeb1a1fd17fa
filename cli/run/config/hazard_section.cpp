#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/run/config/config_section.h"
#include "cli/shipped_files.h"
#include "cli/signed_pack.h"
#include "engine/seismic/intensity_attenuation.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {
using P = ParamType;

TableSpec weather_table() {
  return {"weather",
          "Weather besides rain, from township series that guyu forecast has written: for the rules that ask for it.",
          false,
          false,
          {{"pattern", P::path, "Series below the data folder; the time in the name is the run's reference time; empty: none", ""},
           {"max_age", P::duration, "Runs that are older say nothing", "24 h", "", 3600, 864000}}};
}

TableSpec rules_table() {
  return {"rules",
          "Criteria.",
          false,
          false,
          {{"pack", P::text, "A shipped rule pack by name, or a TOML file below the data folder", "cma_2007_rainstorm"},
           {"packs", P::text_list, "Several of them, one for each hazard; instead of \"pack\"", ""},
           {"trust", P::path,
            "Certificates in PEM, beside this file: every pack must then be signed by one of them, or under one (guyu rules sign); empty: signatures are not "
            "asked "
            "for",
            ""}}};
}

TableSpec convection_table() {
  return {
      "convection",
      "Storm cells and columns of echoes: lightning, hail and gusts of the next hour for the packs that ask for them (docs/convection.md).",
      false,
      false,
      {{"pattern", P::path,
        "Reflectivity at several heights, or a composite with liquid and echo tops, below the data folder; all files of one time together; empty: none", ""},
       {"span", P::duration, "Tracks are made of the frames of so long before the issue time", "30 min", "", 300, 10800},
       {"max_age", P::duration, "A newest frame older than this says nothing", "15 min", "", 60, 3600},
       {"horizon", P::duration, "So far ahead cells are followed, in whole minutes", "60 min", "", 300, 10800},
       {"freezing", P::quantity, "Height of 0 degC above the levels' zero, where no forecast gives it", "0 m", "m", 0, 10000},
       {"minus20", P::quantity, "Height of -20 degC, likewise", "0 m", "m", 0, 15000},
       {"forecast", P::path, "Files with temperature and geopotential height on pressure levels; the newest one is taken; empty: none", ""},
       {"lightning", P::path, "GLM level 2 files; empty: no sensor", ""},
       {"lightning_window", P::duration, "Flashes of so long before the newest frame count", "15 min", "", 60, 10800},
       {"hail", P::text, "Fit of the hail sizes", "witt", "", 0, 0, {"witt", "murillo_75", "murillo_95"}},
       {"least_area", P::number, "km2 of a cell", "20", "", 0, 10000}}};
}

TableSpec earthquake_table() {
  return {
      "earthquake",
      "Earthquakes that have happened: what townships felt, for the model seismic_intensity (a rapid report, no early warning).",
      false,
      false,
      {{"pattern", P::path, "QuakeML, GeoJSON or JSON of one earthquake each, below the data folder; the time in the name is the report's; empty: none", ""},
       {"relation", P::text, "Attenuation: auto (wang2000 by the epicentre's side of 105 E), or one that guyu shaking --help lists", "auto"},
       {"max_age", P::duration, "Older earthquakes, and older reports, say nothing", "24 h", "", 600, 864000}}};
}

TableSpec model_table() {
  return {"model",
          "A quantity that is computed for each township, member and time, before the packs decide: in the order given here, so that one may use another's.",
          true,
          false,
          {{"name", P::text, "Of the model; guyu models lists them"}},
          {},
          "name",
          model_tables()};
}

TableSpec joint_table() {
  return {"joint",
          "Hazards at once: the share of the futures that have them all stands in the township files.",
          true,
          false,
          {{"name", P::text, "Name of the column: joint_<name>"},
           {"hazards", P::text_list, "Two or more that the packs decide"},
           {"level", P::text, "That each of them reaches", "blue", "", 0, 0, {"blue", "yellow", "orange", "red"}}}};
}

void load_packs(const ConfigTable& t, const std::string& data, RunConfig& c, Faults& faults) {
  const bool several = t.given("packs");
  if (several && t.given("pack")) faults.without("", [&] { throw Error(t.place("packs"), "has both \"pack\" and \"packs\"", "give one of them"); });
  const std::vector<std::string> names = several ? t.texts("packs") : std::vector<std::string>{t.text("pack")};
  // The certificates belong to the configuration, not to the data.
  const std::string& trust = t.text("trust");
  const std::string certificates = trust.empty() ? "" : (fs::path(c.path).parent_path() / trust).string();
  for (const std::string& name : names)
    faults.without(t.place(several ? "packs" : "pack"), [&] {
      const std::string path = find_config_file(name, "rules", data);
      if (trust.empty()) {
        c.packs.push_back(load_rule_pack(path));
        return;
      }
      SignedPack with = load_signed_pack(path, certificates);
      c.remarks.push_back("the rule pack \"" + with.pack.name + "\" is signed by " + with.signature.signer + " at " + to_iso(with.signature.signed_at));
      c.packs.push_back(std::move(with.pack));
    });
  std::stable_sort(c.packs.begin(), c.packs.end(), [](const RulePack& a, const RulePack& b) { return a.hazard < b.hazard; });
  for (std::size_t k = 0; k < c.packs.size(); ++k) {
    if (!c.packs[k].verified) c.remarks.push_back("the rule pack \"" + c.packs[k].name + "\" is not verified against the published text");
    if (k > 0 && c.packs[k].hazard == c.packs[k - 1].hazard)
      faults.without("", [&] {
        throw Error(t.place("packs"), "two packs decide " + c.packs[k].hazard + ": " + c.packs[k - 1].path + " and " + c.packs[k].path, "keep one of them");
      });
  }
}

ChosenModel chosen_model(const ConfigTable& t, const std::string& data, const std::vector<ChosenModel>& before) {
  ChosenModel chosen{&series_model(t.text("name")), {}, {}};
  for (const ChosenModel& other : before)
    if (other.model == chosen.model) throw Error(t.place("name"), "the model \"" + t.text("name") + "\" is given twice", "keep one of them");
  for (const ParamSpec& p : chosen.model->info().params) {
    if (p.type == P::text || p.type == P::path) {
      const std::string& word = t.text(p.key);
      chosen.params.words[p.key] = p.type == P::path && !word.empty() ? (fs::path(data) / word).string() : word;
      continue;
    }
    chosen.params.numbers[p.key] = p.type == P::duration  ? static_cast<double>(t.duration(p.key).count())
                                   : p.type == P::integer ? static_cast<double>(t.integer(p.key))
                                                          : t.number(p.key);
  }
  std::set<std::string> given;
  for (const ParamSpec& p : chosen.model->info().params)
    if (t.given(p.key)) given.insert(p.key);
  if (const auto fault = chosen.model->fault_of(chosen.params, given)) throw Error(t.place(fault->key), fault->what, fault->remedy);
  // A model reads no files.
  if (const auto soils = chosen.params.words.find("parameters"); soils != chosen.params.words.end() && !soils->second.empty())
    chosen.soils = read_xinanjiang_parameters(soils->second);
  return chosen;
}

JointEvent joint_event(const ConfigTable& t, const std::vector<RulePack>& packs) {
  JointEvent e{t.text("name"), t.texts("hazards"), level_named(t.text("level"))};
  if (e.hazards.size() < 2) throw Error(t.place("hazards"), "\"" + e.name + "\" joins fewer than two hazards", "name two or more");
  for (const std::string& h : e.hazards)
    if (std::none_of(packs.begin(), packs.end(), [&](const RulePack& p) { return p.hazard == h; }))
      throw Error(t.place("hazards"), "no pack decides \"" + h + "\"", "add its pack to [rules] packs");
  return e;
}

void load_convection(const ConfigTable& t, ConvectionInput& c) {
  c.pattern = t.text("pattern"), c.forecast_pattern = t.text("forecast"), c.lightning_pattern = t.text("lightning");
  c.span = t.duration("span"), c.max_age = t.duration("max_age"), c.lightning_window = t.duration("lightning_window");
  c.settings.hail = t.text("hail");
  c.settings.cells.horizon_min = static_cast<int>(t.duration("horizon").count() / 60);
  c.settings.cells.least_area_km2 = t.number("least_area");
  if (t.given("freezing")) c.settings.freezing_m = t.number("freezing");
  if (t.given("minus20")) c.settings.minus_20_m = t.number("minus20");
  if (t.given("freezing") && t.given("minus20") && c.settings.minus_20_m <= c.settings.freezing_m)
    throw Error(t.place("minus20"), "-20 degC is not above 0 degC", "give minus20 above freezing");
}

void load_earthquakes(const ConfigTable& earthquake, RunConfig& c, Faults& faults) {
  c.earthquake_pattern = earthquake.text("pattern"), c.earthquake_relation = earthquake.text("relation");
  c.earthquake_max_age = earthquake.duration("max_age");
  if (!c.earthquake_pattern.empty()) faults.without("", [&] { check_pattern(earthquake); });
  if (c.earthquake_relation != "auto") faults.without(earthquake.place("relation"), [&] { intensity_attenuation(c.earthquake_relation); });
}

void load_hazard_keys(const ConfigTable& root, ConfigLoad& into) {
  const std::string& data = into.data;
  RunConfig& c = into.config;
  Faults& faults = into.faults;
  load_packs(root.table("rules"), data, c, faults);
  for (const ConfigTable& t : root.tables("model")) faults.without("", [&] { c.models.push_back(chosen_model(t, data, c.models)); });
  for (const ConfigTable& t : root.tables("joint")) faults.without("", [&] { c.joint.push_back(joint_event(t, c.packs)); });
  const ConfigTable &weather = root.table("weather"), &convection = root.table("convection");
  c.weather_pattern = weather.text("pattern");
  c.weather_max_age = weather.duration("max_age");
  if (!c.weather_pattern.empty()) faults.without("", [&] { check_pattern(weather); });
  for (const char* key : {"pattern", "forecast", "lightning"})
    if (!convection.text(key).empty()) faults.without("", [&] { check_pattern(convection, key); });
  faults.without("", [&] { load_convection(convection, c.convection); });
  load_earthquakes(root.table("earthquake"), c, faults);
}

}  // namespace

ConfigSection hazard_section() {
  return {{weather_table(), rules_table(), convection_table(), earthquake_table(), model_table(), joint_table()}, load_hazard_keys};
}

}  // namespace guyu::cli
