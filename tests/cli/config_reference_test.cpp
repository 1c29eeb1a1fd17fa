#include "cli/config_reference.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"

BOOST_AUTO_TEST_SUITE(config_reference)

BOOST_AUTO_TEST_CASE(the_document_says_what_the_program_checks) {
  BOOST_TEST((guyu::read_text_file("docs/config-reference.md") == guyu::cli::config_reference()),
             "stale: remake it with guyu config --describe > docs/config-reference.md");
}

BOOST_AUTO_TEST_SUITE_END()
