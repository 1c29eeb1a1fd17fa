#include "alerts/store/audit_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/core/hash.h"

namespace guyu {
namespace {
std::string chained(const std::string& before, std::int64_t seq, std::int64_t at, const std::string& actor, const std::string& what,
                    const std::string& detail) {
  return Hasher().text(before).integer(seq).integer(at).text(actor).text(what).text(detail).hex();
}

std::string sha256(const std::string& bytes) { return Hasher().bytes(bytes.data(), bytes.size()).hex(); }

// Every row of a table must be told by exactly one row of the chain under `what`.
class Witnesses {
 public:
  void say(std::int64_t seq, std::int64_t at, const std::string& detail) {
    const auto [first, fresh] = said_.emplace(detail, Said{seq, at});
    if (!fresh) twice_.push_back({seq, "repeats row " + std::to_string(first->second.seq)});
  }
  void saw(const std::string& detail, const std::string& name, std::vector<AuditFault>& faults) {
    if (said_.erase(detail) == 0) faults.push_back({0, name + " was altered or is not in the audit"});
  }
  // What was told before `forgotten` may be gone.
  void finish(const std::string& kind, std::int64_t forgotten, std::vector<AuditFault>& faults) {
    for (const auto& [detail, said] : said_)
      if (said.at >= forgotten) faults.push_back({said.seq, kind + " '" + detail + "' is gone from the store or was altered"});
    faults.insert(faults.end(), twice_.begin(), twice_.end());
  }

 private:
  struct Said {
    std::int64_t seq, at;
  };
  std::map<std::string, Said> said_;
  std::vector<AuditFault> twice_;
};
}  // namespace

std::string decision_digest(std::int64_t seq, const std::string& event, const std::string& action, const std::string& reason, std::int64_t level,
                            const std::string& identifier, const std::string& members) {
  return fmt::format("{} {} {} {}", seq, event, action, Hasher().text(reason).integer(level).text(identifier).text(members).short_hex());
}

AuditLog::AuditLog(Database& db) : db_(db) { reload(); }

void AuditLog::reload() {
  head_ = {};
  Statement s = db_.prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
  if (s.step()) head_ = {s.integer(0), s.text(1)};
}

void AuditLog::append(TimePoint at, const std::string& actor, const std::string& what, const std::string& detail) {
  const std::int64_t seq = head_.seq + 1, time = at.time_since_epoch().count();
  std::string hash = chained(head_.hash, seq, time, actor, what, detail);
  db_.prepare("INSERT INTO audit VALUES(?,?,?,?,?,?)").bind(seq, time, actor, what, detail, hash).run();
  head_ = {seq, std::move(hash)};
}

std::vector<AuditFault> check_audit(Database& db, const AuditHead& published) {
  std::vector<AuditFault> faults;
  std::map<std::string, Witnesses> told;
  std::string before;
  std::int64_t expected = 1;
  bool met = published.seq == 0;
  std::int64_t forgotten = 0;
  {
    Statement s = db.prepare("SELECT seq, at, actor, what, detail, hash FROM audit ORDER BY seq");
    while (s.step()) {
      const std::int64_t seq = s.integer(0);
      if (seq != expected) faults.push_back({expected, fmt::format("rows {} to {} are gone", expected, seq - 1)});
      const std::string what = s.text(3), detail = s.text(4), hash = s.text(5);
      if (chained(before, seq, s.integer(1), s.text(2), what, detail) != hash)
        faults.push_back({seq, "was altered, or a row before it was altered, deleted or moved"});
      if (what == "message" || what == "decision" || what == "receipt") told[what].say(seq, s.integer(1), detail);
      if (what == "forget") forgotten = std::max(forgotten, parse_time(detail).time_since_epoch().count());
      if (seq == published.seq) {
        met = true;
        if (hash != published.hash) faults.push_back({seq, "differs from the head that was published"});
      }
      before = hash;
      expected = seq + 1;
    }
  }
  if (!met) faults.push_back({published.seq, "was published as the head and is gone"});
  {
    Statement s = db.prepare("SELECT identifier, revision, xml, sha256 FROM messages");
    while (s.step()) {
      const std::string name = s.text(0) + "|" + std::to_string(s.integer(1));
      if (sha256(s.text(2)) != s.text(3)) faults.push_back({0, "the bytes of message " + name + " were altered"});
      told["message"].saw(name + " " + s.text(3), "message " + name, faults);
    }
  }
  {
    Statement s = db.prepare("SELECT seq, event, action, reason, level, identifier, members FROM decisions");
    while (s.step())
      told["decision"].saw(decision_digest(s.integer(0), s.text(1), s.text(2), s.text(3), s.integer(4), s.text(5), s.text(6)),
                           fmt::format("decision {}", s.integer(0)), faults);
  }
  {
    Statement s = db.prepare("SELECT seq, key, at, sender, taken FROM receipts");
    while (s.step())
      told["receipt"].saw(fmt::format("{} {} {} {} {}", s.integer(0), s.text(1), s.integer(2), s.text(3), s.integer(4)),
                          fmt::format("receipt {}", s.integer(0)), faults);
  }
  for (auto& [kind, witnesses] : told) witnesses.finish(kind, forgotten, faults);
  return faults;
}

}  // namespace guyu
