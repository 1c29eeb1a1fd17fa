#pragma once
#include <span>
#include <string>
#include <vector>

#include "engine/cells/cell_forecast.h"
#include "engine/core/field.h"
#include "products/provenance.h"

namespace guyu {

// What a document of cells speaks of. `forecasts` belong to those tracks that the newest frame shows, in the order of the tracks.
struct CellScene {
  const Field* frame = nullptr;  // the newest
  std::span<const StormTrack> tracks;
  std::span<const CellForecast> forecasts;
};

// GeoJSON (RFC 7946) in WGS 84 longitude and latitude, five decimals. For each cell of the newest frame three features, told apart by the property `feature`:
// "cell" (its outline along the pixels, with all properties: area_km2, maximum, mean, speed_m_s, direction_deg, growth, age, lifetime, parents, children,
// ellipse), "swath" (the area it may touch until the horizon) and "path" (where it was and where it is expected, with times). Directions are clockwise from
// north, towards which the cell moves. Grid cells on both sides of the date line are not cut. Throws Error when PROJ has no way from the grid's CRS.
std::string cell_geojson(const CellScene& scene, const Provenance& from);

}  // namespace guyu
