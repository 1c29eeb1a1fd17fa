#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "engine/config/param_spec.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "models/computed_series.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(model_registry)

BOOST_AUTO_TEST_CASE(each_model_is_found_by_its_own_name_and_gives_a_series_of_its_own) {
  std::set<std::string> names, given;
  for (const SeriesModel* m : series_models()) {
    const ModelInfo& info = m->info();
    BOOST_TEST(names.insert(info.name).second, info.name << " stands twice");
    BOOST_TEST(given.insert(info.quantity + " " + info.statistic).second, info.quantity << " is given twice");
    BOOST_TEST(&series_model(info.name) == m);
    BOOST_TEST_REQUIRE(std::filesystem::exists("docs/models/" + info.name + ".md"), info.name << " has no page");
    const std::string page = read_text_file("docs/models/" + info.name + ".md");
    for (const char* part : {"What it means", "Inputs", "Equation", "Source", "Limits", "Example"})
      BOOST_TEST(page.find("\n## " + std::string(part) + "\n") != std::string::npos, info.name << "'s page does not say: " << part);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_name_lists_the_models_and_guesses) {
  const auto said = [](const char* name) -> std::string {
    try {
      series_model(name);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  BOOST_TEST(said("flash_flod").find("did you mean \"flash_flood\"?") != std::string::npos, said("flash_flod"));
  for (const SeriesModel* m : series_models()) BOOST_TEST(said("nothing").find(m->info().name) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(defaults_are_words_or_numbers_in_the_declared_unit_and_within_their_bounds) {
  for (const SeriesModel* m : series_models()) {
    const ModelParams params = default_params(*m);
    BOOST_TEST(params.numbers.size() + params.words.size() == m->info().params.size());
    for (const ParamSpec& p : m->info().params) {
      BOOST_TEST(!p.doc.empty(), p.key);
      if (params.words.contains(p.key)) continue;
      const double v = params.at(p.key);
      if (p.min < p.max) BOOST_TEST((v >= p.min && v <= p.max), m->info().name << "." << p.key << " is " << v);
    }
  }
  // A duration in seconds, a quantity in its own unit, a word as it is.
  BOOST_TEST(default_params(series_model("landslide_ratio")).at("longest") == 48 * 3600.0);
  BOOST_TEST(default_params(series_model("waterlogging")).at("drainage_capacity") == 30.0);
  BOOST_TEST(default_params(series_model("flash_flood")).word("runoff") == "curve-number");
}

BOOST_AUTO_TEST_CASE(every_model_has_a_table_of_its_parameters) {
  const auto tables = model_tables();
  BOOST_REQUIRE(tables.size() == series_models().size());
  for (std::size_t k = 0; k < tables.size(); ++k) {
    BOOST_TEST(tables[k].name == series_models()[k]->info().name);
    BOOST_TEST(tables[k].params.size() == series_models()[k]->info().params.size());
  }
}

BOOST_AUTO_TEST_SUITE_END()
