#include "ingest/decoding_processes.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine/core/error.h"
#include "engine/core/field_packing.h"
#include "hpc/parallel/packed.h"
#include "ingest/eccodes_lock.h"

namespace guyu {
namespace {

constexpr std::size_t kGivenAhead = 2;  // tasks that a process has at a time, so that it need not wait for the next
constexpr int kTries = 3;

enum class Kind : char { list, field, error };

// A message: the bytes of its head, the number of its values, both parts.
struct Lengths {
  std::uint64_t head = 0, values = 0;
};

bool send_all(int socket, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t n = ::send(socket, at, size, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n, size -= static_cast<std::size_t>(n);
  }
  return true;
}

bool receive_all(int socket, void* data, std::size_t size) {
  char* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t n = ::recv(socket, at, size, MSG_WAITALL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n, size -= static_cast<std::size_t>(n);
  }
  return true;
}

bool send_message(int socket, const std::string& head, std::span<const float> values) {
  const Lengths lengths{head.size(), values.size()};
  return send_all(socket, &lengths, sizeof lengths) && send_all(socket, head.data(), head.size()) && send_all(socket, values.data(), values.size_bytes());
}

std::string error_head(const std::string& place, const std::string& reason, const std::string& remedy) {
  return Packer().put(Kind::error).text(place).text(reason).text(remedy).take();
}

// How a process ended, for people.
std::string ending(int status) {
  if (WIFSIGNALED(status)) return fmt::format("was ended by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return fmt::format("ended with {}", WIFEXITED(status) ? WEXITSTATUS(status) : status);
}

}  // namespace

DecodingProcesses::DecodingProcesses(int count) : count_(static_cast<std::size_t>(std::max(count, 1))) {}

DecodingProcesses::~DecodingProcesses() {
  for (const Process& p : processes_) {
    ::close(p.socket);
    ::kill(p.pid, SIGKILL);  // its work is not wanted any more
    while (::waitpid(p.pid, nullptr, 0) < 0 && errno == EINTR) {}
  }
}

DecodingProcesses::Answer DecodingProcesses::answer_to(const std::string& request) {
  Unpacker u(request);
  const Kind kind = u.take<Kind>();
  const std::string path = u.text();
  try {
    if (kind == Kind::list) {
      std::vector<std::string> problems;
      const std::vector<FieldPlace> places = list_fields(path, {}, problems);
      Packer p;
      p.put(Kind::list).put(places.size());
      for (const FieldPlace& place : places) {
        pack_meta(p, place.meta);
        p.put(place.position);
      }
      p.put(problems.size());
      for (const std::string& problem : problems) p.text(problem);
      return {p.take(), std::nullopt};
    }
    FieldPlace place;
    place.meta = take_meta(u);
    place.position = u.take<std::uint64_t>();
    Field field = reader_for(path).read_at(path, place);
    Packer p;
    p.put(Kind::field);
    pack_grid(p, field.grid());
    pack_meta(p, field.meta);
    return {p.take(), std::move(field)};
  } catch (const Error& e) {
    return {error_head(e.place(), e.reason(), e.remedy()), std::nullopt};
  } catch (const std::bad_alloc&) {
    return {error_head(path, "does not fit into memory", ""), std::nullopt};
  }
}

void DecodingProcesses::serve_until_closed(int socket) {
  for (;;) {
    Lengths lengths;
    if (!receive_all(socket, &lengths, sizeof lengths)) ::_exit(0);
    std::string request(lengths.head, '\0');
    if (!receive_all(socket, request.data(), request.size())) ::_exit(0);
    const Answer answer = answer_to(request);
    if (!send_message(socket, answer.head, answer.field ? answer.field->values() : std::span<const float>())) ::_exit(0);
  }
}

std::optional<DecodingProcesses::Answer> DecodingProcesses::receive_answer(int socket) {
  Lengths lengths;
  if (!receive_all(socket, &lengths, sizeof lengths)) return std::nullopt;
  Answer answer;
  answer.head.resize(lengths.head);
  if (!receive_all(socket, answer.head.data(), answer.head.size())) return std::nullopt;
  Unpacker u(answer.head);
  if (u.take<Kind>() != Kind::field) return answer;
  Grid grid = take_grid(u);
  Field field(std::move(grid), take_meta(u));
  if (!receive_all(socket, field.values().data(), field.values().size_bytes())) return std::nullopt;
  answer.field = std::move(field);
  return answer;
}

bool DecodingProcesses::start() {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) return false;
  pid_t pid = -1;
  {
    const auto lock = eccodes_lock();  // no other thread may be inside ecCodes: its state would be copied half changed
    pid = ::fork();
  }
  if (pid == 0) {
    // Nothing of the caller's but this socket: no lock of its files, and no other process's socket, may live on here.
    constexpr int kFirst = 3;
    if (pair[1] != kFirst && ::dup2(pair[1], kFirst) < 0) ::_exit(1);
    ::close_range(kFirst + 1, ~0U, 0);
    ::signal(SIGTERM, SIG_DFL);
    ::signal(SIGINT, SIG_IGN);  // from a terminal it comes to all: the caller decides what it means
    const char ready = 1;
    if (!send_all(kFirst, &ready, 1)) ::_exit(0);
    try {
      serve_until_closed(kFirst);
    } catch (...) {
      ::_exit(1);
    }
  }
  ::close(pair[1]);
  if (pid < 0) {
    ::close(pair[0]);
    return false;
  }
  const Ticket first = waiting_.front();
  waiting_.pop_front();
  processes_.push_back({pid, pair[0], {first}});
  // Until it is ready the child holds the caller's files too, with their locks: the caller could close one and not open it again.
  char ready = 0;
  if (!receive_all(pair[0], &ready, 1) || !send_message(pair[0], tasks_.at(first).request, {})) bury(processes_.size() - 1);
  return true;
}

DecodingProcesses::Ticket DecodingProcesses::begin(Task task) {
  tasks_.emplace(next_, std::move(task));
  waiting_.push_back(next_);
  give();
  return next_++;
}

DecodingProcesses::Ticket DecodingProcesses::list(const std::string& path) { return begin({path, Packer().put(Kind::list).text(path).take(), 0}); }

DecodingProcesses::Ticket DecodingProcesses::read(const std::string& path, const FieldPlace& place) {
  Packer p;
  p.put(Kind::field).text(path);
  pack_meta(p, place.meta);
  p.put(place.position);
  return begin({path, p.take(), 0});
}

void DecodingProcesses::give() {
  while (!waiting_.empty()) {
    const auto free =
        std::min_element(processes_.begin(), processes_.end(), [](const Process& a, const Process& b) { return a.given.size() < b.given.size(); });
    if (can_start_ && processes_.size() < count_ && (free == processes_.end() || !free->given.empty())) {
      can_start_ = start();
      continue;
    }
    if (free == processes_.end() || free->given.size() >= kGivenAhead) return;
    if (send_message(free->socket, tasks_.at(waiting_.front()).request, {})) {
      free->given.push_back(waiting_.front());
      waiting_.pop_front();
    } else {
      bury(static_cast<std::size_t>(free - processes_.begin()));
    }
  }
}

void DecodingProcesses::bury(std::size_t k) {
  Process ended = std::move(processes_[k]);
  processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(k));
  ::close(ended.socket);
  ::kill(ended.pid, SIGKILL);  // where it lives, it has closed its socket
  int status = 0;
  while (::waitpid(ended.pid, &status, 0) < 0 && errno == EINTR) {}
  for (auto it = ended.given.rbegin(); it != ended.given.rend(); ++it)
    if (tasks_.count(*it)) waiting_.push_front(*it);
  if (ended.given.empty()) return;
  const auto at = tasks_.find(ended.given.front());  // the one that it was at
  if (at == tasks_.end() || ++at->second.tries < kTries) return;
  answers_.emplace(at->first, Answer{error_head(at->second.path, fmt::format("the process that read it {}, as did those before it", ending(status)),
                                                "the file may be damaged, or memory may be short"),
                                     std::nullopt});
  waiting_.pop_front();
  tasks_.erase(at);
}

