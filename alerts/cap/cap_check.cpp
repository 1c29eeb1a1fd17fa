#include "alerts/cap/cap_check.h"

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include "alerts/cap/xml_nodes.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
std::string one_line(const char* message) {
  std::string s = message ? message : "unknown";
  while (!s.empty() && (s.back() == '\n' || s.back() == ' ')) s.pop_back();
  return s;
}

// Gathers libxml2's reports; its callback type changed constness between versions, hence the template.
template <typename ErrorPointer>
void gather(void* user, ErrorPointer error) {
  static_cast<std::vector<std::string>*>(user)->push_back(fmt::format("line {}: {}", error->line, one_line(error->message)));
}

// libxml2's schema validator opens what xsi:schemaLocation names, wherever it stands; so those attributes go.
void drop_locations(xmlNode* node) {
  for (xmlNode* n = node; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    for (xmlAttr* a = n->properties; a;) {
      xmlAttr* next = a->next;
      if (a->ns && xml::view(a->ns->href) == "http://www.w3.org/2001/XMLSchema-instance") xmlRemoveProp(a);
      a = next;
    }
    drop_locations(n->children);
  }
}
}  // namespace

struct CapChecker::Schema {
  std::unique_ptr<xmlSchema, decltype(&xmlSchemaFree)> schema{nullptr, xmlSchemaFree};
};

CapChecker::CapChecker(CapCheckOptions options) : options_(std::move(options)) {
  if (options_.schema_path.empty()) return;
  xmlInitParser();
  const XmlDocument document(xmlReadFile(options_.schema_path.c_str(), nullptr, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (!document) throw Error(options_.schema_path, "cannot be read as an XML schema");
  const std::unique_ptr<xmlSchemaParserCtxt, decltype(&xmlSchemaFreeParserCtxt)> parser(xmlSchemaNewDocParserCtxt(document.get()), xmlSchemaFreeParserCtxt);
  std::vector<std::string> errors;
  xmlSchemaSetParserStructuredErrors(parser.get(), gather, &errors);
  schema_ = std::make_unique<Schema>();
  schema_->schema.reset(xmlSchemaParse(parser.get()));
  if (!schema_->schema) throw Error(options_.schema_path, "is not an XML schema" + (errors.empty() ? std::string() : ": " + errors.front()));
}
CapChecker::~CapChecker() = default;

std::vector<CapFault> CapChecker::check(std::string_view bytes, const std::optional<std::vector<std::string>>& open) const {
  return check(read_xml(bytes), bytes.size(), open);
}

std::vector<CapFault> CapChecker::check(const XmlInput& input, std::size_t bytes, const std::optional<std::vector<std::string>>& open) const {
  if (!input.document) return {{input.rule, input.detail}};
  std::vector<CapFault> faults = check(input.document, open);
  if (options_.holds("size") && bytes > options_.size_limit) faults.push_back({"size", fmt::format("{} bytes, over {}", bytes, options_.size_limit), false});
  return faults;
}

std::vector<CapFault> CapChecker::check(const XmlDocument& document, const std::optional<std::vector<std::string>>& open) const {
  const xmlNode* root = xmlDocGetRootElement(document.get());
  if (xml::name(root) != "alert") return {{"no_cap_message", fmt::format("the root is {}, not alert", xml::name(root))}};
  CapReading reading = read_cap_element(root);
  std::vector<CapFault> faults = std::move(reading.deviations);
  if (reading.message.version == "1.2") {
    check_standard(reading.message, faults);
    if (schema_) {
      const XmlDocument copy(xmlCopyDoc(document.get(), 1));
      drop_locations(xmlDocGetRootElement(copy.get()));
      const std::unique_ptr<xmlSchemaValidCtxt, decltype(&xmlSchemaFreeValidCtxt)> valid(xmlSchemaNewValidCtxt(schema_->schema.get()), xmlSchemaFreeValidCtxt);
      std::vector<std::string> errors;
      xmlSchemaSetValidStructuredErrors(valid.get(), gather, &errors);
      if (xmlSchemaValidateDoc(valid.get(), copy.get()) != 0 && errors.empty()) errors.push_back("validation failed");
      for (std::string& e : errors) faults.push_back({"schema", std::move(e)});
    }
  }
  for (CapFault& f : reading.unreadable) {
    // Most of these have been named by their cause; what is left is said here.
    if (faults.empty()) faults.push_back(std::move(f));
  }
  check_profile(reading.message, options_, open, faults);
  return faults;
}

}  // namespace guyu
