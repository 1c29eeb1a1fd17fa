#include "products/score_report.h"

#include <netcdf.h>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <regex>

#include "engine/core/atomic_file.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {

// Two leads of a made-up ensemble of three members, or of a single forecast, on 20 x 20 cells.
ScoreReport made_up(std::size_t members) {
  ScoreReport r;
  r.from = {"Verification of <rain> & more", "test", "", {"a.nc 12"}, TimePoint(Seconds(1700000000))};
  r.quantity = "rainfall_rate", r.unit = "mm h-1", r.places = "grid cells";
  r.facts = {{"forecasts", "made \"up\""}};
  r.settings = {{1, 50}, {1, 5}, EventRule::at_least, 0.1, true};
  r.members = members;
  r.names = score_names(r.settings, r.ensemble());
  for (const int lead : {1, 2}) {
    std::vector<std::vector<float>> planes(members + 1, std::vector<float>(400));
    for (std::size_t m = 0; m < planes.size(); ++m)
      for (std::size_t k = 0; k < 400; ++k) planes[m][k] = static_cast<float>((k * (7 + m * static_cast<std::size_t>(lead)) + m) % 11);
    planes.back()[0] = NAN;
    std::vector<FieldView<const float>> views;
    for (const auto& p : planes) views.push_back({p.data(), 20, 20, 20});
    const auto observation = views.back();
    views.pop_back();
    LeadScores l;
    l.lead = Seconds(900 * lead);
    l.sums.add(r.settings, views, observation, 1);
    l.values = score_values(r.settings, r.ensemble(), l.sums);
    for (const double v : l.values) l.bounds.push_back({v - 0.1, v + 0.1});
    l.blocks = 4;
    r.leads.push_back(std::move(l));
  }
  return r;
}

ScoreReport warnings_only() {
  ScoreReport r;
  r.from = {"Warnings", "test", "", {}, TimePoint(Seconds(1700000000))};
  r.members = 1;
  r.warnings = {{"Blue", {3, 1, 2, 4, 1, 1, {30, 40, -5, 60}}}, {"Red", {}}};
  return r;
}

// Every element that is opened is closed, in order.
bool well_formed(const std::string& html) {
  std::vector<std::string> open;
  const std::regex tag(R"(<(/?)([a-zA-Z0-9]+)([^<>]*?)(/?)>)");
  for (std::sregex_iterator it(html.begin(), html.end(), tag), end; it != end; ++it) {
    const std::string name = (*it)[2];
    if (name == "meta" || name == "DOCTYPE" || (*it)[4] == "/") continue;
    if ((*it)[1] == "/") {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else {
      open.push_back(name);
    }
  }
  return open.empty();
}
}  // namespace
BOOST_AUTO_TEST_SUITE(score_report)

BOOST_AUTO_TEST_CASE(scores_are_found_by_name_threshold_and_scale) {
  const ScoreReport r = made_up(1);
  const std::size_t k = r.find("fss", 1, 0);
  BOOST_REQUIRE(k < r.names.size());
  BOOST_TEST((*r.names[k].threshold == 50 && *r.names[k].scale == 1));
  BOOST_TEST(r.find("crps") == r.names.size());
  BOOST_TEST(r.find("csi") == r.names.size());  // has a threshold
  BOOST_TEST(made_up(3).find("crps") < made_up(3).names.size());
}

BOOST_AUTO_TEST_CASE(numbers_show_what_they_need_and_no_score_is_a_dash) {
  BOOST_TEST(score_number(NAN) == "-");
  BOOST_TEST(score_number(0.5) == "0.500");
  BOOST_TEST(score_number(0.00012) == "0.00012");
  BOOST_TEST(score_number(1234.56) == "1234.6");
  BOOST_TEST(lead_text(Seconds(900)) == "15 min");
  BOOST_TEST(lead_text(Seconds(90)) == "1.5 min");
}

BOOST_AUTO_TEST_CASE(json_holds_every_score_and_null_where_there_is_none) {
  const ScoreReport r = made_up(3);
  const auto json = nlohmann::json::parse(score_json(r));
  BOOST_REQUIRE(json["leads"].size() == 2U);
  const auto& lead = json["leads"][0];
  BOOST_REQUIRE(lead["scores"].size() == r.names.size());
  for (std::size_t k = 0; k < r.names.size(); ++k) {
    const auto& s = lead["scores"][k];
    BOOST_TEST(s["score"] == r.names[k].name);
    if (std::isfinite(r.leads[0].values[k])) BOOST_TEST(s["value"].get<double>() == r.leads[0].values[k]);
    else BOOST_TEST(s["value"].is_null());
  }
  BOOST_TEST(lead["pairs"] == 399);
  BOOST_TEST(lead["unjudged"] == 1);
  BOOST_TEST(lead["rank_histogram"]["counts"].size() == 4U);
  BOOST_TEST(lead["events"][0]["probabilities"]["reliability_bins"].size() == 10U);
  BOOST_TEST(lead["events"][1]["probabilities"]["roc_curve"][0][1].is_null());  // no event of 50
}

