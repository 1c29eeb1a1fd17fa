#include "cli/forecast/series_files.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/csv.h"
#include "engine/core/error.h"
#include "engine/regrid/crs_transform.h"

namespace guyu::cli {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
bool is_direction(const RegionSeries& s) { return s.quantity.name == "wind_from_direction"; }

}  // namespace

CsvSeries::CsvSeries(const std::string& path, const RegionSet& regions, const std::vector<RegionSeries>& series)
    : path_(path), target_(path), file_(std::fopen(target_.temporary_path().c_str(), "wb")), series_(series) {
  if (!file_) throw Error(path, std::string("cannot be written: ") + std::strerror(errno));
  for (const Region& r : regions.regions) names_.push_back(csv_text(r.code) + "," + csv_text(r.name));
  std::fputs("code,name,quantity,level,units,member,begin,end,value,coverage,statistic\n", file_.get());
}

void CsvSeries::put(std::size_t series, std::size_t member, std::size_t step, std::span<const float> values, std::span<const float> coverage) {
  const RegionSeries& s = series_[series];
  const std::string middle = fmt::format(",{},{},{},{},{},{},", csv_text(s.quantity.name), csv_text(s.level), csv_text(unit_of(s)),
                                         s.members[member] ? std::to_string(*s.members[member]) : "", to_iso(s.times[step].begin), to_iso(s.times[step].end));
  const std::string last = "," + csv_text(s.statistic) + "\n";
  std::string block;
  for (std::size_t r = 0; r < names_.size(); ++r) {
    block += names_[r];
    block += middle;
    block += csv_number(values[r]);
    block += ',';
    block += csv_number(coverage[r]);
    block += last;
  }
  if (std::fwrite(block.data(), 1, block.size(), file_.get()) != block.size()) throw Error(path_, std::string("cannot be written: ") + std::strerror(errno));
}

void CsvSeries::close() {
  std::FILE* f = file_.release();
  if (std::fclose(f) != 0) throw Error(path_, std::string("cannot be written: ") + std::strerror(errno));
  target_.commit();
}

GeojsonSeries::GeojsonSeries(std::string path, const RegionSet& regions, const std::vector<RegionSeries>& series)
    : path_(std::move(path)), regions_(regions), series_(series) {
  for (const RegionSeries& s : series) cells_.emplace_back(s.times.size() * regions.regions.size());
}

void GeojsonSeries::put(std::size_t series, std::size_t, std::size_t step, std::span<const float> values, std::span<const float>) {
  for (std::size_t r = 0; r < values.size(); ++r) {
    if (std::isnan(values[r])) continue;
    Cell& c = cells_[series][step * values.size() + r];
    if (is_direction(series_[series])) {
      c.sum += static_cast<float>(std::sin(static_cast<double>(values[r]) * kDegree)),
          c.north += static_cast<float>(std::cos(static_cast<double>(values[r]) * kDegree));
    } else {
      c.sum += values[r];
    }
    ++c.known;
  }
}

void GeojsonSeries::close(TimePoint issue) {
  using nlohmann::json;
  const CrsTransform to_degrees(regions_.crs, "EPSG:4326");
  const auto ring_json = [&](Ring ring) {
    if (!to_degrees.is_identity() && !ring.empty()) to_degrees.forward(&ring[0].x, &ring[0].y, ring.size(), sizeof(Point));
    json list = json::array();
    for (const Point& p : ring) list.push_back({std::round(p.x * 1e6) / 1e6, std::round(p.y * 1e6) / 1e6});
    return list;
  };
  const std::size_t n = regions_.regions.size();
  json features = json::array();
  for (std::size_t r = 0; r < n; ++r) {
    const Region& region = regions_.regions[r];
    json polygons = json::array();
    for (const Polygon& p : region.shape) {
      json rings = json::array({ring_json(p.outer)});
      for (const Ring& hole : p.holes) rings.push_back(ring_json(hole));
      polygons.push_back(std::move(rings));
    }
    json properties{{"code", region.code}, {"name", region.name}};
    for (std::size_t s = 0; s < series_.size(); ++s) {
      json values = json::array();
      for (std::size_t t = 0; t < series_[s].times.size(); ++t) {
        const Cell& c = cells_[s][t * n + r];
        if (c.known == 0) {
          values.push_back(nullptr);
        } else if (is_direction(series_[s])) {
          const double degrees = std::atan2(static_cast<double>(c.sum), static_cast<double>(c.north)) / kDegree;
          values.push_back(std::round((degrees <= 0 ? degrees + 360 : degrees) * 10) / 10);
        } else values.push_back(std::round(static_cast<double>(c.sum) / c.known * 1e4) / 1e4);
      }
      properties[series_[s].name] = std::move(values);
    }
    features.push_back(
        {{"type", "Feature"}, {"geometry", {{"type", "MultiPolygon"}, {"coordinates", std::move(polygons)}}}, {"properties", std::move(properties)}});
  }
  json axes = json::object();
  for (const RegionSeries& s : series_) {
    json times = json::array();
    for (const Interval& t : s.times) {
      if (s.kind == TimeKind::instant) times.push_back(to_iso(t.end));
      else times.push_back({to_iso(t.begin), to_iso(t.end)});
    }
    axes[s.name] = {{"units", unit_of(s)}, {"level", s.level}, {"statistic", s.statistic}, {"times", std::move(times)}, {"members", s.members.size()}};
  }
  const json all{{"type", "FeatureCollection"}, {"issue", to_iso(issue)}, {"series", std::move(axes)}, {"features", std::move(features)}};
  write_file_atomically(path_, all.dump() + "\n");
}

}  // namespace guyu::cli
