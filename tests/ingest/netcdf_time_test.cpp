#include "ingest/netcdf_time.h"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "engine/core/error.h"
#include "tests/support/netcdf_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::NetcdfWriter;
namespace {

constexpr const char* kHours = "hours since 2020-06-01 00:00:00";

// Where plane `index` of variable "rain" stands in time, in a file that `fill` makes.
FieldMeta placed(const std::function<void(NetcdfWriter&)>& fill, const std::vector<std::size_t>& index,
                 const Quantity& quantity = quantities::precipitation_amount()) {
  const std::string path = test::temporary_folder("netcdf-time") + "/file.nc";
  {
    NetcdfWriter w(path);
    fill(w);
  }
  const NetcdfFile f(path);
  FieldMeta meta;
  meta.quantity = quantity;
  NetcdfTimes(f, *f.find("rain")).place(index, meta);
  return meta;
}

int scalar(NetcdfWriter& w, const std::string& name, const std::string& standard, const std::string& units) {
  const int v = w.variable(name, NC_DOUBLE, {});
  if (!standard.empty()) w.text(v, "standard_name", standard);
  w.text(v, "units", units);
  return v;
}

void is(const FieldMeta& m, TimeKind kind, const std::string& begin, const std::string& end, const std::string& reference) {
  BOOST_TEST((m.kind == kind));
  BOOST_TEST(to_iso(m.valid.begin) == begin);
  BOOST_TEST(to_iso(m.valid.end) == end);
  BOOST_TEST(to_iso(m.reference) == reference);
}

}  // namespace
BOOST_AUTO_TEST_SUITE(netcdf_time)

BOOST_AUTO_TEST_CASE(each_step_has_its_own_interval_by_the_bounds_whatever_their_order) {
  const auto fill = [](NetcdfWriter& w) {
    const int t = w.axis("time", "time", kHours, 2), n = w.dim("nv", 2);
    int id = w.variable("time_bounds", NC_DOUBLE, {t, n});
    const int rain = w.variable("rain", NC_FLOAT, {t});
    w.text(rain, "cell_methods", "area: mean time: sum");
    int time = 0;  // the coordinate variable is the first of the file
    w.text(time, "bounds", "time_bounds");
    w.put("time", {2.5, 3.5});
    w.put(id, {2, 3, 4, 3});
  };
  is(placed(fill, {0}), TimeKind::accumulation, "2020-06-01T02:00:00Z", "2020-06-01T03:00:00Z", "2020-06-01T03:00:00Z");
  is(placed(fill, {1}), TimeKind::accumulation, "2020-06-01T03:00:00Z", "2020-06-01T04:00:00Z", "2020-06-01T04:00:00Z");
}

BOOST_AUTO_TEST_CASE(reference_and_lead_make_the_valid_time) {
  const auto fill = [](NetcdfWriter& w) {
    const int lead = w.axis("lead", "forecast_period", "min", 3);
    w.variable("rain", NC_FLOAT, {lead});
    const int issued = scalar(w, "issued", "forecast_reference_time", kHours);
    w.put("lead", {0, 30, 90});
    w.put(issued, {6});
  };
  is(placed(fill, {2}), TimeKind::instant, "2020-06-01T07:30:00Z", "2020-06-01T07:30:00Z", "2020-06-01T06:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_scalar_time_holds_for_every_plane_and_a_start_beside_it_makes_an_interval) {
  const auto fill = [](NetcdfWriter& w) {
    const int level = w.dim("level", 4);
    w.variable("rain", NC_FLOAT, {level});
    const int end = scalar(w, "valid_time", "time", kHours), start = scalar(w, "start_time", "", kHours);
    w.put(end, {5});
    w.put(start, {4.5});
  };
  is(placed(fill, {3}), TimeKind::accumulation, "2020-06-01T04:30:00Z", "2020-06-01T05:00:00Z", "2020-06-01T05:00:00Z");
  // A rate over an interval is its mean.
  BOOST_TEST((placed(fill, {3}, quantities::rainfall_rate()).kind == TimeKind::mean));
}

BOOST_AUTO_TEST_CASE(a_sum_without_an_interval_is_no_accumulation) {
  const auto fill = [](NetcdfWriter& w) {
    const int t = w.axis("time", "time", kHours, 1), rain = w.variable("rain", NC_FLOAT, {t});
    w.text(rain, "cell_methods", "time: sum");
    w.put("time", {5});
  };
  is(placed(fill, {0}), TimeKind::instant, "2020-06-01T05:00:00Z", "2020-06-01T05:00:00Z", "2020-06-01T05:00:00Z");
}

BOOST_AUTO_TEST_CASE(static_fields_stand_at_the_epoch_and_nominal_times_are_taken_last) {
  is(placed([](NetcdfWriter& w) { w.variable("rain", NC_FLOAT, {w.dim("n", 1)}); }, {0}), TimeKind::instant, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
     "1970-01-01T00:00:00Z");
  is(placed(
         [](NetcdfWriter& w) {
           w.variable("rain", NC_FLOAT, {w.dim("n", 1)});
           w.text(NC_GLOBAL, "nominal_product_time", "2018-06-01T07:00:00Z");
         },
         {0}),
     TimeKind::instant, "2018-06-01T07:00:00Z", "2018-06-01T07:00:00Z", "2018-06-01T07:00:00Z");
}

BOOST_AUTO_TEST_CASE(times_that_cannot_be_placed_are_errors) {
  for (const char* units : {"months since 2020-01-01", "hours since yesterday"}) {
    BOOST_CHECK_THROW(placed(
                          [&](NetcdfWriter& w) {
                            w.variable("rain", NC_FLOAT, {w.axis("time", "time", units, 1)});
                            w.put("time", {1});
                          },
                          {0}),
                      Error);
  }
  BOOST_CHECK_THROW(placed(
                        [](NetcdfWriter& w) {
                          w.variable("rain", NC_FLOAT, {w.axis("lead", "forecast_period", "parsecs", 1)});
                          w.put("lead", {1});
                        },
                        {0}),
                    Error);
}

BOOST_AUTO_TEST_SUITE_END()
