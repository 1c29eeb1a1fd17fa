#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/time.h"
#include "engine/region/region_set.h"

// The forms of CAP's values (CAP 1.2, OASIS 2010, section 3.2 and its XML schema). No regular expressions: these run for every
// value of every message.
namespace guyu {

inline constexpr const char* kCap12 = "urn:oasis:names:tc:emergency:cap:1.2";
inline constexpr const char* kSignatureSpace = "http://www.w3.org/2000/09/xmldsig#";

// YYYY-MM-DDThh:mm:ss+hh:mm, a date that exists, offset at most 14 h; never "Z".
std::optional<TimePoint> cap_time(std::string_view text);
// "lat,lon" in decimal degrees, nothing else in it; x = longitude. The range is not looked at.
std::optional<Point> lat_lon(std::string_view word);
inline bool on_earth(Point p) { return p.y >= -90 && p.y <= 90 && p.x >= -180 && p.x <= 180; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
// A whole word as a finite decimal number without exponent.
std::optional<double> decimal(std::string_view word);
// Words parted by white space; quoted ones ("two words") stay together when asked for.
std::vector<std::string_view> words_of(std::string_view text);
std::vector<std::string> quoted_words(std::string_view text);

struct CapReference {
  std::string sender, identifier;
  TimePoint sent{};
};
std::optional<CapReference> cap_reference(std::string_view word);  // sender,identifier,sent

// Fit as identifier or sender: not empty, no white space, comma, < or &.
bool is_cap_name(std::string_view text);

}  // namespace guyu
