#include "engine/core/field_set.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"

using namespace guyu;
namespace {
TimePoint hour(int h) { return parse_time("2023-07-31T00:00Z") + std::chrono::hours{h}; }
FieldPtr field(const char* quantity, int h, std::string level = {}, std::optional<int> member = {}) {
  FieldMeta m;
  m.quantity.name = quantity;
  m.level = std::move(level);
  m.member = member;
  m.valid = {hour(h), hour(h)};
  m.source = std::string(quantity) + ".nc";
  return std::make_shared<const Field>(Field(Grid("EPSG:4326", 0, 0, 1, 1, 2, 2), std::move(m)));
}
}  // namespace
BOOST_AUTO_TEST_SUITE(field_set)

BOOST_AUTO_TEST_CASE(fields_are_found_by_their_key_and_kept_in_its_order) {
  FieldSet set;
  for (const FieldPtr& f : {field("wind", 3), field("rain", 6), field("rain", 0), field("rain", 0, "", 2), field("rain", 3), field("rain", 0, "2 m")})
    set.insert(f);
  std::string order;
  for (const auto& [key, f] : set) order += key.describe() + "\n";
  BOOST_TEST(order ==
             "rain, 2023-07-31T00:00:00Z\nrain, 2023-07-31T03:00:00Z\nrain, 2023-07-31T06:00:00Z\nrain, member 2, 2023-07-31T00:00:00Z\n"
             "rain at 2 m, 2023-07-31T00:00:00Z\nwind, 2023-07-31T03:00:00Z\n");
  const FieldPtr f = set.at({"rain", "", 2, {hour(0), hour(0)}});
  BOOST_TEST(*f->meta.member == 2);
  BOOST_TEST(set.series("rain").size() == 3U);
  BOOST_TEST((set.series("rain").back()->meta.valid.end == hour(6)));
  BOOST_TEST(set.series("snow").empty());
  BOOST_TEST(!set.find({"rain", "", {}, {hour(0), hour(3)}}));  // an amount is not the instant at its end
}

BOOST_AUTO_TEST_CASE(a_missed_lookup_lists_the_nearest_keys_first) {
  FieldSet set;
  for (int h = 0; h < 10; ++h) set.insert(field("rain", h));
  set.insert(field("wind", 20));
  BOOST_CHECK_EXCEPTION(set.at({"rain", "", {}, {hour(20), hour(20)}}), Error, [](const Error& e) {
    return e.reason().find("rain, 2023-07-31T20") != std::string::npos && e.remedy().find("are rain, 2023-07-31T09") != std::string::npos &&
           e.remedy().find("7 more") != std::string::npos && e.remedy().find("wind") == std::string::npos;
  });
  BOOST_CHECK_THROW(FieldSet().at({"rain", "", {}, {}}), Error);
}

BOOST_AUTO_TEST_CASE(a_second_field_for_a_key_is_refused) {
  FieldSet set;
  set.insert(field("rain", 0));
  BOOST_CHECK_EXCEPTION(set.insert(field("rain", 0)), Error, [](const Error& e) { return e.place() == "rain.nc"; });
  BOOST_TEST(set.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
