#pragma once
#include <string_view>
#include <vector>

#include "alerts/cap/cap_message.h"

struct _xmlNode;

namespace guyu {

// Checks the form of an alert element against a table of CAP 1.2's elements: which, in which order, how many, of which
// type. It says the same as the standard's XML schema, needs no file, and names what is wrong. `space` is the
// namespace that counts as CAP's. Rules: element_unknown element_order polygon_after_geocode element_repeated
// element_missing empty_element time_form enumeration number_form language_form uri_form stray_text attribute. Known difference:
// xsi:type is refused although a schema would let it name a type's own name. O(size of the message).
std::vector<CapFault> check_structure(const _xmlNode* alert, std::string_view space = kCap12);

// Whether the standard has a value called `word` in the element `element` ("status", "urgency", ...).
bool is_cap_choice(std::string_view element, std::string_view word);

}  // namespace guyu
