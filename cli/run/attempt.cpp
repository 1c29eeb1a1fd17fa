#include "cli/run/attempt.h"

#include "engine/core/error.h"

namespace guyu::cli {

bool unless_degraded(RunReport& report, const std::string& stage, const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const Error& e) {
    report.degraded.push_back(stage + ": " + e.what());
    return false;
  }
}

bool attempt(RunReport& report, const std::string& stage, const std::function<void()>& work) {
  StageTimer timer(report, stage);
  return unless_degraded(report, stage, work);
}

}  // namespace guyu::cli
