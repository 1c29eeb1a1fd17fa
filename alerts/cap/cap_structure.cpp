#include "alerts/cap/cap_structure.h"

#include <fmt/format.h>
#include <libxml/uri.h>

#include <memory>
#include <span>

#include "alerts/cap/cap_values.h"
#include "alerts/cap/xml_nodes.h"

namespace guyu {
namespace {

enum class Value { text, time, choice, language, uri, integer, decimal, group };

struct Element {
  std::string_view name;
  unsigned least, most;  // occurrences
  Value value = Value::text;
  std::string_view choices = {};  // words between blanks
  std::span<const Element> children = {};
};
constexpr unsigned kMany = ~0U;

constexpr Element kPair[] = {{"valueName", 1, 1}, {"value", 1, 1}};
constexpr Element kResource[] = {{"resourceDesc", 1, 1},    {"mimeType", 1, 1}, {"size", 0, 1, Value::integer},
                                 {"uri", 0, 1, Value::uri}, {"derefUri", 0, 1}, {"digest", 0, 1}};
constexpr Element kArea[] = {{"areaDesc", 1, 1},
                             {"polygon", 0, kMany},
                             {"circle", 0, kMany},
                             {"geocode", 0, kMany, Value::group, {}, kPair},
                             {"altitude", 0, 1, Value::decimal},
                             {"ceiling", 0, 1, Value::decimal}};
constexpr Element kInfo[] = {{"language", 0, 1, Value::language},
                             {"category", 1, kMany, Value::choice, " Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other "},
                             {"event", 1, 1},
                             {"responseType", 0, kMany, Value::choice, " Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None "},
                             {"urgency", 1, 1, Value::choice, " Immediate Expected Future Past Unknown "},
                             {"severity", 1, 1, Value::choice, " Extreme Severe Moderate Minor Unknown "},
                             {"certainty", 1, 1, Value::choice, " Observed Likely Possible Unlikely Unknown "},
                             {"audience", 0, 1},
                             {"eventCode", 0, kMany, Value::group, {}, kPair},
                             {"effective", 0, 1, Value::time},
                             {"onset", 0, 1, Value::time},
                             {"expires", 0, 1, Value::time},
                             {"senderName", 0, 1},
                             {"headline", 0, 1},
                             {"description", 0, 1},
                             {"instruction", 0, 1},
                             {"web", 0, 1, Value::uri},
                             {"contact", 0, 1},
                             {"parameter", 0, kMany, Value::group, {}, kPair},
                             {"resource", 0, kMany, Value::group, {}, kResource},
                             {"area", 0, kMany, Value::group, {}, kArea}};
constexpr Element kAlert[] = {{"identifier", 1, 1},
                              {"sender", 1, 1},
                              {"sent", 1, 1, Value::time},
                              {"status", 1, 1, Value::choice, " Actual Exercise System Test Draft "},
                              {"msgType", 1, 1, Value::choice, " Alert Update Cancel Ack Error "},
                              {"source", 0, 1},
                              {"scope", 1, 1, Value::choice, " Public Restricted Private "},
                              {"restriction", 0, 1},
                              {"addresses", 0, 1},
                              {"code", 0, kMany},
                              {"note", 0, 1},
                              {"references", 0, 1},
                              {"incidents", 0, 1},
                              {"info", 0, kMany, Value::group, {}, kInfo}};

bool among(std::string_view choices, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  const std::size_t at = choices.find(fmt::format(" {} ", word));
  return at != std::string_view::npos;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// xs:language: 1-8 letters, then groups of 1-8 letters or digits.
bool is_language(std::string_view t) {
  std::size_t run = 0;
  bool first = true;
  for (const char c : t) {
    if (c == '-') {
      if (run == 0) return false;
      run = 0;
      first = false;
    } else {
      if (!(is_letter(c) || (!first && is_digit(c))) || ++run > 8) return false;
    }
  }
  return run > 0;
}

bool is_integer(std::string_view t) {
  if (!t.empty() && (t.front() == '+' || t.front() == '-')) t.remove_prefix(1);
  if (t.empty()) return false;
  for (const char c : t) {
    if (!is_digit(c)) return false;
  }
  return true;
}

bool is_decimal(std::string_view t) {
  if (!t.empty() && (t.front() == '+' || t.front() == '-')) t.remove_prefix(1);
  std::size_t digits = 0, points = 0;
  for (const char c : t) {
    if (is_digit(c)) ++digits;
    else if (c == '.') ++points;
    else return false;
  }
  return digits > 0 && points <= 1;
}

// A URI reference (RFC 3986) once what must not stand in one is escaped, as XML Schema says.
bool is_uri(std::string_view t) {
  std::string escaped(t);
  for (char& c : escaped) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 32 || u >= 127 || std::string_view("<>\"{}|\\^`").find(c) != std::string_view::npos) c = '_';
  }
  const std::unique_ptr<xmlURI, decltype(&xmlFreeURI)> uri(xmlParseURI(escaped.c_str()), xmlFreeURI);
  return t.empty() || uri != nullptr;
}

class Structure {
 public:
  explicit Structure(std::string_view space) : space_(space) {}
  std::vector<CapFault> faults;

