#include "alerts/channels/spool_delivery.h"

#include <exception>

namespace guyu {

Outcome put_in_spool(Spool& spool, const AcceptedStatus& status, const OutgoingMessage& message) {
  if (auto refusal = status.refusal(message)) return *refusal;
  try {
    if (const auto why = spool.objection(message.identifier, message.xml)) return {Verdict::refused, *why, {}};
    return {Verdict::delivered, spool.publish(message.identifier, message.xml), {}};
  } catch (const std::exception& e) {
    return {Verdict::retry, e.what(), {}};
  }
}

}  // namespace guyu
