#ifdef GUYU_WITH_MPI
#include "hpc/parallel/mpi_comm.h"

#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "hpc/parallel/serial_comm.h"

namespace guyu {
namespace {

constexpr int kTag = 7;
constexpr std::size_t kPiece = std::size_t{1} << 30;         // MPI counts in int
constexpr std::size_t kMostOnTheWay = std::size_t{1} << 25;  // bytes; more than tables of members ever are

void checked(int rc, const char* what) {
  if (rc == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int n = 0;
  MPI_Error_string(rc, text, &n);
  throw std::runtime_error(std::string(what) + ": " + std::string(text, static_cast<std::size_t>(n)));
}

// Calls `done` until it is true, the longer the rarer.
template <typename Done>
void await(const Done& done) {
  auto nap = std::chrono::microseconds(20);
  for (int look = 0; !done(); ++look) {
    if (look < 50) continue;
    std::this_thread::sleep_for(nap);
    nap = std::min(nap * 2, std::chrono::microseconds(1000));
  }
}

void await(MPI_Request& request, const char* what) {
  await([&] {
    int flag = 0;
    checked(MPI_Test(&request, &flag, MPI_STATUS_IGNORE), what);
    return flag != 0;
  });
}

// OpenMPI asks the libraries of fast networks for a fifth of a second whether they have one, also where the kernel knows of none. What the caller has chosen
// stands.
void leave_out_absent_networks() {
  for (const char* card : {"/sys/class/infiniband", "/dev/hfi1_0", "/dev/ipath", "/dev/cxi0"})
    if (::access(card, F_OK) == 0) return;
  ::setenv("OMPI_MCA_pml", "ob1", 0);
}

class MpiComm : public Comm {
 public:
  MpiComm(int* argc, char*** argv) : exceptions_(std::uncaught_exceptions()) {
    leave_out_absent_networks();
    int provided = 0;
    checked(MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
    if (provided < MPI_THREAD_FUNNELED) throw std::runtime_error("this MPI cannot be used beside threads");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
  }
  ~MpiComm() override {
    // An exception on its way out means that the others wait for what will never come.
    if (std::uncaught_exceptions() > exceptions_) MPI_Abort(MPI_COMM_WORLD, 3);
    try {
      await([&] {
        sweep();
        return outgoing_.empty();
      });
    } catch (const std::exception&) {  // nobody is left to take it
      MPI_Abort(MPI_COMM_WORLD, 3);
    }
    MPI_Finalize();
  }
  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void broadcast(std::string& bytes) override {
    auto n = static_cast<std::uint64_t>(bytes.size());
    MPI_Request request;
    checked(MPI_Ibcast(&n, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD, &request), "MPI_Ibcast");
    await(request, "MPI_Ibcast");
    bytes.resize(n);
    for (std::size_t at = 0; at < n; at += kPiece) {
      checked(MPI_Ibcast(bytes.data() + at, static_cast<int>(std::min<std::size_t>(kPiece, n - at)), MPI_BYTE, 0, MPI_COMM_WORLD, &request), "MPI_Ibcast");
      await(request, "MPI_Ibcast");
    }
  }

  void send(int to, std::string bytes) override {
    Transfer& t = outgoing_.emplace_back(to, std::move(bytes));
    outgoing_bytes_ += t.bytes.size();
    t.length = t.bytes.size();
    checked(MPI_Isend(&t.length, 1, MPI_UINT64_T, to, kTag, MPI_COMM_WORLD, &t.requests.emplace_back()), "MPI_Isend");
    for (std::size_t at = 0; at < t.bytes.size(); at += kPiece)
      checked(MPI_Isend(t.bytes.data() + at, t.piece(at), MPI_BYTE, to, kTag, MPI_COMM_WORLD, &t.requests.emplace_back()), "MPI_Isend");
    await([&] { return sweep() <= kMostOnTheWay; });
  }

  std::optional<Message> poll() override {
    sweep();
    while (incoming_bytes_ < kMostOnTheWay && accept()) {}
    for (auto t = incoming_.begin(); t != incoming_.end(); ++t) {
      const bool first = std::none_of(incoming_.begin(), t, [&](const Transfer& earlier) { return earlier.peer == t->peer; });
      if (!first || !t->ended()) continue;
      Message m{t->peer, std::move(t->bytes)};
      incoming_bytes_ -= m.bytes.size();
      incoming_.erase(t);
      return m;
    }
    return {};
  }

  Message receive() override {
    std::optional<Message> m;
    await([&] {
      m = poll();
      return m.has_value();
    });
    return *std::move(m);
  }

 private:
  struct Transfer {
    Transfer(int with, std::string what) : peer(with), bytes(std::move(what)) {}
    int piece(std::size_t at) const { return static_cast<int>(std::min(kPiece, bytes.size() - at)); }
    bool ended() {
      int flag = 0;
      checked(MPI_Testall(static_cast<int>(requests.size()), requests.data(), &flag, MPI_STATUSES_IGNORE), "MPI_Testall");
      return flag != 0;
    }
    int peer;
    std::string bytes;
    std::uint64_t length = 0;
    std::vector<MPI_Request> requests;
  };

  // Lets go of what has been taken; the bytes that are still on their way.
  std::size_t sweep() {
    outgoing_.remove_if([&](Transfer& t) {
      if (!t.ended()) return false;
      outgoing_bytes_ -= t.bytes.size();
      return true;
    });
    return outgoing_bytes_;
  }

  // Begins to receive a message, if there is one.
  bool accept() {
    int flag = 0;
    MPI_Status status;
    checked(MPI_Iprobe(MPI_ANY_SOURCE, kTag, MPI_COMM_WORLD, &flag, &status), "MPI_Iprobe");
    if (!flag) return false;
    const int from = status.MPI_SOURCE;
    std::uint64_t n = 0;
    checked(MPI_Recv(&n, 1, MPI_UINT64_T, from, kTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE), "MPI_Recv");
    Transfer& t = incoming_.emplace_back(from, std::string(n, '\0'));
    incoming_bytes_ += n;
    for (std::size_t at = 0; at < n; at += kPiece)
      checked(MPI_Irecv(t.bytes.data() + at, t.piece(at), MPI_BYTE, from, kTag, MPI_COMM_WORLD, &t.requests.emplace_back()), "MPI_Irecv");
    return true;
  }

  int exceptions_, rank_ = 0, size_ = 1;
  std::list<Transfer> outgoing_, incoming_;  // in the order in which they began
  std::size_t outgoing_bytes_ = 0, incoming_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Comm> make_mpi_comm(int* argc, char*** argv) {
  if (launched_ranks() < 2) return std::make_unique<SerialComm>();
  return std::make_unique<MpiComm>(argc, argv);
}

}  // namespace guyu
#endif
