#include "cli/calibration_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "guyu_version.h"

namespace guyu::cli {
namespace {
using json = nlohmann::ordered_json;
constexpr const char* kKind = "guyu calibration";
constexpr const char* kLevels[] = {"blue", "yellow", "orange", "red"};

json pack(const Calibration& c, const std::vector<std::string>& codes) {
  json out{{"method", c.method == CalibrationMethod::logistic ? "logistic" : "isotonic"}, {"cases", c.cases}, {"events", c.events}};
  if (!c.note.empty()) out["note"] = c.note;
  if (c.method == CalibrationMethod::logistic) {
    out["intercept"] = c.intercept;
    out["slope"] = c.slope;
  } else {
    out["knots"] = c.knots;
    out["values"] = c.values;
  }
  out["offset_variance"] = c.offset_variance;
  json offsets = json::object();
  for (std::size_t r = 0; r < c.offsets.size() && r < codes.size(); ++r)
    if (c.offsets[r] != 0) offsets[codes[r]] = c.offsets[r];
  out["offsets"] = offsets;
  return out;
}

Calibration unpack(const json& j, const std::vector<std::string>& codes) {
  Calibration c;
  const std::string method = j.at("method");
  if (method != "logistic" && method != "isotonic") throw std::runtime_error("unknown method '" + method + "'");
  c.method = method == "logistic" ? CalibrationMethod::logistic : CalibrationMethod::isotonic;
  c.cases = j.at("cases"), c.events = j.at("events");
  c.note = j.value("note", "");
  if (c.method == CalibrationMethod::logistic) {
    c.intercept = j.at("intercept"), c.slope = j.at("slope");
    if (!(c.slope >= 0)) throw std::runtime_error("a slope below zero");
  } else {
    c.knots = j.at("knots").get<std::vector<float>>(), c.values = j.at("values").get<std::vector<float>>();
    if (c.knots.size() != c.values.size() || !std::is_sorted(c.values.begin(), c.values.end()) || !std::is_sorted(c.knots.begin(), c.knots.end()))
      throw std::runtime_error("knots and values that do not rise together");
    if (!c.values.empty() && !(c.values.front() > 0 && c.values.back() < 1)) throw std::runtime_error("values that are no probabilities between 0 and 1");
  }
  c.offset_variance = j.at("offset_variance");
  const json& offsets = j.at("offsets");
  c.offsets.assign(codes.size(), 0.0F);
  for (std::size_t r = 0; r < codes.size(); ++r)
    if (offsets.contains(codes[r])) c.offsets[r] = offsets.at(codes[r]);
  return c;
}
}  // namespace

std::string to_json(const CalibrationFile& f) {
  json out{{"kind", kKind}, {"format", CalibrationFile::kVersion}, {"program", kVersion}, {"hazard", f.hazard}, {"rules", f.pack}};
  out["archive"] = {{"first", to_iso(f.archive.begin)}, {"last", to_iso(f.archive.end)}};
  for (std::size_t l = 0; l < f.levels.size(); ++l) out["levels"][kLevels[l]] = pack(f.levels[l], f.codes);
  out["regions"] = f.codes;
  out["inputs"] = f.inputs;
  return out.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

CalibrationFile read_calibration(const std::string& path, const std::string& hazard) {
  const std::string text = read_text_file(path);
  try {
    const json j = json::parse(text);
    if (j.value("kind", "") != kKind) throw Error(path, "is no calibration", "make one with guyu calibrate");
    if (const int format = j.at("format"); format != CalibrationFile::kVersion)
      throw Error(path, fmt::format("is of format {}, this program reads format {}", format, CalibrationFile::kVersion), "make it anew with guyu calibrate");
    CalibrationFile f;
    f.hazard = j.at("hazard");
    if (f.hazard != hazard) throw Error(path, "calibrates " + f.hazard + ", not " + hazard, "give the calibration of this hazard");
    f.pack = j.at("rules");
    f.archive = {parse_time(j.at("archive").at("first").get<std::string>()), parse_time(j.at("archive").at("last").get<std::string>())};
    f.codes = j.at("regions").get<std::vector<std::string>>();
    f.inputs = j.at("inputs").get<std::vector<std::string>>();
    for (std::size_t l = 0; l < f.levels.size(); ++l) f.levels[l] = unpack(j.at("levels").at(kLevels[l]), f.codes);
    return f;
  } catch (const Error&) {
    throw;
  } catch (const std::exception& e) {
    throw Error(path, std::string("cannot be read as a calibration: ") + e.what(), "make it anew with guyu calibrate");
  }
}

CalibratedProbability as_probability(CalibrationFile file, const std::vector<std::string>& codes) {
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t r = 0; r < file.codes.size(); ++r) place.emplace(file.codes[r], r);
  const std::size_t unknown = file.codes.size();
  auto numbers = std::make_shared<std::vector<std::size_t>>();
  for (const std::string& code : codes) {
    const auto at = place.find(code);
    numbers->push_back(at == place.end() ? unknown : at->second);
  }
  auto levels = std::make_shared<const std::array<Calibration, 4>>(std::move(file.levels));
  return [numbers, levels](std::size_t region, Level level, float share) { return (*levels)[static_cast<std::size_t>(level) - 1]((*numbers)[region], share); };
}

}  // namespace guyu::cli
