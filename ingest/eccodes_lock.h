#pragma once
#include <mutex>

namespace guyu {

// Debian's ecCodes is built without threads: every use of it holds this lock. It is told to be silent, and to throw an Error where it would end the process
// (a failed assertion); leaving through its frames loses that message's memory, no more.
std::unique_lock<std::mutex> eccodes_lock();

}  // namespace guyu
