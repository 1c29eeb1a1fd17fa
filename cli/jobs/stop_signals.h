#pragma once

namespace guyu::cli {

// From now on SIGTERM and SIGUSR1 ask this process to stop where it can go on later, instead of ending it.
void catch_stop_signals();
void ignore_stop_signals();
bool stop_asked();

}  // namespace guyu::cli
