#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/verb.h"
#include "engine/core/error.h"
#include "ingest/reader.h"
#include "products/map.h"

namespace guyu::cli {
namespace {
using nlohmann::json;

json number(double v) { return std::isfinite(v) ? json(v) : json(nullptr); }

json describe(const std::string& file, const Field& f) {
  const FieldStatistics s = statistics(f.view());
  const FieldMeta& m = f.meta;
  return {{"file", file},
          {"format", m.format},
          {"name", m.quantity.name},
          {"units", m.quantity.unit},
          {"nx", f.grid().nx()},
          {"ny", f.grid().ny()},
          {"crs", f.grid().crs()},
          {"valid_time", to_iso(m.valid.end)},
          {"interval_start", m.kind == TimeKind::instant ? json(nullptr) : json(to_iso(m.valid.begin))},
          {"member", m.member ? json(*m.member) : json(nullptr)},
          {"level", m.level},
          {"missing", s.missing},
          {"min", number(s.min)},
          {"max", number(s.max)},
          {"mean", number(s.mean)}};
}

// Stations are shown as a row of points: nx of them, ny = 1.
json describe(const std::string& file, const StationTable& t) {
  const auto n = static_cast<std::int64_t>(t.stations.size());
  if (n == 0) throw Error(file, "holds no station");
  Field row(Grid("+proj=longlat +datum=WGS84 +no_defs", 0, 0, 1, 1, n, 1), t.meta);
  for (std::size_t i = 0; i < t.stations.size(); ++i) row.values()[i] = t.stations[i].value;
  return describe(file, row);
}

std::string shown(const json& v) { return v.is_null() ? "-" : fmt::format("{:.5g}", v.get<double>()); }

constexpr const char* kRow = "  {:<34} {:<9} {:>11} {:<20} {:<14} {:>9} {:>10} {:>10} {:>10}\n";

void print_row(const json& o) {
  fmt::print(kRow, o["name"].get<std::string>(), o["units"].get<std::string>(), fmt::format("{}x{}", o["nx"].get<long>(), o["ny"].get<long>()),
             o["valid_time"].get<std::string>(), o["level"].get<std::string>(), o["missing"].get<long>(), shown(o["min"]), shown(o["max"]), shown(o["mean"]));
}

// "<file stem>_<k>_<quantity>.png"; what a file name cannot hold becomes a dash.
std::string picture_path(const std::string& folder, const std::string& file, std::size_t k, std::string quantity) {
  for (char& c : quantity) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') c = '-';
  }
  return folder + "/" + std::filesystem::path(file).stem().string() + "_" + std::to_string(k) + "_" + quantity + ".png";
}

int inspect(const std::vector<std::string>& files, bool as_json, const std::string& pictures) {
  json all = json::array();
  bool failed = false;
  const auto fail = [&](const std::string& file, const std::string& reason) {
    failed = true;
    all.push_back({{"file", file}, {"error", reason}});
    if (!as_json) fmt::print("  error: {}\n", reason);
  };
  for (const std::string& file : files) {
    if (!as_json) {
      fmt::print("{}\n", file);
      fmt::print(kRow, "name", "units", "nx x ny", "valid time", "level", "missing", "min", "max", "mean");
    }
    std::size_t drawn = 0;
    try {
      const Reader& reader = reader_for(file);
      if (const auto tables = reader.station_tables(file, {}); !tables.empty()) {
        for (const StationTable& table : tables) {
          all.push_back(describe(file, table));
          if (!as_json) print_row(all.back());
          for (const std::string& reason : table.problems) fail(file, reason);
        }
        continue;
      }
      reader.read(
          file, {},
          [&](Field&& f) {
            all.push_back(describe(file, f));
            if (!as_json) print_row(all.back());
            if (pictures.empty()) return;
            const std::string path = picture_path(pictures, file, drawn++, f.meta.quantity.name);
            draw_field_map(path, f, nullptr, field_text(f));
            all.back()["picture"] = path;
          },
          [&](const Error& e) { fail(file, e.what()); });
    } catch (const Error& e) {
      fail(file, e.what());
    }
  }
  // Names of files are bytes: what is no UTF-8 in them must not cost the whole answer.
  if (as_json) fmt::print("{}\n", all.dump(1, ' ', false, json::error_handler_t::replace));
  return failed ? exit_degraded : exit_done;
}
}  // namespace

void add_inspect(Verb& guyu) {
  Verb verb = guyu.verb("inspect", "say what is inside radar, forecast and observation files");
  auto files = std::make_shared<std::vector<std::string>>();
  auto as_json = std::make_shared<bool>(false);
  verb.option("files", *files, "files of any known format").required();
  auto pictures = std::make_shared<std::string>();
  verb.option("--png", *pictures, "draw each field into this folder as <file stem>_<k>_<quantity>.png");
  verb.flag("--json", *as_json, "print a JSON array");
  verb.action([=] { return inspect(*files, *as_json, *pictures); });
}

}  // namespace guyu::cli
