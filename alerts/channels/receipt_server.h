#pragma once
#include <functional>
#include <string>
#include <vector>

#include "alerts/channels/channel.h"
#include "alerts/channels/http_server.h"

namespace guyu {

// Receipts by HTTP: POST /receipts with the JSON of receipt_json.h, signed as body_signature.h says (header X-Guyu-Key may be empty). 202 when it was taken,
// 401 for a signature that does not hold, 400 for what is no receipt.
class ReceiptServer {
 public:
  // An empty secret accepts unsigned receipts. `take` is called from the server's thread.
  ReceiptServer(const std::string& listen, std::string secret, std::function<TimePoint()> now, std::function<void(std::vector<Receipt>)> take);
  int port() const { return server_.port(); }

 private:
  HttpReply answer(const HttpCall& call) const;
  std::string secret_;
  std::function<TimePoint()> now_;
  std::function<void(std::vector<Receipt>)> take_;
  HttpServer server_;  // last: its thread uses the others
};

}  // namespace guyu
