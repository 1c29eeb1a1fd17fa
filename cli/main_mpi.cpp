#include <cstdio>
#include <exception>

#include "cli/app.h"
#include "hpc/parallel/mpi_comm.h"
#include "ingest/hdf5_file.h"

// guyu on the ranks of an MPI launcher; without one the same as guyu.
int main(int argc, char** argv) {
  guyu::skip_hdf5_exit();
  try {
    const auto comm = guyu::make_mpi_comm(&argc, &argv);
    return guyu::cli::run_app(argc, argv, *comm);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "guyu: MPI: %s\n", e.what());
    return guyu::cli::exit_internal;
  }
}
