#pragma once
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace guyu::cli {

// What a run has in hand until its cycle is done, below OUT/work/<time>/, so that a run that was killed goes on where it was and gives the same bytes: finished
// members, the state as it will be, the name under which its findings were handed over. The state that a cycle started from stays in OUT/state until
// everything is written: whoever starts the cycle again sees what the first run saw. The caller holds the run's lock.
class RunWork {
 public:
  RunWork(std::string out, TimePoint issue);
  // Forgets what runs of earlier cycles left: they will not be started again.
  void begin() const;
  const std::string& folder() const { return folder_; }
  std::string members() const { return folder_ + "/members"; }
  std::string next_state(const std::string& name) const { return folder_ + "/state/" + name; }

  // The name to hand `findings` over under: the same whenever the same findings of this cycle are handed over, also when the cycle is done again, so that they
  // are decided on once and reported alike.
  std::string item_for(const std::string& findings, const std::string& fresh) const;
  bool handed_over() const;  // a run of this cycle had come so far

  // The cycle is done: its state takes the old one's place and cycles/<time>/done.json (`done`) appears. Both or neither, whatever happens between; what
  // is in hand goes. Throws Error naming what cannot be written.
  void commit(const std::string& done) const;

 private:
  std::string out_, name_, folder_;
};

// Ends the commit that a killed run had begun. Throws Error.
void finish_commit(const std::string& out);

// OUT/cycles/<time>/done.json is there.
bool is_done(const std::string& out, TimePoint issue);

}  // namespace guyu::cli
