#include "alerts/cap/cap_check.h"

#include <fmt/format.h>
#include <geos_c.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <pugixml.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "alerts/cap/message_text.h"
#include "alerts/area/shapes.h"
#include "engine/core/error.h"
#include "engine/core/time.h"

namespace guyu {
namespace {
constexpr std::size_t kLargest = 4U * 1024 * 1024;  // never parsed beyond this
constexpr int kParseOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;

using DocumentPtr = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;

std::string trimmed(const char* message) {
  std::string s = message ? message : "unknown";
  while (!s.empty() && (s.back() == '\n' || s.back() == ' ')) s.pop_back();
  return s;
}

// Gathers libxml2's reports; its callback type changed constness between versions, hence the template.
template <typename ErrorPointer>
void gather(void* user, ErrorPointer error) {
  static_cast<std::vector<std::string>*>(user)->push_back(fmt::format("line {}: {}", error->line, trimmed(error->message)));
}

const char* local_name(const pugi::xml_node& node) {
  const char* colon = std::strchr(node.name(), ':');
  return colon ? colon + 1 : node.name();
}
std::vector<pugi::xml_node> children(const pugi::xml_node& parent, const char* name) {
  std::vector<pugi::xml_node> found;
  for (const pugi::xml_node& node : parent.children()) {
    if (node.type() == pugi::node_element && std::strcmp(local_name(node), name) == 0) found.push_back(node);
  }
  return found;
}
std::string text_of(const pugi::xml_node& parent, const char* name) {
  const auto found = children(parent, name);
  return found.empty() ? std::string() : found.front().text().get();
}

// The rules that no schema knows, over one message.
class Semantics {
 public:
  Semantics(const CapCheckOptions& options, std::vector<CapFault>& faults) : options_(options), faults_(faults) {}

  void run(const pugi::xml_node& alert, const std::optional<std::vector<std::string>>& open) {
    const std::string identifier = text_of(alert, "identifier");
    if (identifier.empty() || identifier.find_first_of(" ,<&") != std::string::npos) fault("identifier", "'" + identifier + "'");
    const auto sent = time(alert, "sent", "alert");
    references(alert, open);
    std::set<std::string> categories, codes, languages;
    int number = 0;
    for (const pugi::xml_node& info : children(alert, "info")) {
      const std::string place = fmt::format("info {}", ++number);
      one_info(info, place, sent);
      std::string all_categories, all_codes;
      for (const auto& c : children(info, "category")) all_categories += std::string(c.text().get()) + ";";
      for (const auto& c : children(info, "eventCode")) all_codes += text_of(c, "valueName") + "=" + text_of(c, "value") + ";";
      categories.insert(all_categories);
      codes.insert(all_codes);
      if (!languages.insert(text_of(info, "language")).second) fault("language", place + ": a second info in " + text_of(info, "language"));
    }
    if (number == 0) fault("language", "no info at all");
    if (categories.size() > 1) fault("same_category", "the infos differ");
    if (codes.size() > 1) fault("same_event_code", "the infos differ");
  }

 private:
  void fault(std::string rule, std::string detail) { faults_.push_back({std::move(rule), std::move(detail)}); }

  std::optional<TimePoint> time(const pugi::xml_node& node, const char* name, const std::string& place) {
    static const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d)");
    const std::string text = text_of(node, name);
    if (text.empty()) return {};
    if (!std::regex_match(text, form)) {
      fault("time_form", fmt::format("{}: {} is '{}'", place, name, text));
      return {};
    }
    try {
      return parse_time(text);
    } catch (const Error&) {
      fault("time_form", fmt::format("{}: {} is '{}'", place, name, text));
      return {};
    }
  }

  void references(const pugi::xml_node& alert, const std::optional<std::vector<std::string>>& open) {
    const std::string type = text_of(alert, "msgType");
    std::set<std::string> named;
    std::istringstream words(text_of(alert, "references"));
    for (std::string word; words >> word;) {
      const std::size_t a = word.find(','), b = word.rfind(',');
      if (a == std::string::npos || b == a) fault("references", "'" + word + "' is not sender,identifier,sent");
      else named.insert(word.substr(a + 1, b - a - 1));
    }
    if ((type == "Update" || type == "Cancel") && named.empty()) fault("references", type + " without references");
    if (named.count(text_of(alert, "identifier"))) fault("references", "the message refers to itself");
    if (!open) return;
    for (const std::string& id : *open) {
      if (!named.count(id)) fault("references", id + " is open and not referred to");
    }
    for (const std::string& id : named) {
      if (std::find(open->begin(), open->end(), id) == open->end()) fault("references", id + " is not open");
    }
  }

  void one_info(const pugi::xml_node& info, const std::string& place, std::optional<TimePoint> sent) {
    const auto effective = time(info, "effective", place), expires = time(info, "expires", place);
    time(info, "onset", place);
    if (!expires) fault("expires", place + ": absent");
    else if ((sent && *expires <= *sent) || (effective && *expires <= *effective)) fault("expires", place + ": not later than sent and effective");
    const std::string headline = text_of(info, "headline"), description = text_of(info, "description");
    if (headline.empty() || character_count(headline) >= 140) fault("headline_length", fmt::format("{}: {} characters", place, character_count(headline)));
    if (description.empty() || description == headline) fault("headline_description", place + ": the description is absent or repeats the headline");
    if (text_of(info, "language").empty()) fault("language", place + ": not stated");
    const auto areas = children(info, "area");
    if (areas.empty()) fault("geocode", place + ": no area");
    for (const pugi::xml_node& area : areas) {
      if (children(area, "geocode").empty()) fault("geocode", place + ": an area without geocode");
      int number = 0;
      for (const pugi::xml_node& polygon : children(area, "polygon")) ring(polygon.text().get(), fmt::format("{}, polygon {}", place, ++number));
    }
  }

