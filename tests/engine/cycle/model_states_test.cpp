#include "engine/cycle/model_states.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {
const ModelStates kStates{{"flood", {parse_time("2024-05-01T00:00:00Z"), {{"soil_water", {1, 2.5F, std::nanf("")}}}}},
                          {"fire", {parse_time("2024-05-01T04:00:00Z"), {{"ffmc", {85, 86, 87}}, {"dc", {15, 16, 17}}}}}};
}
BOOST_AUTO_TEST_SUITE(model_states)

BOOST_AUTO_TEST_CASE(states_come_back_as_they_were) {
  const std::string path = test::temporary_folder("model_states") + "/models.nc";
  std::string problem;
  BOOST_TEST(load_model_states(path, "abc", 3, problem).empty());
  BOOST_TEST(problem.empty());
  save_model_states(path, "abc", 3, kStates);
  const ModelStates back = load_model_states(path, "abc", 3, problem);
  BOOST_TEST(problem.empty(), problem);
  BOOST_REQUIRE(back.size() == 2U);
  BOOST_TEST((back.at("fire").at == parse_time("2024-05-01T04:00:00Z")));
  BOOST_TEST(back.at("fire").values.at("dc") == (std::vector<float>{15, 16, 17}), boost::test_tools::per_element());
  BOOST_TEST(back.at("flood").values.at("soil_water")[1] == 2.5F);
  BOOST_TEST(std::isnan(back.at("flood").values.at("soil_water")[2]));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_and_one_of_other_regions_begin_anew_and_say_so) {
  const std::string path = test::temporary_folder("model_states_bad") + "/models.nc";
  save_model_states(path, "abc", 3, kStates);
  std::string problem;
  BOOST_TEST(load_model_states(path, "other", 3, problem).empty());
  BOOST_TEST(problem.find("other regions") != std::string::npos);
  BOOST_TEST(load_model_states(path, "abc", 4, problem = "").empty());
  BOOST_TEST(problem.find("number of regions") != std::string::npos);
  const std::string whole = read_text_file(path);
  for (const std::size_t n : {std::size_t{0}, std::size_t{10}, whole.size() / 3, whole.size() / 2, whole.size() - 20}) {
    write_file_atomically(path, whole.substr(0, n));
    problem.clear();
    BOOST_TEST(load_model_states(path, "abc", 3, problem).empty());
    BOOST_TEST(problem.find("anew") != std::string::npos, n);
  }
}

BOOST_AUTO_TEST_CASE(values_of_other_regions_are_refused) {
  const std::string path = test::temporary_folder("model_states_size") + "/models.nc";
  BOOST_CHECK_THROW(save_model_states(path, "abc", 2, kStates), Error);
}

BOOST_AUTO_TEST_SUITE_END()
