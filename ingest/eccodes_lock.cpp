#include "ingest/eccodes_lock.h"

#include <eccodes.h>

#include <string>

#include "engine/core/error.h"

namespace guyu {

std::unique_lock<std::mutex> eccodes_lock() {
  static std::mutex mutex;
  std::unique_lock lock(mutex);
  codes_context_set_logging_proc(codes_context_get_default(), [](const codes_context*, int, const char*) {});
  codes_set_codes_assertion_failed_proc([](const char* what) { throw Error("", std::string("ecCodes gives up: ") + what, "the message is damaged"); });
  return lock;
}

}  // namespace guyu
