#pragma once
#include <functional>
#include <string>
#include <vector>

#include "cli/ensemble/member_task.h"
#include "cli/ensemble/member_units.h"
#include "hpc/parallel/comm.h"

namespace guyu::cli {

// Of a rank's process, bytes: before it takes an order, the peak until its members are done, and what that peak was predicted to be.
struct RankMemory {
  std::int64_t before = 0, predicted = 0, peak = 0;
};

// What one rank did for an ensemble.
struct RankWork {
  int rank = 0, members = 0;
  std::string host;
  double seconds = 0;
  std::int64_t bytes = 0;  // of rates made
  RankMemory memory;
};

// Takes what the ranks make, on rank 0's thread. Members come in any order, the steps of one member ascending; each once.
struct MemberTaker {
  std::function<void(int member, MemberTable&& table)> table;                    // when the task has weights
  std::function<void(int member, int step, FieldView<const float> rate)> plane;  // when it wants planes
};

struct TeamWork {
  std::vector<RankWork> ranks;
  std::vector<std::string> problems;  // ranks that failed; their members were made by others
};

// The other ranks, as rank 0 sees them. They wait in serve_members() from their start until this goes.
class MemberTeam {
 public:
  explicit MemberTeam(Comm& comm) : comm_(comm) {}
  ~MemberTeam();
  MemberTeam(const MemberTeam&) = delete;
  MemberTeam& operator=(const MemberTeam&) = delete;
  // Makes the members, dealt out a few at a time as ranks come to their end: the quicker one makes more. What each gives does not depend on who makes it. An
  // exception of `taker` calls the other ranks off and goes on to the caller. O(members / ranks).
  TeamWork make(const MemberTask& task, TaskBlend& blend, const std::string& key, const std::vector<int>& members, const MemberTaker& taker);
  int size() const { return comm_.size(); }

 private:
  Comm& comm_;
  int orders_ = 0;
};

// A rank but 0: makes what it is asked for until it is told to stop.
void serve_members(Comm& comm);

}  // namespace guyu::cli
