#pragma once
#include <string>

namespace guyu {

// Walks the header of a classic NetCDF file (CDF-1, 2 and 5; format specification in the NetCDF User Guide, appendix B) and throws Error
// naming the file when its lists cannot be: counts or lengths beyond the file, dimension numbers that do not exist. libnetcdf
// itself trusts them and may crash. Other files pass. Linear in the header.
void check_classic_header(const std::string& path);

}  // namespace guyu