  bool inside(double lat, double lon) const {
    return lat >= options_.south && lat <= options_.north && lon >= options_.west && lon <= options_.east;
  }

  void ring(const std::string& text, const std::string& place) {
    Ring points;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      char* end = nullptr;
      const double lat = std::strtod(word.c_str(), &end);
      if (*end != ',' || end == word.c_str()) return fault("polygon_form", place + ": '" + word + "'");
      const char* second = end + 1;
      const double lon = std::strtod(second, &end);
      if (*end != '\0' || end == second) return fault("polygon_form", place + ": '" + word + "'");
      points.push_back({lon, lat});
    }
    bool all_inside = true, all_swapped = !points.empty();
    for (const Point& p : points) {
      all_inside = all_inside && inside(p.y, p.x);
      all_swapped = all_swapped && inside(p.x, p.y);
    }
    if (!all_inside) fault(all_swapped ? "lat_lon_order" : "outside_box", place);
    if (points.size() < 4) return fault("ring_points", fmt::format("{}: {} points", place, points.size()));
    if (points.front().x != points.back().x || points.front().y != points.back().y) return fault("ring_closed", place);
    GeosContext geos;
    GEOSCoordSequence* s = GEOSCoordSeq_create_r(geos.get(), static_cast<unsigned>(points.size()), 2);
    for (unsigned i = 0; i < points.size(); ++i) GEOSCoordSeq_setXY_r(geos.get(), s, i, points[i].x, points[i].y);
    const auto polygon = geos.own(GEOSGeom_createPolygon_r(geos.get(), GEOSGeom_createLinearRing_r(geos.get(), s), nullptr, 0));
    if (GEOSisValid_r(geos.get(), polygon.get()) != 1) fault("ring_simple", place);
  }

  const CapCheckOptions& options_;
  std::vector<CapFault>& faults_;
};

}  // namespace

struct CapChecker::Schema {
  std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema{nullptr, xmlSchemaFree};
};

CapChecker::CapChecker(CapCheckOptions options) : options_(std::move(options)) {
  xmlInitParser();
  if (options_.schema_path.empty()) return;
  const DocumentPtr document(xmlReadFile(options_.schema_path.c_str(), nullptr, kParseOptions), xmlFreeDoc);
  if (!document) throw Error(options_.schema_path, "cannot be read as an XML schema");
  const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(xmlSchemaNewDocParserCtxt(document.get()), xmlSchemaFreeParserCtxt);
  std::vector<std::string> errors;
  xmlSchemaSetParserStructuredErrors(parser.get(), gather, &errors);
  schema_ = std::make_unique<Schema>();
  schema_->schema.reset(xmlSchemaParse(parser.get()));
  if (!schema_->schema) throw Error(options_.schema_path, "is not an XML schema" + (errors.empty() ? std::string() : ": " + errors.front()));
}
CapChecker::~CapChecker() = default;

std::vector<CapFault> CapChecker::check(const std::string& xml, const std::optional<std::vector<std::string>>& open) const {
  std::vector<CapFault> faults;
  if (xml.size() > options_.size_limit) faults.push_back({"size", fmt::format("{} bytes, over {}", xml.size(), options_.size_limit)});
  if (xml.size() > kLargest) return faults;
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(xmlNewParserCtxt(), xmlFreeParserCtxt);
  const DocumentPtr document(xmlCtxtReadMemory(parser.get(), xml.data(), static_cast<int>(xml.size()), nullptr, nullptr, kParseOptions), xmlFreeDoc);
  if (!document) {
    const auto* error = xmlCtxtGetLastError(parser.get());
    faults.push_back({"xml", error ? fmt::format("line {}: {}", error->line, trimmed(error->message)) : "not well-formed"});
    return faults;
  }
  if (document->intSubset || document->extSubset) {
    faults.push_back({"doctype", "a DOCTYPE is never allowed"});
    return faults;
  }
  if (schema_) {
    const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> valid(xmlSchemaNewValidCtxt(schema_->schema.get()), xmlSchemaFreeValidCtxt);
    std::vector<std::string> errors;
    xmlSchemaSetValidStructuredErrors(valid.get(), gather, &errors);
    if (xmlSchemaValidateDoc(valid.get(), document.get()) != 0 && errors.empty()) errors.push_back("validation failed");
    for (const std::string& e : errors) faults.push_back({"schema", e});
  }
  pugi::xml_document tree;
  if (!tree.load_buffer(xml.data(), xml.size())) {
    faults.push_back({"xml", "not well-formed"});
    return faults;
  }
  const pugi::xml_node root = tree.document_element();
  if (std::strcmp(local_name(root), "alert") != 0) faults.push_back({"xml", "the root is not alert"});
  else Semantics(options_, faults).run(root, open);
  return faults;
}

}  // namespace guyu
