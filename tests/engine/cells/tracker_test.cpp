#include "engine/cells/tracker.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/engine/cells/storm_scene.h"

using namespace guyu;
using namespace guyu::test;

BOOST_AUTO_TEST_SUITE(tracker)

BOOST_AUTO_TEST_CASE(a_moving_storm_keeps_its_name_and_shows_its_velocity) {
  Scene s;
  s.motion = uniform_motion(kRows, kColumns, 0.01F, 0);  // 10 m/s east
  for (int k = 0; k < 6; ++k) s.frame(5 * k, {{60, 30 + 3.0 * k}, {20, 100 + 3.0 * k}});
  BOOST_REQUIRE(s.tracker.tracks().size() == 2U);
  for (const StormTrack& t : s.tracker.tracks()) {
    BOOST_TEST(t.points.size() == 6U);
    BOOST_TEST(t.age().count() == 1500);
    BOOST_TEST(t.u == 0.01, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(std::abs(t.v) < 1e-5);
    BOOST_TEST(s.scale.direction_deg(60, t.v, t.u) == 90, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(std::abs(t.area_growth_per_s) < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(the_storms_own_path_outweighs_the_motion_field) {
  Scene s;
  for (int k = 0; k < 6; ++k) s.frame(5 * k, {{60, 30 + 3.0 * k}});
  BOOST_REQUIRE(s.tracker.tracks().size() == 1U);
  BOOST_TEST((s.track(1).u > 0.006 && s.track(1).u < 0.01));
}

BOOST_AUTO_TEST_CASE(first_guess_finds_a_fast_storm_between_two_frames) {
  Scene s;
  s.motion = uniform_motion(kRows, kColumns, 0.05F, 0.02F);
  s.frame(0, {{30, 30}, {30, 60}});
  s.frame(10, {{42, 60}, {42, 90}});  // each stands where the other one stood
  BOOST_REQUIRE(s.tracker.tracks().size() == 2U);
  BOOST_TEST(s.track(1).points.back().place.column == 60, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(s.track(2).points.back().place.column == 90, boost::test_tools::tolerance(1e-2));
}

BOOST_AUTO_TEST_CASE(without_a_motion_field_nothing_is_known_of_the_first_frames_motion_until_the_second_tells) {
  Scene s;
  s.motion.reset();
  s.frame(0, {{30, 30}, {30, 60}});
  BOOST_TEST(!s.track(1).moves);
  BOOST_TEST(1e3 * s.track(1).velocity_error_km_s > 10);
  s.motion = uniform_motion(kRows, kColumns, 0.05F, 0.02F);
  s.frame(10, {{42, 60}, {42, 90}});  // each stands where the other one stood
  BOOST_REQUIRE(s.tracker.tracks().size() == 2U);
  BOOST_TEST(s.track(1).moves);
  BOOST_TEST(s.track(1).points.back().place.column == 60, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(s.track(1).u == 0.05, boost::test_tools::tolerance(1e-2));
  BOOST_TEST(1e3 * s.track(1).velocity_error_km_s < 12);
}

BOOST_AUTO_TEST_CASE(two_frames_without_a_motion_field_show_the_motion_by_the_path_alone) {
  Scene s;
  s.motion.reset();
  s.frame(0, {{60, 30}});
  s.frame(5, {{60, 33}});
  BOOST_TEST(s.track(1).moves);
  BOOST_TEST((s.track(1).u > 0.005 && s.track(1).u < 0.01));
}

BOOST_AUTO_TEST_CASE(a_new_cell_moves_as_the_tracks_about_it_more_than_as_the_field) {
  // Two storms go east at 10 m/s in a field of motion that stands still, as wide rain about them may; then a third comes up between them.
  Scene s;
  for (int k = 0; k < 6; ++k) s.frame(5 * k, {{30, 30 + 3.0 * k}, {90, 30 + 3.0 * k}});
  s.frame(30, {{30, 48}, {90, 48}, {60, 50}});
  BOOST_REQUIRE(s.tracker.tracks().size() == 3U);
  const double shown = 0.5 * (s.track(1).u + s.track(2).u);
  BOOST_TEST((s.track(3).u > 0.5 * shown && s.track(3).u < shown));
  BOOST_TEST(std::abs(s.track(3).v) < 1e-4);
  // Alone it has the field, and a track of two frames is no witness.
  Scene lone;
  lone.frame(0, {{30, 30}});
  lone.frame(5, {{30, 33}, {60, 50}});
  BOOST_TEST(lone.track(2).u == 0);
}

BOOST_AUTO_TEST_CASE(a_track_survives_one_frame_without_its_storm_and_not_two) {
  Scene s;
  s.frame(0, {{60, 30}});
  s.frame(5, {{60, 31}});
  s.frame(10, {});
  BOOST_TEST((!s.track(1).ended && !s.track(1).seen()));
  s.frame(15, {{60, 33}});
  BOOST_TEST(s.tracker.tracks().size() == 1U);
  BOOST_TEST(s.track(1).seen());
  s.frame(20, {}), s.frame(25, {});
  BOOST_TEST(s.track(1).ended);
  s.frame(30, {{60, 36}});
  BOOST_TEST(s.tracker.tracks().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_split_names_its_parent_and_makes_no_velocity) {
  Scene s;
  for (int k = 0; k < 3; ++k) s.frame(5 * k, {{60, 60, 55, 1}});
  s.frame(15, {{60, 52, 55, 1.6}, {60, 74, 52, 1.6}});
  BOOST_REQUIRE(s.tracker.tracks().size() == 2U);
  BOOST_TEST((s.track(2).parents == std::vector<std::uint32_t>{1}));
  BOOST_TEST((s.track(1).children == std::vector<std::uint32_t>{2}));
  BOOST_TEST(std::abs(s.track(1).u) < 1e-3);
}

BOOST_AUTO_TEST_CASE(a_merger_ends_one_track_and_names_it_in_the_other) {
  Scene s;
  for (int k = 0; k < 3; ++k) s.frame(5 * k, {{60, 52, 55, 1.6}, {60, 74, 52, 1.6}});
  BOOST_REQUIRE(s.tracker.tracks().size() == 2U);
  s.frame(15, {{60, 60, 55, 1}});
  BOOST_TEST(s.tracker.tracks().size() == 2U);
  const StormTrack &gone = s.track(1).ended ? s.track(1) : s.track(2), &stays = s.track(1).ended ? s.track(2) : s.track(1);
  BOOST_TEST((gone.ended && !stays.ended));
  BOOST_TEST((stays.parents == std::vector<std::uint32_t>{gone.id}));
  BOOST_TEST((gone.children == std::vector<std::uint32_t>{stays.id}));
  BOOST_TEST(std::abs(stays.u) < 1e-3);
}

BOOST_AUTO_TEST_CASE(small_cells_start_no_track_but_go_on_with_one) {
  Scene s;
  TrackOptions options;
  options.least_new_area_km2 = 150;
  s.tracker = CellTracker(s.scale, options);
  s.frame(0, {{60, 60, 47, 2}});  // 6 km around
  BOOST_TEST(s.tracker.tracks().empty());
  s.frame(5, {{60, 60, 51, 2}});  // 8 km
  BOOST_TEST(s.tracker.tracks().size() == 1U);
  s.frame(10, {{60, 60, 47, 2}});
  BOOST_TEST(s.track(1).seen());
  BOOST_TEST(s.track(1).points.size() == 2U);
}

BOOST_AUTO_TEST_CASE(frames_out_of_order_are_a_user_error_and_long_gaps_end_all) {
  Scene s;
  s.frame(10, {{60, 60}});
  BOOST_CHECK_THROW(s.frame(10, {{60, 60}}), Error);
  s.frame(60, {{60, 60}});
  BOOST_TEST(s.track(1).ended);
  BOOST_TEST(s.tracker.tracks().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
