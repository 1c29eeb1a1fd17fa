#include "products/grib2_grid.h"

#include <algorithm>
#include <cmath>

#include "engine/core/error.h"
#include "engine/regrid/crs_transform.h"
#include "products/grid_mapping.h"

namespace guyu {
namespace {

constexpr double kMicro = 1e6, kMilli = 1e3;

long micro_degrees(double degrees) { return std::lround(degrees * kMicro); }
// East of Greenwich, [0, 360).
long east_micro_degrees(double longitude) {
  const long all = 360 * static_cast<long>(kMicro), at = micro_degrees(longitude) % all;
  return at < 0 ? at + all : at;
}

class MappingNumbers {
 public:
  explicit MappingNumbers(const GridMapping& mapping) : mapping_(mapping) {}
  std::string name() const {
    for (const auto& [key, value] : mapping_.attributes)
      if (key == "grid_mapping_name") return std::get<std::string>(value);
    return "";
  }
  std::vector<double> all(const char* attribute) const {
    for (const auto& [key, value] : mapping_.attributes)
      if (key == attribute) return std::get<std::vector<double>>(value);
    return {};
  }
  double number(const char* attribute, double fallback) const {
    const auto v = all(attribute);
    return v.empty() ? fallback : v.front();
  }

 private:
  const GridMapping& mapping_;
};

// Code table 3.2.
void set_earth(Grib2Message& m, double a, double b) {
  const auto axis = [&](const char* scale, const char* value, double metres) {
    m.whole(scale, 3);
    m.whole(value, std::lround(metres * kMilli));
  };
  if (a == b) {
    if (a == 6371229) return m.whole("shapeOfTheEarth", 6);
    if (a == 6367470) return m.whole("shapeOfTheEarth", 0);
    m.whole("shapeOfTheEarth", 1);
    return axis("scaleFactorOfRadiusOfSphericalEarth", "scaledValueOfRadiusOfSphericalEarth", a);
  }
  const double flattening = a / (a - b);
  if (a == 6378137 && std::abs(flattening - 298.257223563) < 1e-6) return m.whole("shapeOfTheEarth", 5);
  if (a == 6378137 && std::abs(flattening - 298.257222101) < 1e-6) return m.whole("shapeOfTheEarth", 4);
  m.whole("shapeOfTheEarth", 7);
  axis("scaleFactorOfEarthMajorAxis", "scaledValueOfEarthMajorAxis", a);
  axis("scaleFactorOfEarthMinorAxis", "scaledValueOfEarthMinorAxis", b);
}

void set_longitude_latitude(Grib2Message& m, const Grid& g) {
  const auto last_row = static_cast<double>(g.ny() - 1), last_column = static_cast<double>(g.nx() - 1);
  m.whole("Ni", g.nx());
  m.whole("Nj", g.ny());
  m.whole("latitudeOfFirstGridPoint", micro_degrees(g.y(0)));
  m.whole("longitudeOfFirstGridPoint", east_micro_degrees(g.x(0)));
  m.whole("latitudeOfLastGridPoint", micro_degrees(g.y(last_row)));
  m.whole("longitudeOfLastGridPoint", east_micro_degrees(g.x(last_column)));
  const auto whole = [](double spacing) { return std::abs(spacing * kMicro - std::round(spacing * kMicro)) < 1e-3; };
  const bool given = whole(g.dx()) && whole(g.dy());
  m.whole("resolutionAndComponentFlags", given ? 0x30 : 0);  // flag table 3.3: both increments given; winds are eastward and northward
  if (given) {
    m.whole("iDirectionIncrement", micro_degrees(g.dx()));
    m.whole("jDirectionIncrement", micro_degrees(g.dy()));
  } else {
    m.missing("iDirectionIncrement");
    m.missing("jDirectionIncrement");
  }
}

void set_plane(Grib2Message& m, const Grid& g, double to_metres) {
  double x = g.x(0), y = g.y(static_cast<double>(g.ny() - 1));
  CrsTransform(g.crs(), "EPSG:4326").forward(&x, &y, 1, sizeof(double));
  if (!std::isfinite(x) || !std::isfinite(y)) throw Error("", "the corner of the grid has no longitude and latitude: " + g.describe());
  m.whole("Nx", g.nx());
  m.whole("Ny", g.ny());
  m.whole("latitudeOfFirstGridPoint", micro_degrees(y));
  m.whole("longitudeOfFirstGridPoint", east_micro_degrees(x));
  m.whole("Dx", std::lround(g.dx() * to_metres * kMilli));
  m.whole("Dy", std::lround(g.dy() * to_metres * kMilli));
  m.whole("resolutionAndComponentFlags", 0x30);
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error("", what + " has no place in the GRIB2 that is written here",
              "bring it to a longitude-latitude, Lambert conformal or polar stereographic grid (guyu regrid), or write NetCDF");
}

}  // namespace

bool set_grib2_grid(Grib2Message& m, const Grid& g) {
  if (!g.has_uniform_rows()) refuse("a grid whose rows are not evenly spaced");
  const GridMapping mapping = grid_mapping(g.crs());
  const MappingNumbers in(mapping);
  const std::string name = in.name();
  const auto standard = in.all("standard_parallel");
  if (name != "latitude_longitude" && name != "lambert_conformal_conic" && name != "polar_stereographic")
    refuse("the projection " + (name.empty() ? g.crs() : name));
  m.whole("gridDefinitionTemplateNumber", name == "latitude_longitude" ? 0 : name == "polar_stereographic" ? 20 : 30);
  set_earth(m, in.number("semi_major_axis", 6378137), in.number("semi_minor_axis", 6356752.314245179));
  if (name == "latitude_longitude") {
    set_longitude_latitude(m, g);
  } else {
    set_plane(m, g, mapping.to_metres);
    if (name == "polar_stereographic") {
      const double pole = in.number("latitude_of_projection_origin", 90);
      if (in.number("scale_factor_at_projection_origin", 1) != 1) refuse("a polar stereographic projection by its scale at the pole");
      m.whole("projectionCentreFlag", pole < 0 ? 128 : 0);
      m.whole("LaD", micro_degrees(standard.empty() ? pole : standard.front()));
      m.whole("orientationOfTheGrid", east_micro_degrees(in.number("straight_vertical_longitude_from_pole", 0)));
    } else {
      const double lat1 = standard.empty() ? 0 : standard.front(), lat2 = standard.size() > 1 ? standard[1] : lat1;
      m.whole("projectionCentreFlag", lat1 + lat2 < 0 ? 128 : 0);
      m.whole("LaD", micro_degrees(in.number("latitude_of_projection_origin", lat1)));
      m.whole("LoV", east_micro_degrees(in.number("longitude_of_central_meridian", 0)));
      m.whole("Latin1", micro_degrees(lat1));
      m.whole("Latin2", micro_degrees(lat2));
      m.whole("latitudeOfSouthernPole", -90 * static_cast<long>(kMicro));
      m.whole("longitudeOfSouthernPole", 0);
    }
  }
  const bool from_south = name != "latitude_longitude";
  m.whole("scanningMode", from_south ? 0x40 : 0);  // flag table 3.4: columns eastward, bit 2 rows northward, row by row
  return from_south;
}

}  // namespace guyu