  void group(const xmlNode* node, std::span<const Element> table, const std::string& place, bool root) {
    attributes(node, place);
    for (const xmlNode* n = node->children; n; n = n->next) {
      if ((n->type == XML_TEXT_NODE && !xml::is_blank(xml::view(n->content))) || n->type == XML_CDATA_SECTION_NODE) {
        fault("stray_text", fmt::format("{}: text between the elements", place));
        break;
      }
    }
    std::vector<unsigned> count(table.size(), 0);
    std::size_t reached = 0;  // the furthest element of the table so far
    bool signature = false;
    for (const xmlNode* n = xml::first_element(node); n; n = xml::next_element(n)) {
      if (root && xml::space(n) == kSignatureSpace) {
        signature = true;
        continue;
      }
      std::size_t k = 0;
      while (k < table.size() && table[k].name != xml::name(n)) ++k;
      if (k == table.size() || xml::space(n) != space_) {
        fault("element_unknown", fmt::format("{}: {}{}", place, xml::name(n), k == table.size() ? "" : " of another namespace"));
        continue;
      }
      const Element& e = table[k];
      if (signature) {
        fault("element_order", fmt::format("{}: {} stands after the signature", place, e.name));
      } else if (k < reached) {
        const bool known = e.name == "polygon" && table[reached].name == "geocode";
        fault(known ? "polygon_after_geocode" : "element_order", fmt::format("{}: {} stands after {}", place, e.name, table[reached].name));
      } else {
        reached = k;
      }
      if (++count[k] > e.most) fault("element_repeated", fmt::format("{}: {}", place, e.name));
      const std::string here = e.most == kMany ? fmt::format("{}/{}[{}]", place, e.name, count[k]) : fmt::format("{}/{}", place, e.name);
      if (e.value == Value::group) group(n, e.children, here, false);
      else leaf(n, e, here);
    }
    for (std::size_t k = 0; k < table.size(); ++k) {
      if (count[k] < table[k].least) fault("element_missing", fmt::format("{}: {}", place, table[k].name));
    }
  }

 private:
  void fault(const char* rule, std::string detail) { faults.push_back({rule, std::move(detail)}); }

  void attributes(const xmlNode* node, const std::string& place) {
    for (const xmlAttr* a = node->properties; a; a = a->next) {
      const std::string_view space = a->ns ? xml::view(a->ns->href) : std::string_view(), name = xml::view(a->name);
      if (space == "http://www.w3.org/2001/XMLSchema-instance" && (name == "schemaLocation" || name == "noNamespaceSchemaLocation")) continue;
      fault("attribute", fmt::format("{}: {}", place, name));
    }
  }

  void leaf(const xmlNode* node, const Element& e, const std::string& place) {
    attributes(node, place);
    if (const xmlNode* inner = xml::first_element(node)) return fault("element_unknown", fmt::format("{}: {} inside a text", place, xml::name(inner)));
    if (e.value == Value::text) return;
    const std::string text = xml::text(node);
    const std::string_view word = xml::trimmed(text);
    const auto wrong = [&](const char* rule) { fault(word.empty() ? "empty_element" : rule, fmt::format("{}: '{}'", place, text.substr(0, 60))); };
    switch (e.value) {
      case Value::time:
        if (!cap_time(word)) wrong("time_form");
        break;
      case Value::choice:
        if (!among(e.choices, text)) wrong("enumeration");
        break;
      case Value::language:
        if (!text.empty() && !is_language(word)) wrong("language_form");  // an empty one means the default
        break;
      case Value::integer:
        if (!is_integer(word)) wrong("number_form");
        break;
      case Value::decimal:
        if (!is_decimal(word)) wrong("number_form");
        break;
      case Value::uri:
        if (!is_uri(word)) wrong("uri_form");
        break;
      default: break;
    }
  }

  std::string_view space_;
};

const Element* find(std::span<const Element> table, std::string_view name) {
  for (const Element& e : table) {
    if (e.name == name) return &e;
  }
  return nullptr;
}
}  // namespace

std::vector<CapFault> check_structure(const _xmlNode* alert, std::string_view space) {
  Structure structure(space);
  structure.group(alert, kAlert, "alert", true);
  return std::move(structure.faults);
}

bool is_cap_choice(std::string_view element, std::string_view word) {
  const Element* e = find(kAlert, element);
  if (!e) e = find(kInfo, element);
  return e && e->value == Value::choice && among(e->choices, word);
}

}  // namespace guyu
