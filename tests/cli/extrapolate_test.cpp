#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>

#include "engine/core/atomic_file.h"
#include "engine/cycle/observed_rain.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"
#include "tests/cli/guyu_run.h"
#include "tests/cli/moving_showers.h"
#include "tests/support/test_data.h"

using namespace guyu;
using guyu::test::guyu_run;
using guyu::test::shower_frame;

BOOST_AUTO_TEST_SUITE(extrapolate)

BOOST_AUTO_TEST_CASE(showers_arrive_where_their_motion_takes_them) {
  const std::string folder = test::temporary_folder("extrapolate");
  const std::string a = shower_frame(folder, 0), b = shower_frame(folder, 5), c = shower_frame(folder, 10), truth = shower_frame(folder, 40);
  BOOST_REQUIRE(guyu_run({"extrapolate", "--input", b, c, a, "--leads", "30,15", "--out", folder + "/out.nc"}) == 0);
  const FileFields out = read_file(folder + "/out.nc");
  BOOST_REQUIRE(out.fields.size() == 2U);
  BOOST_TEST(out.fields[0].meta.quantity.name == "rainfall_rate");
  BOOST_TEST(to_iso(out.fields[1].meta.valid.end) == "2024-07-01T00:40:00Z");
  const Field expected = std::move(read_file(truth).fields.at(0));
  double error = 0, size = 0;
  for (std::size_t k = 0; k < expected.values().size(); ++k) {
    const float v = std::as_const(out.fields[1]).values()[k];
    if (std::isnan(v)) continue;
    error += std::abs(double{v} - double{expected.values()[k]});
    size += double{expected.values()[k]};
  }
  BOOST_TEST(error < 0.15 * size);
}

BOOST_AUTO_TEST_CASE(frames_before_the_motion_span_change_nothing_in_whatever_order) {
  const std::string folder = test::temporary_folder("extrapolate_many");
  std::vector<std::string> all;
  for (int minute = 0; minute <= 60; minute += 5) all.push_back(shower_frame(folder, minute));
  const auto values = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"extrapolate", "--leads", "20", "--out", folder + "/out.nc", "--input"});
    BOOST_REQUIRE(guyu_run(words) == 0);
    const FileFields file = read_file(folder + "/out.nc");
    const auto v = file.fields.at(0).values();
    return std::vector<float>(v.begin(), v.end());
  };
  const auto newest = values({all.end() - 5, all.end()}), ascending = values(all), descending = values({all.rbegin(), all.rend()});
  const auto same = [](const std::vector<float>& a, const std::vector<float>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
  };
  BOOST_TEST(same(ascending, newest));
  BOOST_TEST(same(descending, newest));
}

BOOST_AUTO_TEST_CASE(frames_too_far_apart_or_of_one_time_are_user_errors) {
  const std::string folder = test::temporary_folder("extrapolate_apart");
  const std::string a = shower_frame(folder, 0), b = shower_frame(folder, 90);
  BOOST_TEST(guyu_run({"extrapolate", "--input", a, b, "--out", folder + "/o.nc"}) == 2);
  BOOST_TEST(guyu_run({"extrapolate", "--input", a, a, "--out", folder + "/o.nc"}) == 2);
  BOOST_TEST(!std::filesystem::exists(folder + "/o.nc"));
}

// Against no motion at all: a frame 30 minutes on is nearer to the extrapolated rain than to the rain that stays where it is.
BOOST_AUTO_TEST_CASE(real_rain_is_foreseen_better_than_by_standing_still) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(data + "/radar/knmi_20100826")) {
    if (entry.path().extension() == ".h5") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  BOOST_REQUIRE(files.size() > 50U);
  const std::string out = test::temporary_folder("extrapolate_knmi") + "/out.nc";
  BOOST_REQUIRE(guyu_run({"extrapolate", "--input", files[40], files[41], files[42], files[43], "--leads", "30", "--out", out}) == 0);
  const FileFields ahead = read_file(out), now = read_file(files[43]), truth = read_file(files[49]);
  BOOST_TEST((ahead.fields.at(0).meta.valid.end == truth.fields.at(0).meta.valid.end));
  const Field rate = as_rate(truth.fields[0]), still = as_rate(now.fields.at(0));
  BOOST_REQUIRE(ahead.fields[0].values().size() == rate.values().size());
  double error = 0, without = 0;
  for (std::size_t k = 0; k < rate.values().size(); ++k) {
    const double a = double{ahead.fields[0].values()[k]} - double{rate.values()[k]}, s = double{still.values()[k]} - double{rate.values()[k]};
    if (std::isnan(a) || std::isnan(s)) continue;
    error += std::abs(a);
    without += std::abs(s);
  }
  BOOST_TEST_MESSAGE("KNMI, 30 min: mean absolute error " << error / without << " of that of standing still");
  BOOST_TEST(error < 0.9 * without);
}

BOOST_AUTO_TEST_CASE(bad_leads_single_frames_and_files_without_rain_are_user_errors) {
  const std::string folder = test::temporary_folder("extrapolate_bad");
  const std::string a = shower_frame(folder, 0), b = shower_frame(folder, 5);
  for (const char* leads : {"", "0", "15,", "x", "15,-5", "100000"})
    BOOST_TEST(guyu_run({"extrapolate", "--input", a, b, "--leads", leads, "--out", folder + "/o.nc"}) == 2, leads);
  BOOST_TEST(guyu_run({"extrapolate", "--input", a, "--out", folder + "/o.nc"}) == 2);
  write_file_atomically(folder + "/junk", "not a radar frame");
  BOOST_TEST(guyu_run({"extrapolate", "--input", a, folder + "/junk", "--out", folder + "/o.nc"}) == 2);
  BOOST_TEST(!std::filesystem::exists(folder + "/o.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
