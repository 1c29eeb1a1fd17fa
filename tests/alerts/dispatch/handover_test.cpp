#include "alerts/dispatch/handover.h"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "alerts/dispatch/handover_rows.h"
#include "engine/core/error.h"
#include "tests/alerts/dispatch/station_case.h"

using namespace guyu;
using namespace guyu::test;

BOOST_AUTO_TEST_SUITE(handover)

BOOST_AUTO_TEST_CASE(a_handover_survives_its_file) {
  Station s("handover");
  Handover h = s.handover(0, "yo?.");
  h.risk.rows[2].evidence.observed = std::numeric_limits<double>::quiet_NaN();
  h.risk.rows[2].evidence.data_age = Seconds::max();
  h.risk.rows[1].hazard = "wind", h.risk.rows[1].evidence.unit = "m s-1", h.risk.rows[1].evidence.already_reached = true;
  h.risk.rows[1].probability = {1, 0.5F, 0.25F, 0}, h.risk.rows[1].unknown_share = 0.125F;
  h.settings.book.hazards["wind"].inhibits = {"rainstorm"};
  h.degraded = {"radar: late\nradar: gone"};
  const std::string bytes = to_bytes(h);
  const Handover back = handover_from_bytes(bytes, "x");
  BOOST_TEST(to_bytes(back) == bytes);
  BOOST_TEST(std::isnan(back.risk.rows[2].evidence.observed));
  BOOST_TEST((back.risk.rows[1].level == Level::orange));
  BOOST_TEST(back.risk.rows[1].hazard == "wind");
  BOOST_TEST(back.risk.rows[1].evidence.unit == "m s-1");
  BOOST_TEST((back.risk.rows[1].evidence.already_reached && !back.risk.rows[0].evidence.already_reached));
  BOOST_TEST((back.risk.rows[1].probability == h.risk.rows[1].probability));
  BOOST_TEST(back.degraded == h.degraded, boost::test_tools::per_element());
  h.risk.rows.clear();
  BOOST_TEST(handover_from_bytes(to_bytes(h), "x").risk.rows.empty());
  BOOST_CHECK_THROW(handover_from_bytes("[]", "x"), Error);
}

BOOST_AUTO_TEST_CASE(a_handover_with_any_byte_changed_or_cut_off_is_refused) {
  Station s("handover_damaged");
  const std::string bytes = to_bytes(s.handover(0, "yo?."));
  const std::size_t rows = bytes.find('\n') + 1;
  BOOST_REQUIRE(rows < bytes.size());
  for (std::size_t at = rows; at < bytes.size(); at += 3) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 4);
    BOOST_CHECK_EXCEPTION(handover_from_bytes(other, "inbox/1"), Error, [](const Error& e) { return e.place() == "inbox/1" && !e.remedy().empty(); });
    BOOST_CHECK_THROW(handover_from_bytes(std::string_view(bytes).substr(0, at), "x"), Error);
  }
  BOOST_CHECK_THROW(handover_from_bytes(bytes + "more", "x"), Error);
  BOOST_CHECK_THROW(unpack_rows(std::size_t{1} << 60, {}, "short"), Error);
}

// What a run of an older version left in the inbox, and what the store kept of it.
BOOST_AUTO_TEST_CASE(a_handover_of_version_1_is_still_read) {
  Station s("handover_1");
  const Handover h = s.handover(0, "yo?.");
  const std::string bytes = to_bytes(h);
  nlohmann::json j = nlohmann::json::parse(bytes.substr(0, bytes.find('\n')));
  j["version"] = 1;
  nlohmann::json columns{{"names", {"rainstorm", h.risk.rows[0].evidence.rule}}};
  for (const RiskRow& r : h.risk.rows) {
    const auto seconds = [](TimePoint t) { return t.time_since_epoch().count(); };
    const Evidence& e = r.evidence;
    columns["region"].push_back(r.region), columns["hazard"].push_back(0), columns["level"].push_back(static_cast<int>(r.level));
    columns["valid_begin"].push_back(seconds(r.valid.begin)), columns["valid_end"].push_back(seconds(r.valid.end));
    columns["rule"].push_back(1), columns["window_begin"].push_back(seconds(e.window.begin)), columns["window_end"].push_back(seconds(e.window.end));
    columns["threshold"].push_back(e.threshold), columns["observed"].push_back(e.observed), columns["forecast"].push_back(e.forecast);
    columns["coverage"].push_back(e.coverage), columns["data_age"].push_back(e.data_age.count()), columns["reached"].push_back(e.already_reached);
    columns["share"].push_back(e.probability), columns["probability"].push_back(r.probability), columns["unknown_share"].push_back(r.unknown_share);
  }
  j["rows"] = columns;
  const Handover back = handover_from_bytes(j.dump(), "x");
  BOOST_REQUIRE(back.risk.rows.size() == h.risk.rows.size());
  for (std::size_t i = 0; i < h.risk.rows.size(); ++i) {
    BOOST_TEST((back.risk.rows[i].level == h.risk.rows[i].level));
    BOOST_TEST(back.risk.rows[i].region == h.risk.rows[i].region);
    BOOST_TEST(back.risk.rows[i].evidence.threshold == h.risk.rows[i].evidence.threshold);
  }
  BOOST_TEST(evidence_from_json(j.dump(), "x").regions == h.regions);
  AlertStore store(s.folder.store(), Database::Mode::write);
  Desk desk(store, s.folder, s.config);
  BOOST_TEST(words(desk.work({"0-1-1.cycle.json", j.dump(), "root"}, minute(0))).find("issue:onset:Orange") == 0U);
}

BOOST_AUTO_TEST_CASE(the_store_keeps_the_trails_of_what_was_decided_and_no_table) {
  Station s("handover_evidence");
  AlertStore store(s.folder.store(), Database::Mode::write);
  Desk desk(store, s.folder, s.config);
  const auto kept = [&](int m, const std::string& letters) {
    Handover h = s.handover(m, letters);
    for (const Region& r : s.regions.regions) h.risk.trails.push_back({r.code, "rainstorm", {}});
    desk.work(read_item(s.folder, put_item(s.folder, "cycle", to_bytes(h))), minute(m));
    const Handover e = evidence_from_json(store.newest_cycle()->evidence, "x");
    BOOST_TEST(e.risk.rows.empty());
    std::string codes;
    for (const RegionTrail& t : e.risk.trails) codes += t.code + " ";
    return codes;
  };
  BOOST_TEST(kept(0, "y..o") == "r000c000 r000c003 ");
  BOOST_TEST(kept(10, "y..o") == "");
  BOOST_TEST(kept(20, "y.yo") == "r000c002 ");
}

BOOST_AUTO_TEST_SUITE_END()
