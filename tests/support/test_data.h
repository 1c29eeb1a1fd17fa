#pragma once
#include <string>

namespace guyu::test {

// The folder of real data: GUYU_REAL_DATA, else ../shared/data; empty (and a printed notice) when absent.
std::string real_data();
// A fresh empty folder under the build's temporary directory, removed at exit.
std::string temporary_folder(const std::string& name);

}  // namespace guyu::test
