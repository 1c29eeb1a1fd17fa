#include "ingest/grib_parameter.h"

#include <algorithm>
#include <map>

#include "ingest/grib_sections.h"

namespace guyu {
namespace {

struct Octets {
  std::size_t first, last;  // as the manual counts them, from 1
};

void blank(std::string& section, std::initializer_list<Octets> ranges) {
  for (const Octets r : ranges)
    for (std::size_t k = r.first - 1; k < std::min(r.last, section.size()); ++k) section[k] = 0;
}

std::string octets(GribView section) { return {section.begin(), section.end()}; }

// Empty where what else the names depend on is not known.
std::string parameter_octets(GribView message) {
  constexpr std::size_t kIndicator = 16;
  if (message.size() < kIndicator || message[7] != 2) return {};
  std::string product = octets(grib_section(message, 4));
  if (product.size() < 9) return {};
  constexpr Octets kForecastTime{19, 22};
  switch (big_endian(grib_section(message, 4), 7, 2)) {
    case 0: blank(product, {kForecastTime}); break;
    case 1: blank(product, {kForecastTime, {36, 36}}); break;
    case 8: blank(product, {kForecastTime, {35, 41}}); break;
    case 11: blank(product, {kForecastTime, {36, 36}, {38, 44}}); break;
    default: return {};
  }
  std::string identification = octets(grib_section(message, 1));
  blank(identification, {{13, 19}});
  const std::string local = octets(grib_section(message, 2));
  // A few names ask for the grid's template and number, which stand at the head of its section.
  constexpr std::size_t kGridHead = 128;
  const GribView grid = grib_section(message, 3);
  return std::string(1, static_cast<char>(message[6])) + identification + std::to_string(local.size()) + ':' + local + product +
         octets(grid.first(std::min(grid.size(), kGridHead)));
}

GribParameter asked(const GribMessage& m) { return {m.text("shortName"), m.text("units"), m.text("typeOfLevel"), m.text("level"), m.text("stepType")}; }

}  // namespace

GribParameter grib_parameter(const GribMessage& message) {
  constexpr std::size_t kMost = 4096;  // totals since the start of the forecast have a length of their own at each step
  static std::map<std::string, GribParameter> known;
  const void* bytes = nullptr;
  std::size_t size = 0;
  if (codes_get_message(message.handle(), &bytes, &size) != CODES_SUCCESS) return asked(message);
  std::string key = parameter_octets({static_cast<const unsigned char*>(bytes), size});
  if (key.empty()) return asked(message);
  if (const auto it = known.find(key); it != known.end()) return it->second;
  if (known.size() >= kMost) known.clear();
  return known[std::move(key)] = asked(message);
}

}  // namespace guyu
