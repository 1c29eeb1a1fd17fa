#pragma once
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/spool.h"

namespace guyu {

// Publishes a message's bytes under its identifier. Refused: a status that is not accepted, other bytes under the same identifier; retry: what the disk may
// allow later.
Outcome put_in_spool(Spool& spool, const AcceptedStatus& status, const OutgoingMessage& message);

}  // namespace guyu
