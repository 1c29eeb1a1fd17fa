#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/cap_message.h"
#include "alerts/cap/xml_input.h"

struct _xmlNode;

namespace guyu {

// What became of foreign bytes. Reading is lenient where the meaning is plain, and every leniency is named.
struct CapReading {
  CapMessage message;
  std::vector<CapFault> deviations;  // from CAP 1.2, each named, with where
  std::vector<CapFault> unreadable;  // why it cannot be used; empty: it can
};

// Reads CAP 1.2, 1.1 or 1.0 (XML, at most 4 MB, no DOCTYPE; see xml_input.h for what is never done). Unreadable: rules size, doctype, xml,
// no_cap_message, and identity (identifier, sender, sent, status or msgType absent or without meaning: without them a receiver cannot
// tell a test from a warning, or what replaces what). Deviations: those of check_structure, and old_version foreign_namespace
// name_form references polygon_spacing polygon_form ring_open ring_points coordinates lat_lon_order circle_form ceiling.
// Open rings are closed, stray blanks and commas in polygons forgiven. A polygon that is empty, of fewer than four points, not on Earth or no
// list of numbers is left out of the message, and so is such a circle. Missing stays missing: no value is made up.
CapReading read_cap(std::string_view bytes);

// The same for an alert element that was found elsewhere; fills `message` and `deviations`.
CapReading read_cap_element(const _xmlNode* alert);

}  // namespace guyu
