#pragma once
#include <functional>
#include <string>

#include "cli/run_report.h"

namespace guyu::cli {

// Nothing but a message that cannot be kept may hold a warning back: what else cannot be done degrades the run and does not end it. False: it could not.
bool unless_degraded(RunReport& report, const std::string& stage, const std::function<void()>& work);
// The same with the time that it took.
bool attempt(RunReport& report, const std::string& stage, const std::function<void()>& work);

}  // namespace guyu::cli
