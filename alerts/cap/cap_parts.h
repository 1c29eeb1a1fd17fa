#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/cap_message.h"
#include "alerts/cap/xml_input.h"

namespace guyu {

// A CAP message as a document of its own.
struct CapPart {
  std::string label;  // where it stood: "" for the whole file, "entry 2", "content object 1"
  XmlDocument document;
};

struct CapParts {
  std::vector<CapPart> parts;
  std::vector<CapFault> faults;  // rules size, doctype, xml, no_cap_message; empty when there is a part
};

// The CAP messages in a file: the file itself, or those inside the entries of an ATOM feed or the content objects of an EDXL-DE
// distribution. An index that only links to messages (ATOM, RSS) has none and says so.
CapParts cap_parts(std::string_view bytes);

}  // namespace guyu
