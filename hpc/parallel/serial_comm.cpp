#include "hpc/parallel/serial_comm.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace guyu {

void SerialComm::send(int to, std::string bytes) {
  if (to != 0) throw std::logic_error("there is no rank " + std::to_string(to));
  const auto n = static_cast<std::uint64_t>(bytes.size());
  waiting_.append(reinterpret_cast<const char*>(&n), sizeof n);
  waiting_ += bytes;
}

std::optional<Comm::Message> SerialComm::poll() {
  if (waiting_.empty()) return {};
  std::uint64_t n = 0;
  std::memcpy(&n, waiting_.data(), sizeof n);
  Message m{0, waiting_.substr(sizeof n, n)};
  waiting_.erase(0, sizeof n + n);
  return m;
}

Comm::Message SerialComm::receive() {
  auto m = poll();
  if (!m) throw std::logic_error("a process alone waits for a message that nobody can send");
  return *std::move(m);
}

int launched_ranks() {
  int most = 1;
  // OpenMPI's mpirun; PMI; under srun the number of tasks counts only where a rank is given, as a batch script has it too.
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const char* text = std::getenv(name)) most = std::max(most, std::atoi(text));
  if (std::getenv("PMIX_RANK"))
    if (const char* text = std::getenv("SLURM_STEP_NUM_TASKS")) most = std::max(most, std::atoi(text));
  return most;
}

}  // namespace guyu
