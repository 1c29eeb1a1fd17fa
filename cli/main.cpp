#include "cli/app.h"

int main(int argc, char** argv) { return guyu::cli::run_app(argc, argv); }
