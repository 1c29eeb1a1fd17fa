#include "engine/cells/track_comparison.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "tests/engine/cells/storm_scene.h"

using namespace guyu;
using namespace guyu::test;
namespace tt = boost::test_tools;
namespace {

StormTrack at(std::uint32_t id, double row, double column, double u = 0) {
  StormTrack t;
  t.id = id, t.cell.centroid = {row, column}, t.u = u, t.moves = true;
  return t;
}

struct Pairing {
  Plane frame{kRows, kColumns, 40};
  TrackComparison comparison{GridScale(kilometre_grid(kRows, kColumns))};
  int k = 0;
  void add(const std::vector<StormTrack>& tracks, const std::vector<ReferenceCell>& cells) {
    comparison.add(kStart + Seconds{300 * k++}, tracks, cells, std::as_const(frame).view());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(track_comparison)

BOOST_AUTO_TEST_CASE(cells_are_paired_one_to_one_with_the_least_sum_of_distances) {
  Pairing p;
  // The nearest track of both is the first one; only one may have it.
  p.add({at(1, 50, 50), at(2, 50, 57)}, {{"A", {50, 51}}, {"B", {50, 49}}, {"C", {50, 80}}});
  const auto rows = p.comparison.rows();
  BOOST_REQUIRE(rows.size() == 3U);
  BOOST_TEST(rows[0].distance_km == 6, tt::tolerance(2e-3));
  BOOST_TEST(rows[1].distance_km == 1, tt::tolerance(2e-3));
  BOOST_TEST((rows[2].found == 0 && std::isnan(rows[2].distance_km)));
  BOOST_TEST(rows[2].nearest_km == 23, tt::tolerance(2e-3));
  BOOST_TEST(rows[2].highest == 40);
}

BOOST_AUTO_TEST_CASE(motions_differ_as_vectors_and_count_apart_once_a_cell_is_old) {
  Pairing p;
  for (int k = 0; k < 4; ++k) p.add({at(1, 50, 50.0 + k, 0.01)}, {{"A", {50, 50.0 + k}, k > 0, 0.003 * (k == 1 ? 0 : 1), k == 1 ? 0.03 : 0.014}});
  const auto r = p.comparison.rows().at(0);
  BOOST_TEST((r.frames == 4 && r.found == 4 && r.by_one_track == 4 && r.motion.count == 3 && r.late_motion.count == 2));
  BOOST_TEST(r.motion.mean_m_s == (20 + 5 + 5) / 3.0, tt::tolerance(2e-3));
  BOOST_TEST(r.late_motion.mean_m_s == 5, tt::tolerance(2e-3));
  const TrackScore s = score_of(p.comparison.rows());
  BOOST_TEST((s.cells == 1 && s.found_cells == 1 && s.places == 4 && s.found_places == 4));
  BOOST_TEST(s.late_motion.mean_m_s == 5, tt::tolerance(2e-3));
}

BOOST_AUTO_TEST_CASE(a_motion_that_the_reference_itself_misses_by_counts_apart) {
  Pairing p;
  for (int k = 0; k < 3; ++k) p.add({at(1, 50, 50.0 + k, 0.01)}, {{"A", {50, 50.0 + k}, true, 0, k == 1 ? 0.03 : 0.012, k == 1 ? 8.0 : 1.0}});
  const auto r = p.comparison.rows().at(0);
  BOOST_TEST((r.motion.count == 3 && r.sound_motion.count == 2));
  BOOST_TEST(r.motion.mean_m_s == (2 + 20 + 2) / 3.0, tt::tolerance(2e-3));
  BOOST_TEST(r.sound_motion.mean_m_s == 2, tt::tolerance(2e-3));
}

BOOST_AUTO_TEST_CASE(a_track_whose_motion_is_not_known_yet_is_found_and_has_no_motion_to_differ) {
  Pairing p;
  StormTrack t = at(1, 50, 50);
  t.moves = false;
  p.add({t}, {{"A", {50, 50}, true, 0, 0.03}});
  const auto r = p.comparison.rows().at(0);
  BOOST_TEST((r.found == 1 && r.motion.count == 0));
}

BOOST_AUTO_TEST_CASE(a_name_that_comes_back_is_another_cell_and_short_lives_do_not_score) {
  Pairing p;
  for (const bool there : {true, true, false, true}) {
    if (there) p.add({at(1, 50, 50)}, {{"A", {50, 50}}});
    else p.add({at(1, 50, 50)}, {});
  }
  BOOST_TEST(p.comparison.rows().size() == 2U);
  const TrackScore s = score_of(p.comparison.rows());
  BOOST_TEST((s.cells == 0 && s.places == 0 && std::isnan(s.motion.mean_m_s)));
}

BOOST_AUTO_TEST_CASE(what_the_frame_does_not_see_is_counted_and_not_a_miss) {
  Pairing p;
  p.frame.row(20)[20] = kNaN;
  p.add({}, {{"A", {20, 20}}, {"B", {-5, 20}}, {"C", {50, 50}}});
  BOOST_TEST(p.comparison.outside() == 2);
  BOOST_TEST(p.comparison.rows().size() == 1U);
  BOOST_TEST(std::isnan(p.comparison.rows()[0].nearest_km));  // no track at all
}

BOOST_AUTO_TEST_CASE(the_motion_that_meets_the_later_place_is_the_better_one) {
  Pairing p;
  // The storm goes 3 km in 5 minutes, as the track says; the reference says 6 km.
  for (int k = 0; k < 3; ++k) p.add({at(1, 50, 50.0 + 3 * k, 0.01)}, {{"A", {50, 50.0 + 3 * k}, true, 0, 0.02}});
  const auto a = p.comparison.ahead(2);
  BOOST_TEST((a.cells == 1 && a.minutes == 10));
  BOOST_TEST(std::abs(a.by_track_km) < 0.02);
  BOOST_TEST(a.by_reference_km == 6, tt::tolerance(2e-3));
  BOOST_TEST(a.standing_km == 6, tt::tolerance(2e-3));
  BOOST_TEST(p.comparison.ahead(1).cells == 2);
  BOOST_TEST(std::isnan(p.comparison.ahead(3).by_track_km));
}

BOOST_AUTO_TEST_SUITE_END()
