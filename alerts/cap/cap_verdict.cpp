#include "alerts/cap/cap_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "alerts/cap/cap_parts.h"
#include "alerts/cap/xml_nodes.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using Kind = CapFinding::Kind;

std::string with_label(const std::string& label, std::string detail) { return label.empty() ? std::move(detail) : label + ": " + detail; }
}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::fault: return "fault";
    case Kind::profile: return "profile";
    case Kind::deviation: return "deviation";
    default: return "note";
  }
}

CapJudge::CapJudge(CapJudgeOptions options) : options_(std::move(options)), checker_(options_.check) {}

void CapJudge::judge_part(const XmlDocument& document, const std::string& label, CapVerdict& verdict) const {
  const auto find = [&](Kind kind, std::string rule, std::string detail) {
    verdict.findings.push_back({kind, std::move(rule), with_label(label, std::move(detail))});
  };
  CapReading reading = read_cap_element(xmlDocGetRootElement(document.get()));
  const CapMessage& m = reading.message;
  CapSummary summary{label, m.version, m.identifier, m.sender, m.status, m.msg_type, {}};
  if (options_.lenient) {
    for (CapFault& f : reading.unreadable) find(Kind::fault, f.rule, f.detail);
    for (CapFault& f : reading.deviations) find(Kind::deviation, f.rule, f.detail);
  } else {
    for (CapFault& f : checker_.check(document)) find(f.of_standard ? Kind::fault : Kind::profile, f.rule, f.detail);
  }
  summary.signature = verify_signature(document, {options_.ca_pem, options_.at, options_.lenient || !options_.ca_pem});
  const SignatureVerdict& s = summary.signature;
  const bool asked = options_.signature_required || options_.ca_pem.has_value();
  if (s.state == SignatureState::invalid || (s.state == SignatureState::not_checked && asked)) find(Kind::fault, "signature", s.reason);
  else if (s.state == SignatureState::none && asked) find(Kind::fault, "signature", "the message is not signed");
  else if (s.state == SignatureState::not_checked) find(Kind::note, "signature", "proves nothing: " + s.reason);
  else if (s.ok() && !s.reason.empty()) find(Kind::note, "signature", s.reason);
  if (s.ok() && !options_.ca_pem) find(Kind::note, "signature", fmt::format("by {}; whose certificate that is was not checked (no --ca)", s.signer));
  verdict.messages.push_back(std::move(summary));
}

CapVerdict CapJudge::judge(std::string_view bytes) const {
  CapVerdict verdict;
  const CapParts parts = cap_parts(bytes);
  for (const CapFault& f : parts.faults) verdict.findings.push_back({Kind::fault, f.rule, f.detail});
  for (const CapPart& p : parts.parts) judge_part(p.document, p.label, verdict);
  if (options_.check.holds("size") && bytes.size() > options_.check.size_limit && !options_.lenient) {
    verdict.findings.push_back({Kind::profile, "size", fmt::format("{} bytes, over {}", bytes.size(), options_.check.size_limit)});
  }
  verdict.valid = !parts.parts.empty() && std::none_of(verdict.findings.begin(), verdict.findings.end(),
                                                       [](const CapFinding& f) { return f.kind == Kind::fault || f.kind == Kind::profile; });
  return verdict;
}

CapVerdict CapJudge::judge_file(const std::string& path) const {
  const auto refused = [](const char* rule, std::string detail) { return CapVerdict{false, {{Kind::fault, rule, std::move(detail)}}, {}}; };
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) return refused("file", "is a folder");
  const auto size = std::filesystem::file_size(path, none);
  if (!none && size > kLargestXml) return refused("size", fmt::format("{} bytes, over {}", size, kLargestXml));
  try {
    return judge(read_text_file(path));
  } catch (const Error& e) {
    return refused("file", e.reason());
  }
}

}  // namespace guyu
