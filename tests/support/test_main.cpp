#define BOOST_TEST_MODULE guyu
#define BOOST_TEST_DYN_LINK
#include <boost/test/unit_test.hpp>

// Read by the sanitizers' runtimes, where they are linked. Damaged files make libraries ask for absurd amounts of memory, which they
// survive being refused; ecCodes keeps some of its iterators' memory, fontconfig its caches. Weak, so that a test may say more.
extern "C" __attribute__((weak)) const char* __asan_default_options() { return "allocator_may_return_null=1"; }
extern "C" __attribute__((weak)) const char* __lsan_default_suppressions() { return "leak:libeccodes\nleak:libfontconfig\n"; }
// On a damaged object header HDF5 1.10 reads an attribute's name by a length that the file states, up to a few bytes beyond the message. Nothing of ours can
// look there before it does; only this call is let off.
extern "C" __attribute__((weak)) const char* __asan_default_suppressions() { return "interceptor_via_fun:H5Aexists_by_name\n"; }
