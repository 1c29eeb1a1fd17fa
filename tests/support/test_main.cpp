#define BOOST_TEST_MODULE guyu
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

// Read by the sanitizers' runtimes, where they are linked. Damaged files make libraries ask for absurd amounts of memory, which they
// survive being refused; ecCodes keeps some of its iterators' memory, fontconfig its caches. Weak, so that a test may say more.
extern "C" __attribute__((weak)) const char* __asan_default_options() { return "allocator_may_return_null=1"; }
extern "C" __attribute__((weak)) const char* __lsan_default_suppressions() { return "leak:libeccodes\nleak:libfontconfig\n"; }
