#pragma once
#include <memory>
#include <string>

#include "engine/region/region_set.h"

struct PJconsts;
struct pj_ctx;

namespace guyu {

// The way from one CRS to another, x,y = lon,lat order. Identity when both are longitude-latitude. One thread at a time. Making one
// costs about a third of a millisecond, so one serves many regions; RegionProjector makes one a region, too slow for tens of
// thousands. Throws Error naming both CRSs when PROJ has no way between them.
class MapTransform {
 public:
  MapTransform(const std::string& from, const std::string& to);
  bool identity() const { return !pj_; }
  Point forward(Point p) const;  // infinite coordinates where the point has no image
  Point inverse(Point p) const;

 private:
  struct Release {
    void operator()(pj_ctx* c) const;
    void operator()(PJconsts* p) const;
  };
  std::unique_ptr<pj_ctx, Release> context_;
  std::unique_ptr<PJconsts, Release> pj_;
};

bool is_geographic(const std::string& crs);
inline constexpr const char* kLonLat = "+proj=longlat +datum=WGS84 +no_defs";

// A rectangle of a CRS.
struct MapArea {
  double west = 0, south = 0, east = 0, north = 0;
  double width() const { return east - west; }
  double height() const { return north - south; }
  bool empty() const { return !(width() > 0 && height() > 0); }
  bool touches(const MapArea& o) const { return west <= o.east && o.west <= east && south <= o.north && o.south <= north; }
};

// The smallest rectangle of CRS `to` around a rectangle of CRS `from`, by points on its border and inside. Empty when no point
// has an image.
MapArea bounds_in(const MapArea& area, const std::string& from, const std::string& to);

// Length of the shortest way on the WGS 84 ellipsoid, m.
double ground_distance(Point a, Point b);

}  // namespace guyu