BOOST_AUTO_TEST_CASE(netcdf_gives_back_each_score_at_its_place) {
  const ScoreReport r = made_up(3);
  const std::string path = test::temporary_folder("score_netcdf") + "/scores.nc";
  write_score_netcdf(path, r);
  int id = -1, v = -1;
  BOOST_REQUIRE(nc_open(path.c_str(), NC_NOWRITE, &id) == NC_NOERR);
  double fss[2][2][2], crps[2], low[2], leads[2], hits[2][2];
  BOOST_REQUIRE(nc_inq_varid(id, "fss", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_double(id, v, &fss[0][0][0]) == NC_NOERR);
  BOOST_TEST(fss[1][0][1] == r.leads[1].values[r.find("fss", 0, 1)]);
  BOOST_TEST(std::isnan(fss[1][1][1]));  // no event of 50
  BOOST_REQUIRE(nc_inq_varid(id, "crps", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_double(id, v, crps) == NC_NOERR);
  BOOST_TEST(crps[1] == r.leads[1].values[r.find("crps")]);
  BOOST_REQUIRE(nc_inq_varid(id, "crps_low", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_double(id, v, low) == NC_NOERR);
  BOOST_TEST(low[0] == r.leads[0].bounds[r.find("crps")].low);
  BOOST_REQUIRE(nc_inq_varid(id, "lead", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_double(id, v, leads) == NC_NOERR);
  BOOST_TEST(leads[1] == 1800.0);
  BOOST_REQUIRE(nc_inq_varid(id, "hits", &v) == NC_NOERR);
  BOOST_REQUIRE(nc_get_var_double(id, v, &hits[0][0]) == NC_NOERR);
  BOOST_TEST(hits[0][0] == static_cast<double>(r.leads[0].sums.tables[0].hits));
  nc_close(id);
  BOOST_CHECK_NO_THROW(write_score_netcdf(path, warnings_only()));
  BOOST_CHECK_NO_THROW(write_score_netcdf(path, made_up(1)));
}

BOOST_AUTO_TEST_CASE(the_page_is_whole_needs_nothing_else_and_escapes_text) {
  for (const ScoreReport& r : {made_up(1), made_up(3), warnings_only()}) {
    const std::string html = score_html(r);
    BOOST_TEST(well_formed(html));
    for (const char* outside : {"http", "<script", "src=", "href=", "url(", "@import", "nan", "inf\""})
      BOOST_TEST(html.find(outside) == std::string::npos, outside);
  }
  const std::string html = score_html(made_up(3));
  BOOST_TEST(html.find("Verification of &lt;rain&gt; &amp; more") != std::string::npos);
  for (const char* part : {"CSI", "Reliability, 15 min", "ROC, 30 min", "Rank histogram", "Spread and error"})
    BOOST_TEST(html.find(part) != std::string::npos, part);
  BOOST_TEST(score_html(made_up(1)).find("Rank histogram") == std::string::npos);
  BOOST_TEST(score_html(warnings_only()).find("35 min") != std::string::npos);  // median of -5, 30, 40, 60
}

BOOST_AUTO_TEST_CASE(the_terminal_gets_tables_of_all_that_is_there) {
  const std::string text = score_text(made_up(3));
  for (const char* part : {"at least 1 mm h-1", "CSI", "fair CRPS", "5x5", "ROC area", "15 min"}) BOOST_TEST(text.find(part) != std::string::npos, part);
  BOOST_TEST(score_text(made_up(1)).find("CRPS") == std::string::npos);
  BOOST_TEST(score_text(warnings_only()).find("Blue") != std::string::npos);
}

// Units come from files, and names of files need not be UTF-8.
BOOST_AUTO_TEST_CASE(text_of_files_breaks_neither_page_nor_json) {
  ScoreReport r = made_up(1);
  r.unit = "<b>mm & h";
  r.from.inputs = {"rain\xff.nc 12"};
  r.problems = {"<i>\xfe"};
  BOOST_TEST(score_html(r).find("<b>") == std::string::npos);
  BOOST_TEST(score_html(r).find("<i>") == std::string::npos);
  const auto json = nlohmann::json::parse(score_json(r));
  BOOST_TEST(json["inputs"].size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
