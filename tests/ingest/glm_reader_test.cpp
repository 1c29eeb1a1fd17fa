#include "ingest/glm_reader.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "engine/core/error.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
namespace {

// Three flashes, the last one degraded; times packed as the product packs them.
std::string glm_file(bool without_times = false, bool milliseconds = false) {
  const std::string path = test::temporary_folder("glm") + "/flashes.nc";
  test::NetcdfWriter w(path, NC_CLOBBER | NC_NETCDF4);
  const int n = w.dim("number_of_flashes", 3);
  const int lon = w.variable("flash_lon", NC_FLOAT, {n}), lat = w.variable("flash_lat", NC_FLOAT, {n}),
            quality = w.variable("flash_quality_flag", NC_SHORT, {n});
  const int subpoint = w.variable("nominal_satellite_subpoint_lon", NC_FLOAT, {});
  if (!without_times) {
    const int t = w.variable("flash_time_offset_of_first_event", NC_SHORT, {n});
    w.text(t, "_Unsigned", "true");
    w.text(t, "units", milliseconds ? "milliseconds since 2018-07-02 04:33:00.000" : "seconds since 2018-07-02 04:33:00.000");
    w.number(t, "scale_factor", NC_FLOAT, {milliseconds ? 1 : 0.001}), w.number(t, "add_offset", NC_FLOAT, {milliseconds ? -5000.0 : -5.0});
    w.put(t, {4500, 10'000, 20'000});
  }
  w.text(NC_GLOBAL, "time_coverage_start", "2018-07-02T04:33:00.0Z");
  w.text(NC_GLOBAL, "time_coverage_end", "2018-07-02T04:33:20.0Z");
  w.put(lon, {-90.5, -75, -60}), w.put(lat, {35.25, 0, 10}), w.put(quality, {0, 0, 3}), w.put(subpoint, {-75.2});
  return path;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(glm_reader)

BOOST_AUTO_TEST_CASE(good_flashes_have_time_and_place_and_bad_ones_are_told_of) {
  const FlashRecord r = read_glm_flashes(glm_file());
  BOOST_REQUIRE(r.flashes.size() == 2U);
  BOOST_TEST(to_iso(r.flashes[0].time) == "2018-07-02T04:32:59Z");  // 0.5 s before its file
  BOOST_TEST(to_iso(r.flashes[1].time) == "2018-07-02T04:33:05Z");
  BOOST_TEST((r.flashes[0].longitude == -90.5 && r.flashes[0].latitude == 35.25));
  BOOST_TEST(r.notes.size() == 1U);
  BOOST_REQUIRE(r.watched.size() == 1U);
  BOOST_TEST(r.watched[0].length().count() == 20);
  BOOST_TEST((r.sees(-100, 40) && !r.sees(-100, 60) && !r.sees(10, 0)));
}

BOOST_AUTO_TEST_CASE(older_files_count_milliseconds) {
  const FlashRecord seconds = read_glm_flashes(glm_file()), milliseconds = read_glm_flashes(glm_file(false, true));
  BOOST_REQUIRE(milliseconds.flashes.size() == 2U);
  for (std::size_t k = 0; k < 2; ++k) BOOST_TEST((seconds.flashes[k].time == milliseconds.flashes[k].time));
}

BOOST_AUTO_TEST_CASE(a_file_without_flashes_is_refused) {
  BOOST_CHECK_THROW(read_glm_flashes(glm_file(true)), Error);
  BOOST_CHECK_THROW(read_glm_flashes(test::temporary_folder("glm_absent") + "/none.nc"), Error);
}

BOOST_AUTO_TEST_CASE(real_files_have_flashes_in_view_and_at_their_time) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  const std::string folder = data + "/lightning/glm/glmtools/test/data/";
  FlashRecord all;
  std::size_t single = 0;
  for (const char* name :
       {"OR_GLM-L2-LCFA_G16_s20181830433000_e20181830433200_c20181830433231.nc", "OR_GLM-L2-LCFA_G16_s20181830433200_e20181830433400_c20181830433424.nc",
        "OR_GLM-L2-LCFA_G16_s20181830433400_e20181830434000_c20181830434029.nc"}) {
    const FlashRecord r = read_glm_flashes(folder + name);
    BOOST_TEST(r.flashes.size() > 100U);
    single += r.flashes.size();
    all.merge(r);
  }
  BOOST_TEST(all.flashes.size() == single);
  const TimePoint begin = parse_time("2018-07-02T04:33:00Z"), end = parse_time("2018-07-02T04:34:00Z");
  for (const Flash& f : all.flashes) {
    BOOST_TEST((f.time >= begin - Seconds{10} && f.time <= end));
    BOOST_TEST(std::abs(f.latitude) < 57);
  }
  BOOST_TEST(all.watched_share({begin, end}) == 1);
  BOOST_TEST(all.watched_share({begin - Seconds{60}, end}) == 0.5);
}

BOOST_AUTO_TEST_SUITE_END()
