#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>

#include "cli/app.h"
#include "engine/core/atomic_file.h"
#include "ingest/reader.h"
#include "products/grid_netcdf.h"
#include "tests/support/test_data.h"

using namespace guyu;

namespace {
int guyu_run(std::vector<std::string> words) {
  words.insert(words.begin(), "guyu");
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  return cli::run_app(static_cast<int>(argv.size()), argv.data());
}

// Rounded showers that move 4 columns in 5 minutes.
std::string frame(const std::string& folder, int minute) {
  const Grid grid("+proj=laea +lat_0=30 +lon_0=110 +units=m +ellps=WGS84 +no_defs", 0, 0, 1000, 1000, 160, 120);
  const TimePoint t = parse_time("2024-07-01T00:00:00Z") + Seconds(60 * minute);
  Field f(grid, {quantities::rainfall_rate(), TimeKind::instant, {t, t}, t, "surface", {}, "", ""});
  for (std::int64_t j = 0; j < grid.ny(); ++j) {
    for (std::int64_t i = 0; i < grid.nx(); ++i) {
      double rain = 0;
      for (const auto& [row, column] : {std::pair{40.0, 40.0}, {70.0, 60.0}, {85.0, 30.0}}) {
        const double dy = static_cast<double>(j) - row, dx = static_cast<double>(i) - column - 0.8 * minute;
        rain += 30 * std::exp(-(dx * dx + dy * dy) / 60);
      }
      f.view()(j, i) = static_cast<float>(rain);
    }
  }
  const std::string path = fmt::format("{}/f{:02}.nc", folder, minute);
  GridNetcdfWriter writer(path, grid, {"frame", "test", "", {}, t});
  writer.write(writer.add({"rainfall_rate", "", quantities::rainfall_rate(), TimeKind::instant, {{t, t}}, "surface"}), 0, std::as_const(f).view());
  writer.close();
  return path;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(extrapolate)

BOOST_AUTO_TEST_CASE(showers_arrive_where_their_motion_takes_them) {
  const std::string folder = test::temporary_folder("extrapolate");
  const std::string a = frame(folder, 0), b = frame(folder, 5), c = frame(folder, 10), truth = frame(folder, 40);
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

BOOST_AUTO_TEST_CASE(bad_leads_single_frames_and_files_without_rain_are_user_errors) {
  const std::string folder = test::temporary_folder("extrapolate_bad");
  const std::string a = frame(folder, 0), b = frame(folder, 5);
  for (const char* leads : {"", "0", "15,", "x", "15,-5", "100000"}) BOOST_TEST(guyu_run({"extrapolate", "--input", a, b, "--leads", leads, "--out", folder + "/o.nc"}) == 2, leads);
  BOOST_TEST(guyu_run({"extrapolate", "--input", a, "--out", folder + "/o.nc"}) == 2);
  write_file_atomically(folder + "/junk", "not a radar frame");
  BOOST_TEST(guyu_run({"extrapolate", "--input", a, folder + "/junk", "--out", folder + "/o.nc"}) == 2);
  BOOST_TEST(!std::filesystem::exists(folder + "/o.nc"));
}

BOOST_AUTO_TEST_SUITE_END()
