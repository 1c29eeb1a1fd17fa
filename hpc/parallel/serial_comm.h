#pragma once
#include "hpc/parallel/comm.h"

namespace guyu {

// One process alone. What it sends to itself it gets back, in order.
class SerialComm : public Comm {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  void broadcast(std::string&) override {}
  void send(int to, std::string bytes) override;
  std::optional<Message> poll() override;
  Message receive() override;

 private:
  std::string waiting_;  // lengths and bytes, one message after the other
};

// How many ranks the launcher of this process says it started (mpirun, srun with PMIx); 1 without a launcher.
int launched_ranks();

}  // namespace guyu
