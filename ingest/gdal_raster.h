#pragma once
#include <functional>
#include <string>

#include "ingest/reader.h"

namespace guyu {

// A raster format that GDAL reads for us.
struct GdalFormat {
  std::string name, driver;
  std::string quantity;  // of every band; empty: a band's name (description) decides
};

// One field a band, north up. The unit is the band's; the time its TIME item, else that of the file, else the epoch, since rasters have no time of their own.
// Throws Error for a file without CRS or georeference, or a rotated one.
void read_gdal_raster(const std::string& path, const GdalFormat& format, const ReadRequest& request, const std::function<void(Field&&)>& sink,
                      const ProblemSink& problem);

}  // namespace guyu
