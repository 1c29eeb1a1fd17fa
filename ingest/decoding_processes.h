#pragma once
#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingest/reader.h"

namespace guyu {

// Processes that list files and decode fields while the caller does something else. For GRIB: Debian's ecCodes serves one thread at a time, so several fields
// can only be decoded at once by several processes. Each is forked from the caller when there is work for it, and ends with this object. What they give is what
// the reader gives in this process, to the bit and for any number of them. A process that dies (a fault of ecCodes, memory) costs nothing but its time: what it
// was at is tried by two others, then becomes an Error. Where no process can be started the work is done here. Values pass through a socket, a
// tenth of what it costs to decode them. Not for several threads.
class DecodingProcesses {
 public:
  using Ticket = std::uint64_t;

  // At most `count` processes at a time, at least 1.
  explicit DecodingProcesses(int count);
  DecodingProcesses(const DecodingProcesses&) = delete;
  DecodingProcesses& operator=(const DecodingProcesses&) = delete;
  ~DecodingProcesses();

  // Whether fields of this reader are worth another process.
  static bool serve(const Reader& reader) { return &reader == &grib_reader(); }

  // Begin what list_fields() and Reader::read_at() do. Each ticket is taken, or dropped, once; until then its answer may be held in memory.
  Ticket list(const std::string& path);
  Ticket read(const std::string& path, const FieldPlace& place);
  // Wait for the answer. Throw the Error that the reader threw, or one that says how the process ended.
  std::vector<FieldPlace> take_list(Ticket ticket, std::vector<std::string>& problems);
  Field take_field(Ticket ticket);
  void drop(Ticket ticket);

  std::vector<pid_t> running() const;

 private:
  struct Answer {
    std::string head;
    std::optional<Field> field;
  };
  struct Task {
    std::string path, request;
    int tries = 0;
  };
  struct Process {
    pid_t pid = -1;
    int socket = -1;
    std::deque<Ticket> given;  // in the order of their answers
  };

  static Answer answer_to(const std::string& request);
  [[noreturn]] static void serve_until_closed(int socket);
  static std::optional<Answer> receive_answer(int socket);

  Ticket begin(Task task);
  Answer take(Ticket ticket);
  bool start();  // one more process, with the first task that waits; false when there can be none
  void give();
  void await_any();
  void bury(std::size_t k);  // a process that has ended

  std::size_t count_;
  bool can_start_ = true;
  Ticket next_ = 0;
  std::map<Ticket, Task> tasks_;  // without an answer
  std::deque<Ticket> waiting_;    // those of them that no process has
  std::map<Ticket, Answer> answers_;
  std::vector<Process> processes_;
};

}  // namespace guyu
