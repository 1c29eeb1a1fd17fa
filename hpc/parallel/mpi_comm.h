#pragma once
#include <memory>

#include "hpc/parallel/comm.h"

namespace guyu {

// The ranks of MPI_COMM_WORLD where a launcher started this process as one of several, else a SerialComm: a plain start costs no MPI_Init. MPI is left
// when the object goes, which must be before main returns. A process that dies takes the others with it (the launcher sees to that). While a rank waits it
// sleeps in steps of up to a millisecond, so that it takes no core from a rank that computes beside it.
std::unique_ptr<Comm> make_mpi_comm(int* argc, char*** argv);

}  // namespace guyu
