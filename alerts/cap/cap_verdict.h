#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/cap_check.h"
#include "alerts/cap/signature.h"

namespace guyu {

struct CapJudgeOptions {
  CapCheckOptions check = CapCheckOptions::plain();
  bool lenient = false;               // accept what read_cap can use; its deviations are told
  bool signature_required = false;    // a message without a signature that holds is refused
  std::optional<std::string> ca_pem;  // trust; see SignatureOptions
  TimePoint at{};
};

struct CapFinding {
  // fault: CAP 1.2 itself is broken; profile: CAP allows it, the profile does not; deviation: accepted leniently; note: worth knowing.
  enum class Kind { fault, profile, deviation, note };
  Kind kind;
  std::string rule, detail;  // detail begins with the part of a wrapper that it is about
};
std::string_view to_string(CapFinding::Kind kind);

struct CapSummary {  // of one message in a file
  std::string part, version, identifier, sender, status, msg_type;
  SignatureVerdict signature;
};

struct CapVerdict {
  bool valid = false;  // no fault and no profile finding
  std::vector<CapFinding> findings;
  std::vector<CapSummary> messages;
};

// Judges whole files: a message, or the messages inside an ATOM feed or an EDXL distribution; all of them must be valid. A file
// without a message is not valid (rule no_cap_message). Rule `signature`: it does not hold (refused always, also leniently),
// or is missing or not trusted where that is asked for; one that cannot prove anything is only noted without a CA.
class CapJudge {
 public:
  explicit CapJudge(CapJudgeOptions options);
  CapVerdict judge(std::string_view bytes) const;
  CapVerdict judge_file(const std::string& path) const;  // rule file: it cannot be read

 private:
  void judge_part(const XmlDocument& document, const std::string& label, CapVerdict& verdict) const;
  CapJudgeOptions options_;
  CapChecker checker_;
};

}  // namespace guyu
