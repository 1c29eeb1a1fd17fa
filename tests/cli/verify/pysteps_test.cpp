#include <boost/test/unit_test.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/verify/inputs.h"
#include "engine/core/atomic_file.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
BOOST_AUTO_TEST_SUITE(pysteps_comparison)

// The radar frame itself as the forecast, 30 min ahead, from 13 frames of the Netherlands on 26 August 2010.
// The expected figures were computed with pysteps 1.21.3 (detcatscore, detcontscore and fss, sums pooled over
// the cases); docs/scores.md says which options repeat its rules.
BOOST_AUTO_TEST_CASE(persistence_of_the_archive_case_gets_the_figures_of_pysteps) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string radar = data + "/radar/knmi_20100826", root = test::temporary_folder("pysteps");
  std::vector<std::string> frames, problems;
  for (const char* t : {"0030", "0100", "0130", "0200", "0230", "0300", "0330", "0400", "0430", "0500", "0530", "0600", "0630"})
    frames.push_back(radar + "/RAD_NL25_RAP_5min_20100826" + t + ".h5");
  for (const cli::verify::FieldEntry& e : cli::verify::list_fields(frames, "rainfall_rate", problems)) {
    const Field rate = std::move(cli::verify::load_fields_as({&e, 1}, "rainfall_rate").front());
    const TimePoint issue = rate.meta.valid.end, valid = issue + Seconds(1800);
    GridNetcdfWriter writer(root + "/fc/" + to_compact(issue) + ".nc", rate.grid(), {"persistence", "test", "", {}, issue});
    const std::size_t v = writer.add({"rainfall_rate", "rain rate", quantities::rainfall_rate(), TimeKind::instant, {{valid, valid}}, "surface"});
    writer.write(v, 0, rate.view());
    writer.close();
  }
  BOOST_REQUIRE(guyu_run({"verify", root + "/fc", radar + "/*.h5", "--event", "above", "--missing-forecast", "zero", "--thresholds", "1,5", "--bootstrap", "0",
                          "--out", root + "/out", "--quiet"}) == 0);
  const auto json = nlohmann::json::parse(read_text_file(root + "/out/scores.json"));
  const auto& lead = json["leads"][0];
  BOOST_TEST(lead["pairs"] == 1783977);
  const auto& table = lead["events"][0]["table"];
  BOOST_TEST((table["hits"] == 77618 && table["false_alarms"] == 130487 && table["misses"] == 137284 && table["correct_negatives"] == 1438588));
  const std::map<std::string, double> expected{{"mae", 0.424537},     {"mean_error", -0.00769759}, {"rmse", 0.879278},     {"mae_wet", 0.661297},
                                               {"csi 1", 0.224726},   {"pod 1", 0.361179},         {"far 1", 0.627025},    {"fss 1 1", 0.366982},
                                               {"fss 1 5", 0.428092}, {"fss 1 11", 0.486057},      {"fss 1 21", 0.553684}, {"csi 5", 0.0187856},
                                               {"fss 5 21", 0.147499}};
  std::size_t seen = 0;
  for (const auto& s : lead["scores"]) {
    std::string name = s["score"];
    for (const char* key : {"threshold", "scale_cells"})
      if (s.contains(key)) name += " " + std::to_string(s[key].get<int>());
    const auto e = expected.find(name);
    if (e == expected.end()) continue;
    ++seen;
    BOOST_TEST_CONTEXT(name)
    BOOST_TEST(s["value"].get<double>() == e->second, boost::test_tools::tolerance(1e-5));
  }
  BOOST_TEST(seen == expected.size());
}

BOOST_AUTO_TEST_SUITE_END()
