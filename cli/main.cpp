#include "cli/app.h"
#include "ingest/hdf5_file.h"

int main(int argc, char** argv) {
  guyu::skip_hdf5_exit();
  return guyu::cli::run_app(argc, argv);
}
