#include "ingest/pup_storm_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <map>
#include <numbers>

#include "engine/core/error.h"
#include "ingest/pup_product.h"

namespace guyu {
namespace {

struct StormPlace {
  double east_km, north_km;
};

// Packets 15 of the symbology block: place in quarters of a kilometre, two characters.
std::map<std::string, StormPlace> storm_places(const PupProduct& p) {
  std::map<std::string, StormPlace> out;
  const auto block = p.block(0);
  if (!block) return out;
  const int layers = p.unsigned16(*block + 8);
  std::size_t at = *block + 10;
  for (int layer = 0; layer < layers; ++layer) {
    const std::size_t end = at + 6 + static_cast<std::size_t>(std::max<std::int64_t>(0, p.signed32(at + 2)));
    at += 6;
    while (at + 4 <= end) {
      const int packet = p.unsigned16(at), length = p.unsigned16(at + 2);
      if (packet == 15) {
        for (std::size_t k = at + 4; k + 6 <= at + 4 + static_cast<std::size_t>(length); k += 6) {
          const StormPlace place{0.25 * p.signed16(k), 0.25 * p.signed16(k + 2)};
          out.emplace(p.text(k + 4, 2), place);
        }
      }
      at += 4 + static_cast<std::size_t>(length);
    }
    at = end;
  }
  return out;
}

// All lines of the tabular block: after a head of its own (a message header and a description), pages of lines, each with its length.
std::vector<std::string> storm_lines(const PupProduct& p) {
  std::vector<std::string> out;
  const auto block = p.block(2);
  if (!block) return out;
  std::size_t at = *block + 8 + 120;  // divider, block number and length; then the heads
  const int pages = p.unsigned16(at + 2);
  at += 4;
  for (int page = 0; page < pages; ++page) {
    for (int length = p.unsigned16(at); length != 0xffff; length = p.unsigned16(at)) {
      out.push_back(p.text(at + 2, static_cast<std::size_t>(length)));
      at += 2 + static_cast<std::size_t>(length);
    }
    at += 2;
  }
  return out;
}

}  // namespace

RadarStorms read_radar_storms(const std::string& path) {
  const PupProduct product = PupProduct::open(path);
  if (product.code() != 58) throw Error(path, fmt::format("is product {} of a PUP, no storm tracking information (58)", product.code()));
  RadarStorms out;
  out.time = product.volume_time();
  out.longitude = product.longitude(), out.latitude = product.latitude();
  const auto places = storm_places(product);
  int claimed = -1;
  for (const std::string& line : storm_lines(product)) {
    if (const auto at = line.find("NUMBER OF STORM CELLS"); at != std::string::npos && claimed < 0) claimed = std::atoi(line.c_str() + at + 21);
    // "  T4     176/129    58/  9     179/132 ...  1.8/ 1.3" or "NEW" for the movement
    char letter = 0, digit = 0;
    int azimuth = 0, range = 0, used = 0;
    if (std::sscanf(line.c_str(), " %c%c %d/%d%n", &letter, &digit, &azimuth, &range, &used) != 4) continue;
    if (!std::isupper(static_cast<unsigned char>(letter)) || !std::isdigit(static_cast<unsigned char>(digit))) continue;
    RadarStorms::Cell cell;
    cell.id = {letter, digit};
    const auto place = places.find(cell.id);
    if (place == places.end()) {
      out.problems.push_back(fmt::format("{}: cell {} of the table has no place in the picture", path, cell.id));
      continue;
    }
    cell.east_km = place->second.east_km, cell.north_km = place->second.north_km;
    int from = 0, speed = 0;
    if (std::sscanf(line.c_str() + used, "%d/%d", &from, &speed) == 2) {
      cell.moves = true;
      const double rad = from * std::numbers::pi / 180;
      cell.east_m_s = -speed * std::sin(rad), cell.north_m_s = -speed * std::cos(rad);
    }
    if (const auto slash = line.rfind('/'); slash != std::string::npos) cell.mean_error_km = std::atof(line.c_str() + slash + 1);
    if (std::any_of(out.cells.begin(), out.cells.end(), [&](const RadarStorms::Cell& c) { return c.id == cell.id; })) continue;
    out.cells.push_back(std::move(cell));
  }
  if (claimed < 0) throw Error(path, "has no table of storms that can be read", "the file is damaged or of another kind of radar");
  if (const auto found = out.cells.size() + out.problems.size(); static_cast<std::size_t>(claimed) != found)
    out.problems.push_back(fmt::format("{}: says {} storm cells, its table has {}", path, claimed, found));
  return out;
}

}  // namespace guyu
