#pragma once
#include <memory>

#include "alerts/dispatch/inbox.h"
#include "alerts/store/alert_store.h"

namespace guyu::cli {

// The store as the cycles before left it, to read. Null where there is none yet, or where whoever began to make it was killed: the writer finishes that. A
// store of an older version is brought up to date first, unless another process is its writer; then Error with what to do.
std::unique_ptr<AlertStore> alerts_so_far(const AlertFolder& folder);

}  // namespace guyu::cli
