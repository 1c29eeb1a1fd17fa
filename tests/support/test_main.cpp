#define BOOST_TEST_MODULE guyu
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

// Fontconfig keeps its caches until the end, where LeakSanitizer finds them by pointers it cannot follow.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
