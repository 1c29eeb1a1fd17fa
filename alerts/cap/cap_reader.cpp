#include "alerts/cap/cap_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "alerts/cap/cap_structure.h"
#include "alerts/cap/xml_nodes.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr std::string_view kFamily = "urn:oasis:names:tc:emergency:cap:";
constexpr std::string_view kCap10 = "http://www.incident.com/cap/1.0";

class Reader {
 public:
  CapReading out;

  void alert(const xmlNode* node) {
    version(node);
    for (CapFault& f : check_structure(node, xml::space(node))) out.deviations.push_back(std::move(f));
    CapMessage& m = out.message;
    for (const xmlNode* n = xml::first_element(node); n; n = xml::next_element(n)) {
      const std::string_view name = xml::name(n);
      if (xml::space(n) == kSignatureSpace) m.signatures += name == "Signature";
      else if (name == "identifier") once(m.identifier, n);
      else if (name == "sender") once(m.sender, n);
      else if (name == "sent") once(m.sent, n);
      else if (name == "status") once(m.status, n);
      else if (name == "msgType") once(m.msg_type, n);
      else if (name == "source") once(m.source, n);
      else if (name == "scope") once(m.scope, n);
      else if (name == "restriction") once(m.restriction, n);
      else if (name == "addresses") m.addresses = quoted_words(xml::text(n));
      else if (name == "code") m.codes.push_back(word(n));
      else if (name == "note") once(m.note, n);
      else if (name == "references") references(n);
      else if (name == "incidents") m.incidents = quoted_words(xml::text(n));
      else if (name == "info") info(n);
    }
    for (const auto& [name, text] : {std::pair{"identifier", &m.identifier}, std::pair{"sender", &m.sender}}) {
      if (text->empty()) lost(fmt::format("no {}", name));
      else if (!is_cap_name(*text)) deviate("name_form", fmt::format("{} '{}' has a blank, comma, < or &", name, *text));
    }
    if (!m.sent) lost("no time of sending that can be read");
    if (!is_cap_choice("status", m.status)) lost(fmt::format("status is '{}'", m.status));
    if (!is_cap_choice("msgType", m.msg_type)) lost(fmt::format("msgType is '{}'", m.msg_type));
  }

 private:
  void deviate(const char* rule, std::string detail) { out.deviations.push_back({rule, std::move(detail)}); }
  void lost(std::string detail) { out.unreadable.push_back({"identity", std::move(detail)}); }

  void version(const xmlNode* node) {
    const std::string_view space = xml::space(node);
    if (space.substr(0, kFamily.size()) == kFamily) out.message.version = space.substr(kFamily.size());
    else if (space == kCap10) out.message.version = "1.0";
    if (space == kCap12) return;
    if (out.message.version == "1.0" || out.message.version == "1.1") deviate("old_version", "CAP " + out.message.version);
    else deviate("foreign_namespace", fmt::format("'{}' is not CAP's", space));
  }

  static std::string word(const xmlNode* n) { return std::string(xml::trimmed(xml::text(n))); }
  void once(std::string& into, const xmlNode* n) {
    if (into.empty()) into = word(n);  // of several the first counts; the structure names the others
  }
  void once(std::optional<TimePoint>& into, const xmlNode* n) {
    const std::string text = word(n);
    if (into || text.empty()) return;
    into = cap_time(text);
    if (into) return;
    try {
      into = parse_time(text);  // Z and the like; check_structure has named it
    } catch (const Error&) {}
  }
  static CapPair pair(const xmlNode* n) {
    const xmlNode *name = xml::child(n, "valueName"), *value = xml::child(n, "value");
    return {name ? word(name) : std::string(), value ? word(value) : std::string()};
  }

  void references(const xmlNode* n) {
    const std::string text = xml::text(n);
    for (const std::string_view w : words_of(text)) {
      if (auto r = cap_reference(w)) {
        out.message.references.push_back(std::move(*r));
      } else {
        ++out.message.unread_references;
        deviate("references", fmt::format("'{}' is not sender,identifier,sent", w));
      }
    }
  }

  void info(const xmlNode* node) {
    CapInfo& i = out.message.infos.emplace_back();
    const std::string place = fmt::format("info {}", out.message.infos.size());
    for (const xmlNode* n = xml::first_element(node); n; n = xml::next_element(n)) {
      const std::string_view name = xml::name(n);
      if (name == "language") {
        if (const std::string w = word(n); !w.empty()) i.language = w, i.language_given = true;
      } else if (name == "category") i.categories.push_back(word(n));
      else if (name == "event") once(i.event, n);
      else if (name == "responseType") i.response_types.push_back(word(n));
      else if (name == "urgency") once(i.urgency, n);
      else if (name == "severity") once(i.severity, n);
      else if (name == "certainty") once(i.certainty, n);
      else if (name == "audience") once(i.audience, n);
      else if (name == "eventCode") i.event_codes.push_back(pair(n));
      else if (name == "effective") once(i.effective, n);
      else if (name == "onset") once(i.onset, n);
      else if (name == "expires") once(i.expires, n);
      else if (name == "senderName") once(i.sender_name, n);
      else if (name == "headline") once(i.headline, n);
      else if (name == "description") once(i.description, n);
      else if (name == "instruction") once(i.instruction, n);
      else if (name == "web") once(i.web, n);
      else if (name == "contact") once(i.contact, n);
      else if (name == "parameter") i.parameters.push_back(pair(n));
      else if (name == "resource") resource(n, i);
      else if (name == "area") area(n, i, place);
    }
    if (i.certainty == "Very Likely") i.certainty = "Likely";  // as CAP 1.1 says of 1.0
  }

