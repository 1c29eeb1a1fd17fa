#include "engine/hydrology/xinanjiang_parameters.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

namespace guyu {
namespace {

const std::string kSoil = R"([[soil]]
class = 3
calibrated_on = "a gauge, 2001-2010"
evaporation_factor = 0.9
upper_mm = 15
lower_mm = 80
deep_mm = 40
curve = 0.4
deep_evaporation = 0.16
impervious = 0.02
free_mm = 30
free_curve = 1.4
interflow_rate = 0.3
groundwater_rate = 0.4
interflow_recession = 0.7
groundwater_recession = 0.99
)";

std::string written(const std::string& text) {
  const std::string path = test::temporary_folder("xinanjiang_parameters") + "/soil.toml";
  write_file_atomically(path, text);
  return path;
}

std::string with(std::string line, const std::string& instead) {
  std::string text = kSoil;
  text.replace(text.find(line), line.size(), instead);
  return text;
}

std::string complaint(const std::string& text) {
  try {
    read_xinanjiang_parameters(written(text));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(xinanjiang_parameters)

BOOST_AUTO_TEST_CASE(sets_are_read_by_class) {
  const auto soils = read_xinanjiang_parameters(written(kSoil + with("class = 3\ncalibrated_on = \"a gauge, 2001-2010\"", "class = 7")));
  BOOST_TEST_REQUIRE(soils.size() == 2);
  BOOST_TEST((soils[0].soil_class == 3 && soils[1].soil_class == 7));
  BOOST_TEST(soils[0].calibrated_on == "a gauge, 2001-2010");
  BOOST_TEST(soils[1].calibrated_on.empty());
  const XinanjiangParameters& p = soils[0].parameters;
  BOOST_TEST((p.evaporation_factor == 0.9 && p.upper_mm == 15 && p.lower_mm == 80 && p.deep_mm == 40 && p.curve == 0.4 && p.deep_evaporation == 0.16));
  BOOST_TEST((p.impervious == 0.02 && p.free_mm == 30 && p.free_curve == 1.4 && p.interflow_rate == 0.3 && p.groundwater_rate == 0.4));
  BOOST_TEST((p.interflow_recession == 0.7 && p.groundwater_recession == 0.99 && p.stable_infiltration_mm_h == 0));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_with_its_line) {
  const auto has = [](const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; };
  const std::string high = complaint(with("free_mm = 30", "free_mm = 300"));
  BOOST_TEST(has(high, "soil.toml:11:"), high);
  BOOST_TEST(has(high, "outside 5 to 80"), high);
  BOOST_TEST(has(complaint(with("free_curve = 1.4\n", "")), "free_curve"));
  BOOST_TEST(has(complaint(with("free_curve", "free_curv")), "did you mean"));
  BOOST_TEST(has(complaint(with("interflow_rate = 0.3", "interflow_rate = 0.65")), "soil.toml:13:"));  // with groundwater_rate above 1
  BOOST_TEST(has(complaint(kSoil + kSoil), "class 3 is told twice"));
  BOOST_TEST(has(complaint("# nothing\n"), "soil"));
}

BOOST_AUTO_TEST_CASE(the_built_in_set_lies_within_the_bounds) {
  const XinanjiangParameters p;
  check(p);
  const std::vector<ParamSpec> specs = xinanjiang_spec().tables.front().params;
  const auto within = [&](const std::string& key, double value) {
    for (const ParamSpec& s : specs)
      if (s.key == key) return value >= s.min && value <= s.max;
    return false;
  };
  BOOST_TEST((within("upper_mm", p.upper_mm) && within("lower_mm", p.lower_mm) && within("deep_mm", p.deep_mm) && within("curve", p.curve)));
  BOOST_TEST((within("free_mm", p.free_mm) && within("free_curve", p.free_curve) && within("interflow_rate", p.interflow_rate)));
  BOOST_TEST((within("groundwater_recession", p.groundwater_recession) && within("evaporation_factor", p.evaporation_factor)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
