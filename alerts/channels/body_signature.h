#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/time.h"

namespace guyu {

// HMAC-SHA256 (RFC 2104, FIPS 180-4) of what one HTTP request carries. The signed bytes are
//   <timestamp> "." <key> "." <body>
// with the timestamp in Unix seconds, so that neither an old request nor a body under another key passes.
//   X-Guyu-Timestamp: 1718695800
//   X-Guyu-Key:       identifier|revision|channel|target
//   X-Guyu-Signature: sha256=<64 hexadecimal digits>
namespace body_headers {
inline constexpr const char* timestamp = "X-Guyu-Timestamp";
inline constexpr const char* key = "X-Guyu-Key";
inline constexpr const char* signature = "X-Guyu-Signature";
inline constexpr const char* receipt = "X-Guyu-Receipt";  // of an answer: "delivered" when the receiver itself has the message
}  // namespace body_headers

// The value of X-Guyu-Signature.
std::string sign_body(std::string_view secret, const std::string& timestamp, std::string_view key, std::string_view body);

// What is wrong with a signed request; nothing when it may be believed. `window` bounds how far the timestamp may lie from `now`. The time taken does not tell
// how much of a signature is right.
std::optional<std::string> signature_fault(std::string_view secret, const std::string& timestamp, std::string_view key, std::string_view body,
                                           std::string_view signature, TimePoint now, Seconds window = Seconds(300));

std::string unix_seconds(TimePoint t);

}  // namespace guyu
