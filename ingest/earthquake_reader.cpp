#include "ingest/earthquake_reader.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {

using Json = nlohmann::json;
constexpr std::uintmax_t kLargest = 16U << 20U;

double number(const Json& object, const char* key, const std::string& path, bool needed) {
  const auto it = object.find(key);
  if (it != object.end() && it->is_number()) return it->get<double>();
  if (needed) throw Error(path, fmt::format("the earthquake has no number \"{}\"", key), "see guyu shaking --help for the forms that are read");
  return std::nan("");
}
std::string text(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Earthquake from_feature(const Json& feature, const std::string& path) {
  Earthquake e;
  const Json properties = feature.value("properties", Json::object()), geometry = feature.value("geometry", Json::object());
  const Json place = geometry.is_object() ? geometry.value("coordinates", Json::array()) : Json::array();
  if (!properties.is_object() || !place.is_array() || place.size() < 2 || !place[0].is_number() || !place[1].is_number())
    throw Error(path, "the feature has no point of longitude and latitude", "give the Feature of one event as USGS writes it");
  e.longitude = place[0].get<double>(), e.latitude = place[1].get<double>();
  if (place.size() > 2 && place[2].is_number()) e.depth_km = place[2].get<double>();
  e.magnitude = number(properties, "mag", path, true);
  e.magnitude_type = text(properties, "magType"), e.id = text(feature, "id");
  const double ms = number(properties, "time", path, true);
  if (!(std::abs(ms) < 1e15)) throw Error(path, "the time is out of range", "give milliseconds since 1970");
  e.time = TimePoint(Seconds(static_cast<std::int64_t>(ms / 1000)));
  return e;
}

Earthquake from_json(const std::string& content, const std::string& path) {
  const Json root = Json::parse(content, nullptr, false);
  if (!root.is_object()) throw Error(path, "is neither a JSON object nor QuakeML", "give one earthquake");
  const std::string type = text(root, "type");
  if (type == "Feature") return from_feature(root, path);
  if (type == "FeatureCollection") {
    const Json events = root.value("features", Json::array());
    if (!events.is_array() || events.size() != 1 || !events[0].is_object())
      throw Error(path, fmt::format("holds {} earthquakes", events.size()), "give a file with one");
    return from_feature(events[0], path);
  }
  Earthquake e;
  e.longitude = number(root, "longitude", path, true), e.latitude = number(root, "latitude", path, true);
  e.magnitude = number(root, "magnitude", path, true), e.depth_km = number(root, "depth_km", path, false), e.strike = number(root, "strike", path, false);
  e.magnitude_type = text(root, "magnitude_type"), e.id = text(root, "id");
  e.time = parse_time(text(root, "time"));
  const Json rupture = root.value("rupture", Json::array());
  for (const Json& point : rupture) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number() || !(std::abs(point[0].get<double>()) <= 360) ||
        !(std::abs(point[1].get<double>()) <= 90))
      throw Error(path, "the rupture holds something that is no place", "give [[longitude, latitude], ...]");
    e.rupture.emplace_back(point[0].get<double>(), point[1].get<double>());
  }
  return e;
}

// Elements by their local names: prefixes of QuakeML files differ.
bool is_called(const pugi::xml_node& node, const std::string& name) {
  const std::string full = node.name();
  return full == name || (full.size() > name.size() && full.ends_with(":" + name));
}
pugi::xml_node child(const pugi::xml_node& node, const std::string& name) {
  return node.find_child([&](const pugi::xml_node& n) { return is_called(n, name); });
}
// The element whose publicID the event prefers, else the first.
pugi::xml_node preferred(const pugi::xml_node& event, const std::string& name, const std::string& preference) {
  const std::string id = child(event, preference).text().get();
  const pugi::xml_node found =
      event.find_child([&](const pugi::xml_node& n) { return is_called(n, name) && !id.empty() && id == n.attribute("publicID").value(); });
  return found ? found : child(event, name);
}
double quantity(const pugi::xml_node& node, const std::string& name, const std::string& path, bool needed) {
  const double value = child(child(node, name), "value").text().as_double(std::nan(""));
  if (needed && std::isnan(value)) throw Error(path, "the QuakeML event has no " + name, "give an event with origin and magnitude");
  return value;
}

Earthquake from_quakeml(const std::string& content, const std::string& path) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(content.data(), content.size());  // resolves no outside entities
  if (!parsed) throw Error(path, fmt::format("is no XML: {} at byte {}", parsed.description(), parsed.offset), "give QuakeML or JSON");
  const pugi::xml_node event = document.find_node([](const pugi::xml_node& n) { return is_called(n, "event"); });
  if (!event) throw Error(path, "holds no QuakeML event", "give QuakeML 1.2");
  const pugi::xml_node origin = preferred(event, "origin", "preferredOriginID"), magnitude = preferred(event, "magnitude", "preferredMagnitudeID");
  Earthquake e;
  e.id = event.attribute("publicID").value();
  e.longitude = quantity(origin, "longitude", path, true), e.latitude = quantity(origin, "latitude", path, true);
  e.depth_km = quantity(origin, "depth", path, false) / 1000;  // m in QuakeML
  e.magnitude = quantity(magnitude, "mag", path, true), e.magnitude_type = child(magnitude, "type").text().get();
  std::string time = child(child(origin, "time"), "value").text().get();
  if (const std::size_t dot = time.find('.'); dot != std::string::npos) {  // fractions of a second
    const std::size_t end = time.find_first_not_of("0123456789", dot + 1);
    time.erase(dot, end == std::string::npos ? std::string::npos : end - dot);
  }
  e.time = parse_time(time);
  return e;
}

}  // namespace

Earthquake read_earthquake(const std::string& path) {
  std::error_code ec;
  if (const auto size = std::filesystem::file_size(path, ec); !ec && size > kLargest)
    throw Error(path, fmt::format("has {} MB, too many for one earthquake", size >> 20U), "give a file with one event");
  const std::string content = read_text_file(path);
  const std::size_t first = content.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const Earthquake e = first != std::string::npos && content[first] == '<' ? from_quakeml(content, path) : from_json(content, path);
  if (!(std::abs(e.longitude) <= 360) || !(std::abs(e.latitude) <= 90))
    throw Error(path, fmt::format("longitude {}, latitude {} is no place", e.longitude, e.latitude), "give degrees");
  if (!(e.magnitude > -2 && e.magnitude < 10.5)) throw Error(path, fmt::format("{} is no magnitude", e.magnitude), "give the magnitude, e.g. 6.5");
  if (e.depth_km > 800) throw Error(path, fmt::format("a depth of {} km is none", e.depth_km), "give km (QuakeML: metres)");
  return e;
}

}  // namespace guyu
