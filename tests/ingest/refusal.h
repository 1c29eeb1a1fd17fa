// What a file that cannot be read must say.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "engine/core/error.h"
#include "ingest/reader.h"

namespace guyu::test {

// The reader refuses `path` with an error whose place begins with the file and whose text holds `part`.
inline void says(const std::string& path, const std::string& part) {
  BOOST_CHECK_EXCEPTION(read_file(path), Error, [&](const Error& e) {
    BOOST_TEST_CONTEXT(e.what()) BOOST_TEST(std::string(e.what()).find(part) != std::string::npos);
    return e.place().starts_with(path);
  });
}

}  // namespace guyu::test
