#include "cli/run/run_config.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <vector>

#include "cli/shipped_files.h"
#include "cli/signed_pack.h"
#include "engine/config/toml_source.h"
#include "engine/core/error.h"
#include "engine/core/quantity.h"
#include "engine/seismic/intensity_attenuation.h"
#include "models/rule_model.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

using P = ParamType;

TableSpec regions_table() {
  return {"regions",
          "The places that warnings are for: a GeoPackage, Shapefile, GeoJSON or TopoJSON.",
          false,
          false,
          {{"path", P::path, "The file; empty when [mesh] is used", ""},
           {"layer", P::text, "Its layer; empty: the only or first one", ""},
           {"code", P::text, "Column with the regions' codes", "code"},
           {"name", P::text, "Column with their names; empty: none", ""},
           {"parent", P::text, "Column with the code or name of the county; empty: none", ""},
           {"crs", P::text, "CRS, where the file does not say or is wrong", ""},
           {"attributes", P::text_list, "Columns of numbers that rules and risks may ask for, with their unit: \"population\", \"slope [degree]\"", ""},
           {"attribute_tables", P::text_list, "Other tables of them by code (CSV, GeoPackage ...) below the data folder: all of their columns", ""}}};
}

TableSpec mesh_table() {
  return {"mesh",
          "Square cells in longitude and latitude instead of regions, for places without outlines.",
          false,
          false,
          {{"west", P::number, "Degrees", "0", "", -180, 360},
           {"south", P::number, "Degrees", "0", "", -90, 90},
           {"east", P::number, "Degrees", "0", "", -180, 360},
           {"north", P::number, "Degrees", "0", "", -90, 90},
           {"spacing", P::number, "Side of a cell in degrees; 0: no mesh", "0", "", 0, 10}}};
}

TableSpec radar_table() {
  return {"radar",
          "Observed rain grids.",
          false,
          true,
          {{"pattern", P::path, "Files below the data folder; %Y %m %d %H %M %S %j stand for the time in the name, * and ? for anything"},
           {"interval", P::duration, "Time between frames", {}, "", 30, 7200},
           {"quantity", P::text, "Which rain quantity to take where a file holds several", "any", "", 0, 0, {"any", "rainfall_rate", "precipitation_amount"}},
           {"max_gap", P::duration, "Rates further apart than this are not joined: the rain between them is unknown", "15 min", "", 30, 21600},
           {"late_after", P::duration, "A newest frame older than this makes the run degraded; 0: one and a half intervals", "0 s", "", 0, 86400},
           {"max_age", P::duration, "A newest frame older than this is not extrapolated", "30 min", "", 60, 86400},
           {"motion_span", P::duration, "How far back the frames reach that motion is found from", "10 min", "", 60, 7200}}};
}

TableSpec ensemble_table() {
  return {"ensemble",
          "Possible futures of the rain: levels are given by their share that reaches them.",
          false,
          false,
          {{"members", P::integer, "How many; 0: the extrapolation alone", "24", "", 0, 500},
           {"lagged", P::integer, "Of these, so many start from the frame before the newest", "0", "", 0, 500},
           {"calibration", P::path,
            "File of guyu calibrate below the data folder: probabilities become what the archive makes of them; empty: they are the members' shares", ""},
           {"blend", P::boolean, "Members go on as the forecast, scale by scale as its skill grows over theirs", "true"},
           {"seed", P::integer, "Of the random numbers; the cycle's time is mixed in", "1", "", 0, 1e15},
           {"motion_spread", P::number, "Times the error of the motion in Bowler and others (2006); 0: all members move alike", "1.3", "", 0, 10}}};
}

void load_ensemble(const ConfigTable& t, const std::string& data, RunConfig& c) {
  if (!t.text("calibration").empty()) c.calibration = (fs::path(data) / t.text("calibration")).string();
  c.ensemble.members = static_cast<int>(t.integer("members"));
  c.ensemble.lagged = static_cast<int>(t.integer("lagged"));
  if (c.ensemble.lagged > c.ensemble.members) throw Error(t.place("lagged"), "more members are lagged than there are", "lower \"lagged\" or raise \"members\"");
  c.blend = t.flag("blend");
  c.ensemble.seed = static_cast<std::uint64_t>(t.integer("seed"));
  c.ensemble.motion.scale = t.number("motion_spread");
}