void DecodingProcesses::await_any() {
  std::vector<pollfd> sockets;
  for (const Process& p : processes_) sockets.push_back({p.socket, POLLIN, 0});
  if (::poll(sockets.data(), sockets.size(), -1) < 0) return;  // interrupted: the caller asks again
  for (std::size_t k = sockets.size(); k-- > 0;) {
    if (sockets[k].revents == 0) continue;
    Process& p = processes_[k];
    std::optional<Answer> answer = receive_answer(p.socket);
    if (!answer || p.given.empty()) {
      bury(k);
      continue;
    }
    const Ticket ticket = p.given.front();
    p.given.pop_front();
    if (tasks_.erase(ticket)) answers_.emplace(ticket, std::move(*answer));
  }
}

DecodingProcesses::Answer DecodingProcesses::take(Ticket ticket) {
  give();
  while (!answers_.count(ticket)) {
    if (processes_.empty()) {
      const auto task = tasks_.find(ticket);
      answers_.emplace(ticket, answer_to(task->second.request));
      tasks_.erase(task);
      std::erase(waiting_, ticket);
    } else {
      await_any();
      give();
    }
  }
  const auto it = answers_.find(ticket);
  Answer answer = std::move(it->second);
  answers_.erase(it);
  return answer;
}

void DecodingProcesses::drop(Ticket ticket) {
  answers_.erase(ticket);
  tasks_.erase(ticket);
  std::erase(waiting_, ticket);
}

namespace {

// The unpacker after the kind; throws what the answer says was wrong.
Unpacker opened(const std::string& head) {
  Unpacker u(head);
  if (u.take<Kind>() != Kind::error) return u;
  const std::string place = u.text(), reason = u.text(), remedy = u.text();
  throw Error(place, reason, remedy);
}

}  // namespace

std::vector<FieldPlace> DecodingProcesses::take_list(Ticket ticket, std::vector<std::string>& problems) {
  const Answer answer = take(ticket);
  Unpacker u = opened(answer.head);
  std::vector<FieldPlace> places(u.take<std::size_t>());
  for (FieldPlace& place : places) {
    place.meta = take_meta(u);
    place.position = u.take<std::uint64_t>();
  }
  for (auto left = u.take<std::size_t>(); left > 0; --left) problems.push_back(u.text());
  return places;
}

Field DecodingProcesses::take_field(Ticket ticket) {
  Answer answer = take(ticket);
  opened(answer.head);
  return std::move(*answer.field);
}

std::vector<pid_t> DecodingProcesses::running() const {
  std::vector<pid_t> pids;
  for (const Process& p : processes_) pids.push_back(p.pid);
  return pids;
}

}  // namespace guyu
