#include "engine/region/region_attributes.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
std::string table(const std::string& text) {
  const std::string path = test::temporary_folder("attributes") + "/a.csv";
  write_file_atomically(path, text);
  return path;
}
}  // namespace
BOOST_AUTO_TEST_SUITE(region_attributes)

BOOST_AUTO_TEST_CASE(rows_are_found_by_code_whatever_their_order) {
  std::vector<std::string> problems;
  const std::string path = table("code,name,people,slope [degree]\n0111,east,1200,3.5\n0110,west,,20\n0999,elsewhere,7,7\n");
  const auto all = read_attributes({path, "", "code", {}}, {"0110", "0111", "0112"}, problems);
  BOOST_REQUIRE(all.size() == 2U);  // names are no numbers
  BOOST_TEST(all[0].name == "people");
  BOOST_TEST(std::isnan(all[0].values[0]));  // an empty cell is not known
  BOOST_TEST(all[0].values[1] == 1200);
  BOOST_TEST(all[1].name == "slope");
  BOOST_TEST(all[1].unit == "degree");
  BOOST_TEST(all[1].values[0] == 20);
  BOOST_TEST(std::isnan(all[1].values[2]));
  BOOST_REQUIRE(problems.size() == 1U);
  BOOST_TEST(problems[0].find("1 of 3 regions") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(named_columns_are_taken_alone_and_a_missing_one_is_told) {
  std::vector<std::string> problems;
  const std::string path = table("code,people,slope [degree]\n0110,5,20\n");
  const auto one = read_attributes({path, "", "code", {"slope"}}, {"0110"}, problems);
  BOOST_REQUIRE(one.size() == 1U);
  BOOST_TEST(one[0].unit == "degree");
  BOOST_CHECK_EXCEPTION(read_attributes({path, "", "code", {"height"}}, {"0110"}, problems), Error,
                        [](const Error& e) { return e.remedy().find("people") != std::string::npos; });
  BOOST_CHECK_THROW(read_attributes({path + ".not", "", "code", {}}, {"0110"}, problems), Error);
}

BOOST_AUTO_TEST_SUITE_END()
