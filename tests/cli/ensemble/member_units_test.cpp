#include "cli/ensemble/member_units.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;

namespace {
MemberTable table_of(int member) { return {{1.5F * static_cast<float>(member), 2}, {0.5F, 1}, {0.25}, {7, 8}}; }
}  // namespace

BOOST_AUTO_TEST_SUITE(member_units)

BOOST_AUTO_TEST_CASE(members_of_several_writers_come_back_together) {
  const std::string folder = test::temporary_folder("units") + "/members";
  BOOST_TEST(MemberUnits(folder, "key", "run").load().empty());
  MemberUnits a(folder, "key", "a"), b(folder, "key", "b");
  a.keep(3, table_of(3));
  b.keep(0, table_of(0));
  a.keep(1, table_of(1));
  const auto all = MemberUnits(folder, "key", "run").load();
  BOOST_REQUIRE(all.size() == 3U);
  for (const int m : {0, 1, 3}) BOOST_TEST((all.at(m) == table_of(m)));
  BOOST_TEST(MemberUnits(folder, "other", "run").load().empty());
}

BOOST_AUTO_TEST_CASE(what_is_cut_short_changed_or_not_in_a_manifest_does_not_exist) {
  const std::string folder = test::temporary_folder("units_damaged") + "/members";
  MemberUnits units(folder, "key", "run");
  for (int m = 0; m < 4; ++m) units.keep(m, table_of(m));
  const std::string whole = read_text_file(folder + "/member_0001.unit");
  std::ofstream(folder + "/member_0001.unit", std::ios::binary) << whole.substr(0, whole.size() - 1);
  std::string changed = read_text_file(folder + "/member_0002.unit");
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
  std::ofstream(folder + "/member_0002.unit", std::ios::binary) << changed;
  std::filesystem::copy(folder + "/member_0003.unit", folder + "/member_0007.unit");
  const auto all = units.load();
  BOOST_TEST(all.size() == 2U);
  BOOST_TEST((all.count(0) == 1 && all.count(3) == 1));
  std::ofstream(folder + "/run.manifest.json") << "{";
  BOOST_TEST(units.load().empty());
}

BOOST_AUTO_TEST_SUITE_END()
