#pragma once
#include <string>
#include <vector>

#include "alerts/store/sqlite.h"
#include "engine/core/time.h"

namespace guyu {

struct AuditHead {
  std::int64_t seq = 0;  // 0: no row yet
  std::string hash;      // 64 hex digits
};

struct AuditFault {
  std::int64_t seq = 0;
  std::string what;
};

// A chain of what was done: row n's hash is SHA-256 over row n - 1's hash and row n's own content, numbers run without a gap. Rows that were altered,
// deleted, inserted or reordered break it. A chain that lost its newest rows is found by a head that was published earlier (heartbeats carry
// it). Append only inside a transaction of the writer.
class AuditLog {
 public:
  explicit AuditLog(Database& db);
  void append(TimePoint at, const std::string& actor, const std::string& what, const std::string& detail);
  AuditHead head() const { return head_; }
  void reload();  // after a rollback

 private:
  Database& db_;
  AuditHead head_;
};

// Reads the whole chain and compares messages, decisions and receipts with what it says of them. No faults: all agree. `published`: a head that
// the chain must contain; seq 0: none.
std::vector<AuditFault> check_audit(Database& db, const AuditHead& published = {});

// What the chain keeps of a decision, from its row.
std::string decision_digest(std::int64_t seq, const std::string& event, const std::string& action, const std::string& reason, std::int64_t level,
                            const std::string& identifier, const std::string& members);

}  // namespace guyu
