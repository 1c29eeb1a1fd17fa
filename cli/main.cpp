#include <cstdio>

#include "cli/app.h"
#include "hpc/parallel/serial_comm.h"
#include "ingest/hdf5_file.h"

int main(int argc, char** argv) {
  guyu::skip_hdf5_exit();
  // Several copies of one run would write over each other.
  if (const int ranks = guyu::launched_ranks(); ranks > 1) {
    std::fprintf(stderr, "guyu: started as %d ranks, but this program knows no MPI: start guyu-mpi instead\n", ranks);
    return guyu::cli::exit_user_error;
  }
  return guyu::cli::run_app(argc, argv);
}
