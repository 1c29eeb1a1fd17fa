#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/time.h"

namespace guyu {

struct HttpSettings {
  std::string ca_file;              // PEM; empty: the system's authorities
  std::string cert_file, key_file;  // PEM, both or none: mutual TLS
  int parallel = 16;                // requests under way at once
};

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;  // "Name: value"
  std::string_view body;             // stays the caller's
};

struct HttpAnswer {
  long status = 0;      // 0: no answer came
  std::string error;    // of the connection, when status is 0
  std::string receipt;  // the header X-Guyu-Receipt
  std::string body;     // at most 500 bytes
  std::optional<Seconds> retry_after;
};

// POST by libcurl, several at once over connections that are kept. TLS is always verified (1.2 or newer), redirects are not followed. For one thread.
class HttpPoster {
 public:
  // Throws Error for files that cannot be read.
  explicit HttpPoster(HttpSettings settings);
  ~HttpPoster();
  // One answer for each request, in their order; those that have not ended at the deadline get status 0. The requests are started in their order.
  std::vector<HttpAnswer> post(std::span<const HttpRequest> requests, std::chrono::steady_clock::time_point deadline);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "https://host/path" is fine; throws Error naming `place` for other schemes and for user names or passwords in the address, which would end up in keys and
// logs.
void check_url(const std::string& url, const std::string& place);

}  // namespace guyu
