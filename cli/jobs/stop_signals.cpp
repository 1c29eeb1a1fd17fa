#include "cli/jobs/stop_signals.h"

#include <csignal>

namespace guyu::cli {
namespace {

volatile std::sig_atomic_t asked_to_stop = 0;

void handle_stop_signals(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);
}

}  // namespace

void catch_stop_signals() {
  handle_stop_signals([](int) { asked_to_stop = 1; });
}
void ignore_stop_signals() { handle_stop_signals(SIG_IGN); }
bool stop_asked() { return asked_to_stop != 0; }

}  // namespace guyu::cli
