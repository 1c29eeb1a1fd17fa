#pragma once
#include <chrono>

namespace guyu::cli {

void pause_for(std::chrono::milliseconds time);

}  // namespace guyu::cli
