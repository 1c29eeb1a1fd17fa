#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "engine/post/threshold.h"
#include "engine/post/vicinity.h"
#include "tests/engine/post/known_answers.h"

using namespace guyu;
using test::Cube;
namespace {

// Planes by member, then threshold, then radius of vicinity in cells (none: as they are).
std::vector<Plane> thresholded(const Cube& in, const std::vector<Threshold>& thresholds, Comparison comparison = Comparison::above) {
  std::vector<Plane> all;
  for (const Plane& p : in.planes) {
    for (const Threshold& t : thresholds) {
      Plane truth(p.ny, p.nx);
      apply_threshold(p.view(), t, comparison, truth.view());
      all.push_back(std::move(truth));
    }
  }
  return all;
}

std::vector<Plane> near(const std::vector<Plane>& in, const std::vector<std::int64_t>& radii, const Plane* land = nullptr) {
  std::vector<Plane> all;
  for (const Plane& p : in) {
    for (const std::int64_t radius : radii) {
      Plane out(p.ny, p.nx);
      vicinity(p.view(), radius, VicinityStatistic::maximum, land ? std::optional(land->view()) : std::nullopt, out.view());
      all.push_back(std::move(out));
    }
  }
  return all;
}

// Mean over the first axis: planes k, k + each, ...
std::vector<Plane> collapsed(const std::vector<Plane>& in, std::size_t each) {
  std::vector<Plane> all;
  for (std::size_t k = 0; k < each; ++k) {
    std::vector<FieldView<const float>> of;
    for (std::size_t p = k; p < in.size(); p += each) of.push_back(in[p].view());
    Plane mean(in[0].ny, in[0].nx);
    mean_of_planes(of, mean.view());
    all.push_back(std::move(mean));
  }
  return all;
}

}  // namespace
BOOST_AUTO_TEST_SUITE(known_threshold)

BOOST_AUTO_TEST_CASE(thresholds_of_temperature_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/threshold/";
  const Cube in = test::read_cube(at + "basic/input.nc");
  const auto answer = [&](const std::string& name) { return test::read_cube(at + name + "/kgo.nc"); };
  const UnitConversion from_celsius = convert_units("degC", "K");
  test::check_answer("threshold/basic", thresholded(in, {exact_threshold(280)}), answer("basic"));
  test::check_answer("threshold/below_threshold", thresholded(in, {exact_threshold(280)}, Comparison::at_most), answer("below_threshold"));
  test::check_answer("threshold/multiple_thresholds", thresholded(in, {exact_threshold(270), exact_threshold(280), exact_threshold(290)}),
                     answer("multiple_thresholds"));
  test::check_answer("threshold/threshold_units", thresholded(in, {exact_threshold(6.85).in_units(from_celsius)}), answer("threshold_units"));
  test::check_answer("threshold/fuzzy_factor", thresholded(in, {fuzzy_threshold(280, 0.99)}), answer("fuzzy_factor"));
  test::check_answer("threshold/fuzzy_bounds", thresholded(in, {bounded_threshold(280, 277.2, 282.8)}), answer("fuzzy_factor"));
  test::check_answer("threshold/threshold_units_fuzzy_factor", thresholded(in, {fuzzy_threshold(6.85, 0.2).in_units(from_celsius)}),
                     answer("threshold_units_fuzzy_factor"), {1e-5, 1e-7});
  test::check_answer("threshold/coord_collapse", collapsed(thresholded(in, {exact_threshold(280)}), 1), answer("coord_collapse"));
  test::check_answer("threshold/cell_method", collapsed(thresholded(in, {exact_threshold(280)}), 1), answer("cell_method"));
}

BOOST_AUTO_TEST_CASE(collapsed_thresholds_skip_missing_members) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/threshold/";
  Cube in = test::read_cube(at + "masked_collapse/input.nc");
  test::check_answer("threshold/masked_collapse", collapsed(thresholded(in, {exact_threshold(500)}), 1), test::read_cube(at + "masked_collapse/kgo.nc"));
  for (Plane& p : in.planes) {  // no cloud: its base is above any threshold
    for (float& v : p.values) v = std::isnan(v) ? std::numeric_limits<float>::infinity() : v;
  }
  test::check_answer("threshold/masked_collapse filled", collapsed(thresholded(in, {exact_threshold(500)}), 1),
                     test::read_cube(at + "masked_collapse/kgo_mask_filled.nc"));
  const Cube sites = test::read_cube(at + "percentile_collapse/input.nc");
  test::check_answer("threshold/percentile_collapse", collapsed(thresholded(sites, {exact_threshold(5)}), 1),
                     test::read_cube(at + "percentile_collapse/kgo.nc"));
}

