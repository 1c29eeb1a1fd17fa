#include "alerts/channels/receipt_server.h"

#include "alerts/channels/body_signature.h"
#include "alerts/channels/receipt_json.h"
#include "engine/core/error.h"

namespace guyu {

ReceiptServer::ReceiptServer(const std::string& listen, std::string secret, std::function<TimePoint()> now, std::function<void(std::vector<Receipt>)> take)
    : secret_(std::move(secret)), now_(std::move(now)), take_(std::move(take)), server_(listen, [this](const HttpCall& call) { return answer(call); }) {}

HttpReply ReceiptServer::answer(const HttpCall& call) const {
  if (call.method != "POST" || call.target != "/receipts") return {404, "POST /receipts\n"};
  if (!secret_.empty()) {
    const auto fault = signature_fault(secret_, call.header("x-guyu-timestamp"), call.header("x-guyu-key"), call.body, call.header("x-guyu-signature"), now_());
    if (fault) return {401, *fault + "\n"};
  }
  try {
    take_({read_receipt(call.body, now_())});
  } catch (const Error& e) {
    return {400, std::string(e.what()) + "\n"};
  }
  return {202, "taken\n"};
}

}  // namespace guyu
