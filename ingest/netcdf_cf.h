#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "ingest/netcdf_file.h"

// The CF conventions (1.8) that readers need: projections, time units, coordinate roles, standard names.
namespace guyu {

// PROJ string of a grid mapping variable, or its crs_wkt or spatial_ref where the mapping has no name that is known; throws Error
// naming an unknown grid_mapping_name.
std::string cf_crs(const NetcdfFile& file, const NetcdfFile::Variable& mapping);

// "seconds since 1970-01-01 00:00:00 UTC": origin and seconds per unit; nullopt when it is no time unit.
struct TimeUnit {
  TimePoint origin;
  double seconds = 1;
  TimePoint at(double value) const;
};
std::optional<TimeUnit> cf_time_unit(const std::string& units);
// The same for a time coordinate. Throws Error for a unit that is not known (months and years have no fixed length) and for a
// calendar that is not the world's.
TimeUnit require_time_unit(const NetcdfFile& file, const NetcdfFile::Variable& coordinate);
// "hours" -> 3600; nullopt when it is no duration.
std::optional<double> cf_duration(const std::string& unit);

// "sum 5min" -> 300 s: how files of the OpenSense collections (COST CA20136) give the unit of amounts in mm over the time before their time; nullopt for
// others.
std::optional<Seconds> cf_sum_length(const std::string& units);

enum class Role { x, y, longitude, latitude, time, reference_time, lead, member, level, other };
Role cf_role(const NetcdfFile& file, const NetcdfFile::Variable& coordinate);

// The engine's quantity for a CF standard name or a common variable name; empty when it has none.
// A quantity that NetCDF copies of GRIB files name by the short name of the parameter ("t2m", "u10", "tp"), with the level that the name implies.
struct ShortName {
  std::string quantity, level;
};
std::optional<ShortName> grib_short_name(const std::string& variable);

// The level of a vertical coordinate's value, named as for GRIB: "2 m" above the ground, "850 hPa"; others keep the coordinate's name and unit.
std::string level_name(const std::string& coordinate, const std::string& standard_name, const std::string& unit, double value);

std::string cf_quantity(const std::string& name);

}  // namespace guyu
