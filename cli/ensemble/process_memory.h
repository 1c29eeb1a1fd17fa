#pragma once
#include <cstdint>

namespace guyu::cli {

// Of this process, bytes in memory (not swapped, with the pages of libraries that it uses).
std::int64_t resident_memory();
// The most since begin_peak_memory(), or since the start where the system does not let a process reset it.
std::int64_t peak_memory();
// Gives what was freed back to the system and begins a new peak. Returns what is resident now.
std::int64_t begin_peak_memory();

}  // namespace guyu::cli
