#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "alerts/cap/cap_verdict.h"
#include "cli/app.h"
#include "cli/shipped_files.h"
#include "cli/verb.h"
#include "engine/core/atomic_file.h"

namespace guyu::cli {
namespace {

struct Words {
  std::vector<std::string> files;
  std::string schema, ca, profile, at;
  bool json = false, lenient = false, sealed = false;
};

nlohmann::json to_json(const std::string& file, const CapVerdict& v) {
  nlohmann::json findings = nlohmann::json::array(), messages = nlohmann::json::array();
  for (const CapFinding& f : v.findings) findings.push_back({{"kind", to_string(f.kind)}, {"rule", f.rule}, {"detail", f.detail}});
  static const char* const states[] = {"none", "valid", "invalid", "not checked"};
  for (const CapSummary& m : v.messages) {
    messages.push_back({{"part", m.part},
                        {"version", m.version},
                        {"identifier", m.identifier},
                        {"sender", m.sender},
                        {"status", m.status},
                        {"msgType", m.msg_type},
                        {"signature", states[static_cast<int>(m.signature.state)]},
                        {"signer", m.signature.signer}});
  }
  return {{"file", file}, {"valid", v.valid}, {"findings", findings}, {"messages", messages}};
}

void print(const std::string& file, const CapVerdict& v) {
  constexpr int kMost = 10;  // findings of one rule; a misordered feed has thousands
  std::map<std::string, int> told;
  if (v.valid) fmt::print("{}: valid\n", file);
  for (const CapFinding& f : v.findings) {
    const bool mild = f.kind == CapFinding::Kind::deviation || f.kind == CapFinding::Kind::note;
    if (++told[f.rule] <= kMost) fmt::print("{}: {}{}: {}\n", file, mild ? std::string(to_string(f.kind)) + ": " : "", f.rule, f.detail);
  }
  for (const auto& [rule, count] : told) {
    if (count > kMost) fmt::print("{}: {}: and {} more\n", file, rule, count - kMost);
  }
}

int validate(const Words& w) {
  CapJudgeOptions options;
  if (!w.profile.empty()) options.check = load_cap_profile(find_config_file(w.profile, "cap", ""));
  options.check.schema_path = w.schema;
  options.lenient = w.lenient;
  options.signature_required = w.sealed;
  if (!w.ca.empty()) options.ca_pem = read_text_file(w.ca);
  options.at = w.at.empty() ? std::chrono::time_point_cast<Seconds>(std::chrono::system_clock::now()) : parse_time(w.at);
  const CapJudge judge(options);
  bool all = true;
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& file : w.files) {
    const CapVerdict v = judge.judge_file(file);
    all = all && v.valid;
    if (w.json) list.push_back(to_json(file, v));
    else print(file, v);
  }
  if (w.json) fmt::print("{}\n", list.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
  return all ? 0 : 1;
}

}  // namespace

void add_cap(Verb& guyu) {
  Verb verb = guyu.verb("cap", "Common Alerting Protocol messages");
  Verb v = verb.verb("validate", "are these files CAP 1.2? Exit code 0 when all are, 1 otherwise, with one line for each reason");
  auto w = std::make_shared<Words>();
  v.option("file", w->files, "messages, or ATOM feeds and EDXL distributions that hold messages").required();
  v.flag("--json", w->json, "all findings as JSON");
  v.flag("--lenient", w->lenient, "accept what can be used all the same, CAP 1.0 and 1.1 too, and name how it deviates");
  v.option("--schema", w->schema, "also validate against this XML schema (CAP-v1.2.xsd)");
  v.option("--ca", w->ca, "trust signatures of certificates under this authority (PEM), and no others; every message must be signed");
  v.option("--at", w->at, "the time at which certificates must be valid; default: now");
  v.flag("--signed", w->sealed, "every message must have a signature that holds");
  v.option("--profile", w->profile, "also ask for what a profile asks for: wmo, china, or a TOML file");
  v.action([w] { return validate(*w); });
}

}  // namespace guyu::cli
