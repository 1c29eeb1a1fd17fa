#pragma once
#include <optional>
#include <string>

// Processes that work on one thing together. Rank 0 decides and writes, the others make what it asks for: so that one process is the
// special case of nobody to ask. Only the thread that made a Comm may call it.
namespace guyu {

class Comm {
 public:
  struct Message {
    int from = 0;
    std::string bytes;
  };

  Comm() = default;
  Comm(const Comm&) = delete;
  Comm& operator=(const Comm&) = delete;
  virtual ~Comm() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;
  // Rank 0's bytes at every rank; all call it.
  virtual void broadcast(std::string& bytes) = 0;
  // To another rank. Does not wait for the other to take it, but while much of what was sent is still on its way; messages of one rank to another keep
  // their order. What is on its way moves on when this Comm is called: poll() now and then during long work.
  virtual void send(int to, std::string bytes) = 0;
  virtual std::optional<Message> poll() = 0;  // a message that is there whole
  virtual Message receive() = 0;              // waits, asleep, for one from any rank
};

}  // namespace guyu
