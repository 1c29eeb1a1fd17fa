#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/cap/cap_values.h"

// A CAP message as plain data. An absent text is empty; an absent number or time is absent.
namespace guyu {

struct CapPair {
  std::string name, value;
};

struct CapPolygon {
  std::string text;  // as written
  Ring ring;         // x = longitude, y = latitude; the points that could be read
};

struct CapCircle {
  std::string text;
  Point centre;
  double radius_km = 0;
};

struct CapArea {
  std::string description;
  std::vector<CapPolygon> polygons;
  std::vector<CapCircle> circles;
  std::vector<CapPair> geocodes;
  std::optional<double> altitude_ft, ceiling_ft;  // above mean sea level
};

struct CapResource {
  std::string description, mime_type;
  std::optional<std::int64_t> size;  // bytes
  std::string uri, deref_uri, digest;
};

struct CapInfo {
  std::string language = "en-US";  // the standard's default
  bool language_given = false;
  std::vector<std::string> categories;
  std::string event;
  std::vector<std::string> response_types;
  std::string urgency, severity, certainty, audience;
  std::vector<CapPair> event_codes;
  std::optional<TimePoint> effective, onset, expires;
  std::string sender_name, headline, description, instruction, web, contact;
  std::vector<CapPair> parameters;
  std::vector<CapResource> resources;
  std::vector<CapArea> areas;
};

struct CapMessage {
  std::string version;  // "1.0", "1.1", "1.2"
  std::string identifier, sender;
  std::optional<TimePoint> sent;
  std::string status, msg_type, source, scope, restriction;
  std::vector<std::string> addresses, codes;
  std::string note;
  std::vector<CapReference> references;
  std::size_t unread_references = 0;  // words there that are not sender,identifier,sent
  std::vector<std::string> incidents;
  std::vector<CapInfo> infos;
  std::size_t signatures = 0;
};

// One thing that is not as it should be.
struct CapFault {
  std::string rule;         // e.g. "ring_closed"
  std::string detail;       // where and what
  bool of_standard = true;  // false: CAP allows it, the profile does not
};

}  // namespace guyu
