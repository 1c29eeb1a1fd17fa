#include "alerts/cap/xml_input.h"

#include <fmt/format.h>
#include <libxml/parser.h>

#include <mutex>

namespace guyu {
namespace {
constexpr int kOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;

// Called once the name and the outer address in a DOCTYPE are known, before its content.
void refuse_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto* parser = static_cast<xmlParserCtxtPtr>(context);
  *static_cast<bool*>(parser->_private) = true;
  xmlStopParser(parser);
}
}  // namespace

void XmlFree::operator()(_xmlDoc* document) const { xmlFreeDoc(document); }

XmlInput read_xml(std::string_view bytes) {
  static std::once_flag started;
  std::call_once(started, xmlInitParser);
  if (bytes.size() > kLargestXml) return {nullptr, "size", fmt::format("{} bytes, over {}", bytes.size(), kLargestXml)};
  if (bytes.empty()) return {nullptr, "xml", "nothing in it"};
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> parser(xmlNewParserCtxt(), xmlFreeParserCtxt);
  if (!parser) return {nullptr, "xml", "out of memory"};
  bool doctype = false;
  parser->_private = &doctype;
  parser->sax->internalSubset = refuse_doctype;
  XmlDocument document(xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), nullptr, nullptr, kOptions));
  if (doctype) return {nullptr, "doctype", "a DOCTYPE is never allowed"};
  if (document && xmlDocGetRootElement(document.get())) return {std::move(document), {}, {}};
  const auto* error = xmlCtxtGetLastError(parser.get());
  std::string message = error && error->message ? error->message : "not well-formed";
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.pop_back();
  return {nullptr, "xml", error ? fmt::format("line {}: {}", error->line, message) : message};
}

}  // namespace guyu
