#pragma once
#include <string>

namespace guyu {

// The bytes of a file that holds a key or password. Throws Error naming file and remedy unless it is a regular file of at most 1 MB that
// belongs to the user who runs the program (or root) and that nobody else may read or write (`chmod 600`). Looked at
// through the open file, so that it cannot be exchanged between check and reading. The bytes never stand in an error.
std::string read_secret_file(const std::string& path);

// The same without line ends and blanks at its end: a password as editors leave it. Throws Error when nothing is left.
std::string read_secret_word(const std::string& path);

}  // namespace guyu