  static void resource(const xmlNode* node, CapInfo& i) {
    CapResource& r = i.resources.emplace_back();
    const auto text = [&](const char* name) {
      const xmlNode* n = xml::child(node, name);
      return n ? word(n) : std::string();
    };
    r.description = text("resourceDesc");
    r.mime_type = text("mimeType");
    r.uri = text("uri");
    r.deref_uri = text("derefUri");
    r.digest = text("digest");
    const std::string size = text("size");
    std::int64_t bytes = 0;
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), bytes);
    if (!size.empty() && error == std::errc() && end == size.data() + size.size()) r.size = bytes;
  }

  void area(const xmlNode* node, CapInfo& i, const std::string& info_place) {
    CapArea& a = i.areas.emplace_back();
    const std::string place = fmt::format("{}, area {}", info_place, i.areas.size());
    std::size_t polygons = 0;
    for (const xmlNode* n = xml::first_element(node); n; n = xml::next_element(n)) {
      const std::string_view name = xml::name(n);
      if (name == "areaDesc") once(a.description, n);
      else if (name == "polygon") polygon(xml::text(n), a, fmt::format("{}, polygon {}", place, ++polygons));
      else if (name == "circle") circle(xml::text(n), a, place);
      else if (name == "geocode") a.geocodes.push_back(pair(n));
      else if (name == "altitude") a.altitude_ft = decimal(word(n));
      else if (name == "ceiling") a.ceiling_ft = decimal(word(n));
    }
    if (a.ceiling_ft && !a.altitude_ft) deviate("ceiling", place + ": a ceiling without altitude");
  }

  void polygon(std::string text, CapArea& a, const std::string& place) {
    if (xml::is_blank(text)) return deviate("empty_element", place);
    CapPolygon p{text, {}};
    std::vector<std::string_view> words = words_of(text);
    const bool clean = std::all_of(words.begin(), words.end(), [](std::string_view w) { return lat_lon(w).has_value(); });
    if (!clean) {
      // "30.1, 110.2" and "30.1 ,110.2": numbers two by two, whatever stands between them.
      std::replace(text.begin(), text.end(), ',', ' ');
      words = words_of(text);
      bool numbers = words.size() % 2 == 0;
      for (const std::string_view w : words) numbers = numbers && decimal(w).has_value();
      if (!numbers) return deviate("polygon_form", place + ": not a list of lat,lon");
      deviate("polygon_spacing", place + ": lat,lon with blanks or commas astray");
      for (std::size_t k = 0; k + 1 < words.size(); k += 2) p.ring.push_back({*decimal(words[k + 1]), *decimal(words[k])});
    } else {
      for (const std::string_view w : words) p.ring.push_back(*lat_lon(w));
    }
    if (!std::all_of(p.ring.begin(), p.ring.end(), on_earth)) {
      const bool turned = std::all_of(p.ring.begin(), p.ring.end(), [](Point q) { return on_earth({q.y, q.x}); });
      return deviate(turned ? "lat_lon_order" : "coordinates", place + ": a latitude over 90 or a longitude over 180");
    }
    if (p.ring.front().x != p.ring.back().x || p.ring.front().y != p.ring.back().y) {
      deviate("ring_open", place + ": the first and the last point differ");
      p.ring.push_back(p.ring.front());
    }
    if (p.ring.size() < 4) return deviate("ring_points", fmt::format("{}: {} points, at least 4 are needed", place, p.ring.size()));
    a.polygons.push_back(std::move(p));
  }

  void circle(std::string text, CapArea& a, const std::string& place) {
    const std::vector<std::string_view> words = words_of(text);
    const auto centre = words.empty() ? std::nullopt : lat_lon(words[0]);
    const auto radius = words.size() == 2 ? decimal(words[1]) : std::nullopt;
    if (!centre || !radius || *radius < 0)
      return deviate("circle_form", fmt::format("{}: '{}' is not lat,lon radius", place, xml::trimmed(text).substr(0, 60)));
    if (!on_earth(*centre)) return deviate("coordinates", place + ": the circle's centre is not on Earth");
    a.circles.push_back({std::move(text), *centre, *radius});
  }
};

}  // namespace

CapReading read_cap_element(const _xmlNode* alert) {
  Reader reader;
  reader.alert(alert);
  return std::move(reader.out);
}

CapReading read_cap(std::string_view bytes) {
  const XmlInput input = read_xml(bytes);
  CapReading none;
  if (!input.document) {
    none.unreadable.push_back({input.rule, input.detail});
    return none;
  }
  const xmlNode* root = xmlDocGetRootElement(input.document.get());
  if (xml::name(root) != "alert") {
    none.unreadable.push_back({"no_cap_message", fmt::format("the root is {}, not alert", xml::name(root))});
    return none;
  }
  return read_cap_element(root);
}

}  // namespace guyu
