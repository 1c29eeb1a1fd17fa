#ifdef GUYU_WITH_MPI
#include "hpc/parallel/mpi_comm.h"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <thread>

#include "hpc/parallel/serial_comm.h"

namespace guyu {
namespace {

constexpr int kTag = 7;
constexpr std::size_t kPiece = std::size_t{1} << 30;  // MPI counts in int

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

class MpiComm : public Comm {
 public:
  MpiComm(int* argc, char*** argv) : exceptions_(std::uncaught_exceptions()) {
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

  void send(int to, const std::string& bytes) override {
    const auto n = static_cast<std::uint64_t>(bytes.size());
    MPI_Request request;
    checked(MPI_Isend(&n, 1, MPI_UINT64_T, to, kTag, MPI_COMM_WORLD, &request), "MPI_Isend");
    await(request, "MPI_Isend");
    for (std::size_t at = 0; at < n; at += kPiece) {
      checked(MPI_Isend(bytes.data() + at, static_cast<int>(std::min<std::size_t>(kPiece, n - at)), MPI_BYTE, to, kTag, MPI_COMM_WORLD, &request), "MPI_Isend");
      await(request, "MPI_Isend");
    }
  }

  std::optional<Message> poll() override {
    int flag = 0;
    MPI_Status status;
    checked(MPI_Iprobe(MPI_ANY_SOURCE, kTag, MPI_COMM_WORLD, &flag, &status), "MPI_Iprobe");
    if (!flag) return {};
    const int from = status.MPI_SOURCE;
    std::uint64_t n = 0;
    checked(MPI_Recv(&n, 1, MPI_UINT64_T, from, kTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE), "MPI_Recv");
    Message m{from, std::string(n, '\0')};
    for (std::size_t at = 0; at < n; at += kPiece) {
      MPI_Request request;
      checked(MPI_Irecv(m.bytes.data() + at, static_cast<int>(std::min<std::size_t>(kPiece, n - at)), MPI_BYTE, from, kTag, MPI_COMM_WORLD, &request),
              "MPI_Irecv");
      await(request, "MPI_Irecv");
    }
    return m;
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
  int exceptions_, rank_ = 0, size_ = 1;
};

}  // namespace

std::unique_ptr<Comm> make_mpi_comm(int* argc, char*** argv) {
  if (launched_ranks() < 2) return std::make_unique<SerialComm>();
  return std::make_unique<MpiComm>(argc, argv);
}

}  // namespace guyu
#endif
