#include "cli/demo/grib_writer.h"

#include "products/grid_grib2.h"

namespace guyu::cli::demo {

void write_grib_forecast(const std::string& path, const std::vector<Field>& amounts) {
  GridGrib2Writer writer(path, {.generating_process = 2});  // code table 4.3: forecast
  for (const Field& amount : amounts) writer.write(amount);
  writer.close();
}

}  // namespace guyu::cli::demo