BOOST_AUTO_TEST_CASE(thresholds_in_the_vicinity_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/threshold/vicinity/";
  const UnitConversion from_mm_h{1 / 3.6e6, 0};
  std::vector<Threshold> limits;
  for (const double mm_h : {0.03, 0.1, 1.0}) limits.push_back(exact_threshold(mm_h).in_units(from_mm_h));
  const Cube in = test::read_cube(at + "input.nc");
  const std::vector<Plane> truth = thresholded(in, limits);
  const Plane land = test::read_cube(at + "landmask.nc").planes[0];
  test::check_answer("threshold/vicinity", near(truth, {5}), test::read_cube(at + "kgo.nc"));
  test::check_answer("threshold/vicinity collapsed", collapsed(near(truth, {5}), 3), test::read_cube(at + "kgo_collapsed.nc"));
  test::check_answer("threshold/vicinity two radii", collapsed(near(truth, {5, 10}), 6), test::read_cube(at + "kgo_multiple_vicinities.nc"));
  test::check_answer("threshold/vicinity landmask", near(truth, {5}, &land), test::read_cube(at + "kgo_landmask.nc"));
  test::check_answer("threshold/vicinity landmask collapsed", collapsed(near(truth, {5}, &land), 3), test::read_cube(at + "kgo_landmask_collapsed.nc"));
  test::check_answer("threshold/vicinity masked", near(thresholded(test::read_cube(at + "masked_precip.nc"), limits), {5}),
                     test::read_cube(at + "kgo_masked.nc"));
}

BOOST_AUTO_TEST_CASE(fuzzy_thresholds_of_a_masked_nowcast_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/threshold/nowcast/";
  const Cube answer = test::read_cube(at + "kgo_masked.nc");
  std::vector<Threshold> limits;
  for (const double m : test::read_values(at + "kgo_masked.nc", "threshold")) {
    const double mm = std::round(m * 1e5) / 100;
    limits.push_back((mm == 0 ? exact_threshold(0) : fuzzy_threshold(mm, 0.9)).in_units(convert_units("mm", "m")));
  }
  test::check_answer("threshold/nowcast", near(thresholded(test::read_cube(at + "masked_precip.nc"), limits), {1, 2}), answer, {1e-5, 1e-6});
}

BOOST_AUTO_TEST_CASE(vicinities_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/vicinity/";
  const Cube lightning = test::read_cube(at + "lightning.nc");
  test::check_answer("vicinity/10000", near(lightning.planes, {5}), test::read_cube(at + "kgo_10000.nc"));
  test::check_answer("vicinity/10000 no cell method", near(lightning.planes, {5}), test::read_cube(at + "kgo_10000_no_cell_method.nc"));
  test::check_answer("vicinity/50000", near(lightning.planes, {25}), test::read_cube(at + "kgo_50000.nc"));
  test::check_answer("vicinity/two radii", near(lightning.planes, {5, 10}), test::read_cube(at + "kgo_multiple_radii.nc"));
  const Plane land = test::read_cube(at + "landmask.nc").planes[0];
  const Cube in = test::read_cube(at + "input.nc");
  test::check_answer("vicinity/50000 masked", near(in.planes, {25}, &land), test::read_cube(at + "kgo_50000_masked.nc"));
  for (const char* name : {"max", "mean", "min", "std"}) {
    std::vector<Plane> ours;
    for (const Plane& p : lightning.planes) {
      Plane out(p.ny, p.nx);
      vicinity(p.view(), 10, parse_vicinity_statistic(name), std::nullopt, out.view());
      ours.push_back(std::move(out));
    }
    test::check_answer(std::string("vicinity/operator ") + name, ours, test::read_cube(at + "operator/kgo_" + name + ".nc"), {1e-5, 1e-7});
    if (std::string(name) == "mean") test::check_answer("vicinity/new name", ours, test::read_cube(at + "kgo_new_name.nc"), {1e-5, 1e-7});
  }
}

BOOST_AUTO_TEST_CASE(probabilities_between_thresholds_have_the_published_answers) {
  const std::string root = test::known_answers();
  if (root.empty()) return;
  const std::string at = root + "/between-thresholds/";
  const Cube in = test::read_cube(at + "input.nc");
  std::vector<Plane> ours;
  for (const std::size_t k : {0U, 1U}) {
    Plane out(in.planes[0].ny, in.planes[0].nx);
    probability_between(in.planes[k].view(), in.planes[k + 1].view(), true, out.view());
    ours.push_back(std::move(out));
  }
  test::check_answer("between-thresholds", ours, test::read_cube(at + "kgo.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