TableSpec hazard_table() {
  const auto as_above = [](const char* key, double least, double most) {
    return ParamSpec{key, P::duration, "As in [alerts], which holds where this is not given", "", "", least, most};
  };
  return {"hazard",
          "How the warnings of one hazard live, where it is another way than [alerts] says.",
          true,
          false,
          {{"name", P::text, "The hazard, e.g. \"rainstorm\""},
           as_above("downgrade_hold", 0, 86400),
           as_above("clear_hold", 0, 86400),
           as_above("renew_before", 60, 86400),
           as_above("unknown_limit", 0, 172800),
           {"inhibits", P::text_list, "Hazards whose new warnings are held back where this one is warned of at the same or a severer level", ""},
           {"inhibits_from", P::text, "From this level of this hazard on", "blue", "", 0, 0, {"blue", "yellow", "orange", "red"}}}};
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

TableSpec alerts_table() {
  return {"alerts",
          "Who warns, and how warnings live.",
          false,
          false,
          {{"sender", P::text, "Sender of the messages, as CAP wants it: no spaces or commas", "guyu@example.invalid"},
           {"status", P::text, "What the messages are", "test", "", 0, 0, {"actual", "exercise", "test"}},
           {"country", P::text, "Country number of the identifiers 2.49.0.1.<country>.<authority>", "156"},
           {"authority", P::text, "Authority number of the identifiers", "0"},
           {"utc_offset", P::duration, "Local time in the messages", "8 h", "", -43200, 50400},
           {"geocode_name", P::text, "Scheme of the region codes", "GB/T2260"},
           {"languages", P::text_list, "One info per language; texts/<hazard>.<language>.toml", "zh-CN, en-US"},
           {"schema", P::path, "CAP 1.2 XSD below the data folder; without it messages go out with the semantic checks alone", ""},
           {"downgrade_hold", P::duration, "Known lower for so long before a level falls", "30 min", "", 0, 86400},
           {"clear_hold", P::duration, "Known clear for so long before a warning is lifted", "60 min", "", 0, 86400},
           {"renew_before", P::duration, "A message so near its end is extended; longer than the time between cycles", "30 min", "", 60, 86400},
           {"unknown_limit", P::duration, "Missing data keep a warning alive for so long after the last answer", "6 h", "", 0, 172800},
           {"group_cap", P::integer, "Regions per message, at most", "300", "", 1, 5000},
           {"station", P::text, "Where warnings go, when no guyu dispatch is running: a shipped station by name, or a TOML file beside this one", "files"},
           {"answer_wait", P::duration, "Wait for the decisions of a running guyu dispatch", "10 s", "", 0, 600}},
          {hazard_table()}};
}

TableSpec products_table() {
  return {"products",
          "Files that a cycle hands out besides warnings.",
          false,
          false,
          {{"grids",
            P::text,
            "grids.nc: not at all, the newest frame and the total of the extrapolation, or its steps too (township files are always written)",
            "total",
            "",
            0,
            0,
            {"none", "total", "steps"}},
           {"maps", P::boolean, "PNG maps", "true"},
           {"map_width", P::integer, "Pixels", "1200", "", 400, 8000},
           {"west", P::number, "Area of the maps, degrees; all 0: everything", "0", "", -180, 360},
           {"south", P::number, "Degrees", "0", "", -90, 90},
           {"east", P::number, "Degrees", "0", "", -180, 360},
           {"north", P::number, "Degrees", "0", "", -90, 90}}};
}

Seconds or_else(Seconds given, Seconds otherwise) { return given.count() > 0 ? given : otherwise; }

// What is wrong beyond what the declaration of a key can say: all of it is told together, like the faults of the keys themselves.
class Faults {
 public:
  explicit Faults(std::string path) : path_(std::move(path)) {}
  // Runs a step; its Error becomes a fault at `place` unless it names a place of this file, or several, itself.
  template <typename Step>
  bool without(const std::string& place, const Step& step) {
    try {
      step();
      return true;
    } catch (const Error& e) {
      const bool placed = place.empty() || e.place().rfind(path_, 0) == 0;
      all_.push_back(placed ? e : Error(place, e.what()));
      return false;
    }
  }
  void finish() const {
    if (all_.empty()) return;
    if (all_.size() == 1) throw all_.front();
    std::string text;
    for (const Error& e : all_) text += (text.empty() ? "" : "\n") + std::string(e.what());
    throw Error("", text);
  }

 private:
  std::string path_;
  std::vector<Error> all_;
};

// A wrong pattern is a mistake to mend now; a folder that is not there may come.
void check_pattern(const ConfigTable& t, const std::string& key = "pattern") {
  try {
    check_input_pattern(t.text(key));
  } catch (const Error& e) {
    throw Error(t.place(key), e.reason() + ": \"" + t.text(key) + "\"", e.remedy());
  }
}

// The parts of message identifiers, which are file names too.
void check_identifier_part(const ConfigTable& t, const std::string& key) {
  const std::string& text = t.text(key);
  const bool fit = !text.empty() && std::all_of(text.begin(), text.end(), [](char ch) { return std::isalnum(static_cast<unsigned char>(ch)) != 0; });
  if (!fit) throw Error(t.place(key), "\"" + key + "\" is \"" + text + "\", which an identifier cannot hold", "use digits and letters");
}

// The words of every hazard that warnings are made of.
void load_texts(const ConfigTable& t, RunConfig& c, Faults& faults) {
  const auto& languages = t.texts("languages");
  std::size_t wanted = 0;
  for (const RulePack& pack : c.packs) {
    if (!pack.signal) continue;
    wanted += languages.size();
    for (const std::string& language : languages)
      faults.without(t.place("languages"),
                     [&] { c.cap.texts.push_back(load_message_text(find_config_file(pack.hazard + "." + language, "texts", ""), pack.hazard)); });
  }
  if (languages.empty()) faults.without("", [&] { throw Error(t.place("languages"), "\"languages\" is empty", "name at least one, e.g. \"zh-CN\""); });
  // The writer refuses what no message could be written with.
  if (wanted > 0 && c.cap.texts.size() == wanted) faults.without(t.place("sender"), [&] { CapWriter(c.cap, RegionSet{}); });
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

Level level_named(const std::string& word) {
  return word == "red" ? Level::red : word == "orange" ? Level::orange : word == "yellow" ? Level::yellow : Level::blue;
}

// The times of [alerts] or of an [[alerts.hazard]], which keeps what it does not give.
void load_times(const ConfigTable& t, bool only_given, HazardPolicy& policy) {
  const auto load = [&](const char* key, Seconds& into) {
    if (!only_given || t.given(key)) into = t.duration(key);
  };
  load("downgrade_hold", policy.downgrade_hold);
  load("clear_hold", policy.clear_hold);
  load("renew_before", policy.renew_before);
  load("unknown_limit", policy.unknown_limit);
}

// What a pack asks for holds where the configuration says nothing of that hazard.
void take_holds(const RulePack& pack, const ConfigTable& alerts, BookSettings& book) {
  if (!pack.downgrade_hold && !pack.clear_hold) return;
  HazardPolicy& policy = book.hazards.emplace(pack.hazard, book.usual).first->second;
  const auto given = [&](const char* key) {
    for (const ConfigTable& t : alerts.tables("hazard"))
      if (t.text("name") == pack.hazard && t.given(key)) return true;
    return alerts.given(key);
  };
  if (pack.downgrade_hold && !given("downgrade_hold")) policy.downgrade_hold = *pack.downgrade_hold;
  if (pack.clear_hold && !given("clear_hold")) policy.clear_hold = *pack.clear_hold;
}

void load_policies(const ConfigTable& alerts, BookSettings& book, Faults& faults) {
  load_times(alerts, false, book.usual);
  for (const ConfigTable& t : alerts.tables("hazard")) {
    HazardPolicy policy = book.usual;
    load_times(t, true, policy);
    policy.inhibits = t.texts("inhibits");
    policy.inhibits_from = level_named(t.text("inhibits_from"));
    if (!book.hazards.emplace(t.text("name"), policy).second) {
      faults.without("", [&] { throw Error(t.place("name"), "hazard \"" + t.text("name") + "\" is given twice", "keep one of them"); });
    }
  }
  faults.without(alerts.place("hazard"), [&] { inhibition_ranks(book); });
}

void load_alerts(const ConfigTable& t, const std::string& data, RunConfig& c, Faults& faults) {
  c.book.country = t.text("country");
  c.book.authority = t.text("authority");
  for (const char* key : {"country", "authority"}) faults.without("", [&] { check_identifier_part(t, key); });
  load_policies(t, c.book, faults);
  c.book.group_cap = static_cast<std::size_t>(t.integer("group_cap"));
  c.cap.sender = t.text("sender");
  c.cap.status = t.text("status") == "actual" ? RunStatus::actual : t.text("status") == "exercise" ? RunStatus::exercise : RunStatus::test;
  c.cap.utc_offset_minutes = static_cast<int>(t.duration("utc_offset").count() / 60);
  c.cap.geocode_name = t.text("geocode_name");
  if (!t.text("schema").empty() && !data.empty()) {
    const fs::path schema = fs::path(data) / t.text("schema");
    if (fs::is_regular_file(schema)) c.check.schema_path = schema.string();
    else if (t.given("schema")) c.remarks.push_back("the CAP schema " + t.text("schema") + " is absent: messages pass the semantic checks only");
  }
  c.answer_wait = t.duration("answer_wait");
  faults.without(t.place("station"), [&] { c.station = find_config_file(t.text("station"), "stations", fs::path(c.path).parent_path().string()); });
}

ChosenModel chosen_model(const ConfigTable& t, const std::vector<ChosenModel>& before) {
  ChosenModel chosen{&series_model(t.text("name")), {}};
  for (const ChosenModel& other : before)
    if (other.model == chosen.model) throw Error(t.place("name"), "the model \"" + t.text("name") + "\" is given twice", "keep one of them");
  for (const ParamSpec& p : chosen.model->info().params)
    chosen.params[p.key] = p.type == P::duration  ? static_cast<double>(t.duration(p.key).count())
                           : p.type == P::integer ? static_cast<double>(t.integer(p.key))
                                                  : t.number(p.key);
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

void load_regions_keys(const ConfigTable& root, const std::string& data, RunConfig& c) {
  const ConfigTable &r = root.table("regions"), &m = root.table("mesh");
  c.mesh_spacing = m.number("spacing");
  c.mesh_west = m.number("west"), c.mesh_south = m.number("south"), c.mesh_east = m.number("east"), c.mesh_north = m.number("north");
  const bool mesh = c.mesh_spacing > 0, file = !r.text("path").empty();
  if (mesh == file) throw Error(c.path, mesh ? "has both [regions] and [mesh]" : "has neither [regions] path nor [mesh] spacing", "give one of them");
  if (mesh && !(c.mesh_east > c.mesh_west && c.mesh_north > c.mesh_south))
    throw Error(m.place("west"), "the mesh has no area", "give west < east and south < north");
  if (!r.texts("attributes").empty()) {
    if (mesh) throw Error(r.place("attributes"), "cells of a mesh have no columns", "name \"attribute_tables\"");
    c.attributes.push_back({(fs::path(data) / r.text("path")).string(), r.text("layer"), r.text("code"), r.texts("attributes")});
  }
  for (const std::string& table : r.texts("attribute_tables")) c.attributes.push_back({(fs::path(data) / table).string(), "", r.text("code"), {}});
  c.regions = {file ? (fs::path(data) / r.text("path")).string() : "", r.text("layer"), r.text("code"), r.text("name"), r.text("parent"), r.text("crs")};
}

}  // namespace

const TableSpec& run_config_spec() {
  static const TableSpec spec{
      "",
      "A cycle: what `guyu run` reads, decides by and hands out. Paths are relative to the folder given with --data; durations and "
      "quantities carry their unit (\"10 min\", \"50 mm\").",
      false,
      true,
      {{"name", P::text, "Short name, used in reports"},
       {"title", P::text, "For people: on maps and in files", ""},
       {"clock", P::text, "Where a run without --time stands: the wall clock (live), or the newest frame (archive)", "wall", "", 0, 0, {"wall", "archive"}},
       {"horizon", P::duration, "How far ahead a run undertakes to answer; 0: as far as the extrapolation, or the forecast when there is one", "0 s", "", 0,
        864000}},
      {regions_table(),
       mesh_table(),
       radar_table(),
       {"extrapolation",
        "Radar extrapolation along the motion of the echoes.",
        false,
        false,
        {{"until", P::duration, "Longest lead after the issue time", "60 min", "", 0, 43200}, {"step", P::duration, "Step", "5 min", "", 60, 3600}}},
       ensemble_table(),
       {"gauges",
        "Rain gauges: merged with the radar, and alone where there is none.",
        false,
        false,
        {{"pattern", P::path,
          "Files of stations below the data folder (CSV, BUFR, MICAPS 3, CF NetCDF); the time in the name is their last report; empty: no gauges", ""},
         {"method", P::text, "Of merging", "ked", "", 0, 0, {"ked", "conditional", "mean-field-bias", "none"}},
         {"interval", P::duration, "Reports are summed over so long; 0: as they are", "0 s", "", 0, 86400},
         {"reach", P::number, "km beyond which a gauge says nothing but the mean bias", "40", "", 1, 500}}},
       {"forecast",
        "Forecast rain beyond the extrapolation.",
        false,
        false,
        {{"pattern", P::path, "Files below the data folder; the time in the name is the run's reference time; empty: no forecast", ""},
         {"quantity", P::text, "Which rain quantity to take", "any", "", 0, 0, {"any", "rainfall_rate", "precipitation_amount"}},
         {"delay", P::duration, "A run is there so long after its reference time", "0 s", "", 0, 172800},
         {"max_age", P::duration, "Older runs are not used", "24 h", "", 3600, 864000},
         {"until", P::duration, "Longest lead after the issue time", "12 h", "", 3600, 864000}}},
       {"history",
        "Observed rain before the cycle.",
        false,
        false,
        {{"dry_before", P::time, "Rain before this time, where nothing was observed, is assumed to be none: the start of an archive. Empty: unknown", ""}}},
       {"weather",
        "Weather besides rain, from township series that guyu forecast has written: for the rules that ask for it.",
        false,
        false,
        {{"pattern", P::path, "Series below the data folder; the time in the name is the run's reference time; empty: none", ""},
         {"max_age", P::duration, "Runs that are older say nothing", "24 h", "", 3600, 864000}}},
       {"rules",
        "Criteria.",
        false,
        false,
        {{"pack", P::text, "A shipped rule pack by name, or a TOML file below the data folder", "cma_2007_rainstorm"},
         {"packs", P::text_list, "Several of them, one for each hazard; instead of \"pack\"", ""},
         {"trust", P::path,
          "Certificates in PEM, beside this file: every pack must then be signed by one of them, or under one (guyu rules sign); empty: signatures are not "
          "asked "
          "for",
          ""}}},
       convection_table(),
       earthquake_table(),
       model_table(),
       {"joint",
        "Hazards at once: the share of the futures that have them all stands in the township files.",
        true,
        false,
        {{"name", P::text, "Name of the column: joint_<name>"},
         {"hazards", P::text_list, "Two or more that the packs decide"},
         {"level", P::text, "That each of them reaches", "blue", "", 0, 0, {"blue", "yellow", "orange", "red"}}}},
       alerts_table(),
       products_table()}};
  return spec;
}

RunConfig load_run_config(const std::string& config, const std::string& data) {
  RunConfig c;
  c.path = find_config_file(config, "", "");
  const Config file = load_config(c.path, run_config_spec());
  const ConfigTable& root = file.root;
  c.hash = file.hash;
  c.name = root.text("name");
  c.title = root.text("title").empty() ? c.name : root.text("title");
  c.archive_clock = root.text("clock") == "archive";
  Faults faults(c.path);
  const ConfigTable& rules = root.table("rules");
  load_packs(rules, data, c, faults);
  for (const ConfigTable& t : root.tables("model")) faults.without("", [&] { c.models.push_back(chosen_model(t, c.models)); });
  for (const ConfigTable& t : root.tables("joint")) faults.without("", [&] { c.joint.push_back(joint_event(t, c.packs)); });
  faults.without("", [&] { load_regions_keys(root, data, c); });

  const ConfigTable &radar = root.table("radar"), &forecast = root.table("forecast"), &extrapolation = root.table("extrapolation");
  PlanSettings& p = c.plan;
  p.radar_pattern = radar.text("pattern");
  p.radar_interval = radar.duration("interval");
  faults.without("", [&] { check_pattern(radar); });
  c.rain_quantity = radar.text("quantity") == "any" ? "" : radar.text("quantity");
  p.joins_neighbours = c.rain_quantity != "precipitation_amount";
  p.max_gap = radar.duration("max_gap");
  p.late_after = or_else(radar.duration("late_after"), p.radar_interval * 3 / 2);
  p.max_age = radar.duration("max_age");
  p.motion_span = radar.duration("motion_span");
  for (const RulePack& pack : c.packs)
    for (const InputNeed& need : RuleModel(pack).needs())
      if (need.quantity == quantities::precipitation_amount().name) p.history = std::max(p.history, need.history);
  for (const ChosenModel& m : c.models)
    for (const InputNeed& need : m.model->needs(m.params))
      if (need.quantity == quantities::precipitation_amount().name) p.history = std::max(p.history, need.history);
  const ConfigTable& weather = root.table("weather");
  c.weather_pattern = weather.text("pattern");
  c.weather_max_age = weather.duration("max_age");
  if (!c.weather_pattern.empty()) faults.without("", [&] { check_pattern(weather); });
  const ConfigTable &convection = root.table("convection"), &earthquake = root.table("earthquake");
  for (const char* key : {"pattern", "forecast", "lightning"})
    if (!convection.text(key).empty()) faults.without("", [&] { check_pattern(convection, key); });
  faults.without("", [&] { load_convection(convection, c.convection); });
  c.earthquake_pattern = earthquake.text("pattern"), c.earthquake_relation = earthquake.text("relation");
  c.earthquake_max_age = earthquake.duration("max_age");
  if (!c.earthquake_pattern.empty()) faults.without("", [&] { check_pattern(earthquake); });
  if (c.earthquake_relation != "auto") faults.without(earthquake.place("relation"), [&] { intensity_attenuation(c.earthquake_relation); });
  const ConfigTable& gauges = root.table("gauges");
  c.gauge_pattern = gauges.text("pattern");
  if (!c.gauge_pattern.empty()) faults.without("", [&] { check_pattern(gauges); });
  c.gauge_method = gauges.text("method");
  c.gauge_interval = gauges.duration("interval");
  c.gauge_reach_km = gauges.number("reach");
  p.forecast_pattern = forecast.text("pattern");
  if (!p.forecast_pattern.empty()) faults.without("", [&] { check_pattern(forecast); });
  p.forecast_delay = forecast.duration("delay");
  p.forecast_max_age = forecast.duration("max_age");
  c.forecast_quantity = forecast.text("quantity") == "any" ? "" : forecast.text("quantity");
  c.forecast_until = p.forecast_pattern.empty() ? Seconds(0) : forecast.duration("until");
  c.extrapolate_until = extrapolation.duration("until");
  c.extrapolate_step = extrapolation.duration("step");
  faults.without("", [&] { load_ensemble(root.table("ensemble"), data, c); });
  c.horizon = or_else(root.duration("horizon"), std::max(c.extrapolate_until, c.forecast_until));
  if (root.table("history").given("dry_before")) c.dry_before = root.table("history").time("dry_before");
  const ConfigTable& alerts = root.table("alerts");
  load_alerts(alerts, data, c, faults);
  for (const RulePack& pack : c.packs) take_holds(pack, alerts, c.book);
  load_texts(alerts, c, faults);  // the packs say of which hazards
  faults.finish();

  const ConfigTable& products = root.table("products");
  const std::string& grids = products.text("grids");
  c.grids = grids == "none" ? GridProducts::none : grids == "steps" ? GridProducts::steps : GridProducts::total;
  c.write_maps = products.flag("maps");
  c.map.labels = c.mesh_spacing == 0;  // cells of a mesh have no names that people know
  c.map.width = static_cast<int>(products.integer("map_width"));
  c.map.west = products.number("west"), c.map.south = products.number("south");
  c.map.east = products.number("east"), c.map.north = products.number("north");
  return c;
}

RegionSet load_regions(const RunConfig& c) {
  if (c.mesh_spacing > 0) return mesh_regions(c.mesh_west, c.mesh_south, c.mesh_east, c.mesh_north, c.mesh_spacing);
  return read_regions(c.regions);
}

}  // namespace guyu::cli
