#pragma once
#include <memory>
#include <string>
#include <string_view>

struct _xmlDoc;

namespace guyu {

struct XmlFree {
  void operator()(_xmlDoc* document) const;
};
using XmlDocument = std::unique_ptr<_xmlDoc, XmlFree>;

// A document from outside, or the one reason why there is none.
struct XmlInput {
  XmlDocument document;
  std::string rule, detail;  // rule: size, doctype, xml; empty when there is a document
};

inline constexpr std::size_t kLargestXml = 4U * 1024 * 1024;  // bytes

// Parses bytes that nobody vouches for. At a DOCTYPE parsing ends before anything in it is looked at, so no entity is
// expanded, no file opened and no connection made; without one XML has nothing that could ask for either (XInclude, style
// sheets and schema locations are never followed).
XmlInput read_xml(std::string_view bytes);

}  // namespace guyu
