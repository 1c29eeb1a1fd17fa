#pragma once
#include <memory>
#include <string>

#include "alerts/dispatch/inbox.h"
#include "alerts/store/alert_store.h"

namespace guyu::cli {

// The store as the cycles before left it, to read. Null where there is none yet, or where whoever began to make it was killed: the writer finishes that. A
// store of an older version is brought up to date first, unless another process is its writer; then Error with what to do.
std::unique_ptr<AlertStore> alerts_so_far(const AlertFolder& folder);

// The same of an archive, which is left as it is: of a store of an older version the copy `scratch`, a file that is not there yet, is brought up to date.
std::unique_ptr<AlertStore> archived_alerts(const AlertFolder& folder, const std::string& scratch);

}  // namespace guyu::cli
