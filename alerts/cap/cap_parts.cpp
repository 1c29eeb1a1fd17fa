#include "alerts/cap/cap_parts.h"

#include <fmt/format.h>

#include "alerts/cap/xml_nodes.h"

namespace guyu {
namespace {
constexpr std::string_view kAtom = "http://www.w3.org/2005/Atom";

// Alerts below the node, not inside another alert.
void gather(const xmlNode* node, std::vector<const xmlNode*>& found) {
  for (const xmlNode* n = xml::first_element(node); n; n = xml::next_element(n)) {
    if (xml::name(n) == "alert" && xml::space(n) != kAtom) found.push_back(n);
    else gather(n, found);
  }
}

XmlDocument own_document(const xmlNode* alert) {
  XmlDocument document(xmlNewDoc(xml::chars("1.0")));
  xmlNode* copy = xmlDocCopyNode(const_cast<xmlNode*>(alert), document.get(), 1);  // namespaces in use come along
  xmlDocSetRootElement(document.get(), copy);
  return document;
}

// The containers of a wrapper: entries of a feed, content objects of a distribution.
void unwrap(const xmlNode* root, std::string_view container, std::string_view inner, const char* label, CapParts& out) {
  int number = 0;
  for (const xmlNode* c = xml::first_element(root); c; c = xml::next_element(c)) {
    if (xml::name(c) != container) continue;
    ++number;
    const xmlNode* content = xml::child(c, inner);
    std::vector<const xmlNode*> alerts;
    if (content) gather(content, alerts);
    for (std::size_t k = 0; k < alerts.size(); ++k) {
      out.parts.push_back({fmt::format("{} {}{}", label, number, alerts.size() > 1 ? fmt::format(".{}", k + 1) : ""), own_document(alerts[k])});
    }
  }
}
}  // namespace

CapParts cap_parts(std::string_view bytes) {
  CapParts out;
  XmlInput input = read_xml(bytes);
  if (!input.document) {
    out.faults.push_back({input.rule, input.detail});
    return out;
  }
  const xmlNode* root = xmlDocGetRootElement(input.document.get());
  const std::string name(xml::name(root));
  if (name == "alert") {
    out.parts.push_back({"", std::move(input.document)});
    return out;
  }
  if (name == "feed") {
    unwrap(root, "entry", "content", "entry", out);
    if (out.parts.empty()) out.faults.push_back({"no_cap_message", "an ATOM feed with no CAP message in its entries"});
  } else if (name == "EDXLDistribution") {
    unwrap(root, "contentObject", "xmlContent", "content object", out);
    if (out.parts.empty()) out.faults.push_back({"no_cap_message", "an EDXL distribution without CAP message"});
  } else if (name == "rss") {
    out.faults.push_back({"no_cap_message", "an RSS feed: it links to messages and holds none"});
  } else {
    out.faults.push_back({"no_cap_message", fmt::format("the root is {}, not alert", name)});
  }
  return out;
}

}  // namespace guyu
