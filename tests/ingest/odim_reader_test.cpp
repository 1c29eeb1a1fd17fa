#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/error.h"
#include "ingest/reader.h"
#include "tests/ingest/refusal.h"
#include "tests/support/hdf5_writer.h"
#include "tests/support/test_data.h"

using namespace guyu;
using test::Hdf5Writer;
using test::says;
namespace {

constexpr const char* kLaea = "+proj=laea +lat_0=55.0 +lon_0=10.0 +x_0=0 +y_0=0 +units=m +ellps=WGS84";

// Four columns and three rows of 1 km; the centre of the projection is the outer upper left corner.
void write_head(Hdf5Writer& w, const std::string& object, const std::string& where) {
  w.text("/", "Conventions", "ODIM_H5/V2_2");
  w.text("/what", "object", object);
  w.text("/what", "date", "20180824");
  w.text("/what", "time", "180000");
  w.text(where, "projdef", kLaea);
  w.number(where, "xsize", 4), w.number(where, "ysize", 3);
  w.number(where, "xscale", 1000), w.number(where, "yscale", 1000);
  w.number(where, "UL_lon", 10), w.number(where, "UL_lat", 55);
}
void write_data(Hdf5Writer& w, const std::string& dataset, const std::string& data, const std::string& quantity, double gain, double offset) {
  w.text(dataset + "/" + data + "/what", "quantity", quantity);
  w.number(dataset + "/" + data + "/what", "gain", gain);
  w.number(dataset + "/" + data + "/what", "offset", offset);
  w.number(dataset + "/" + data + "/what", "nodata", 255);
  w.number(dataset + "/" + data + "/what", "undetect", 0);
  w.plane(dataset + "/" + data, "data", 3, 4, {255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, H5T_STD_U8LE);
}

}  // namespace
BOOST_AUTO_TEST_SUITE(odim_reader_)

BOOST_AUTO_TEST_CASE(texts_may_be_fixed_variable_or_arrays_of_one) {
  const std::string path = test::temporary_folder("odim") + "/rate.h5";
  for (const auto form : {Hdf5Writer::Text::fixed, Hdf5Writer::Text::variable, Hdf5Writer::Text::array_of_one}) {
    {
      Hdf5Writer w(path);
      w.text_as = form;
      write_head(w, "COMP", "/where");
      write_data(w, "/dataset1", "data1", "RATE", 0.5, -0.5);
    }
    const FileFields file = read_file(path);
    BOOST_REQUIRE(file.fields.size() == 1U);
    const Field& f = file.fields[0];
    BOOST_TEST(f.meta.format == "ODIM_H5");
    BOOST_TEST((f.meta.quantity == quantities::rainfall_rate()));
    BOOST_TEST(to_iso(f.meta.valid.end) == "2018-08-24T18:00:00Z");
    BOOST_TEST((f.meta.kind == TimeKind::instant));
    BOOST_TEST(f.grid().crs() == kLaea);
    BOOST_TEST(std::abs(f.grid().x(0) - 500) < 1e-6);
    BOOST_TEST(std::abs(f.grid().y(0) + 500) < 1e-6);
    BOOST_TEST(std::isnan(f.view()(0, 0)));  // nodata: never seen
    BOOST_TEST(f.view()(0, 1) == 0.0F);      // undetect: seen and dry, not offset + gain * 0
    BOOST_TEST(f.view()(0, 2) == 0.0F);
    BOOST_TEST(f.view()(2, 3) == 4.5F);
  }
}

BOOST_AUTO_TEST_CASE(amounts_carry_their_interval_and_attributes_are_inherited) {
  const std::string path = test::temporary_folder("odim") + "/acrr.h5";
  {
    Hdf5Writer w(path);
    write_head(w, "IMAGE", "/dataset1/data1/where");
    w.text("/dataset1/what", "startdate", "20180824"), w.text("/dataset1/what", "starttime", "170000");
    w.text("/dataset1/what", "enddate", "20180824"), w.text("/dataset1/what", "endtime", "180000");
    write_data(w, "/dataset1", "data1", "ACRR", 1, 0);
  }
  const Field f = std::move(read_file(path).fields.at(0));
  BOOST_TEST((f.meta.quantity == quantities::precipitation_amount()));
  BOOST_TEST((f.meta.kind == TimeKind::accumulation));
  BOOST_TEST(to_iso(f.meta.valid.begin) == "2018-08-24T17:00:00Z");
  BOOST_TEST(f.view()(2, 3) == 10.0F);
}

BOOST_AUTO_TEST_CASE(several_datasets_and_quantities_are_all_delivered_and_bad_ones_named) {
  const std::string path = test::temporary_folder("odim") + "/many.h5";
  {
    Hdf5Writer w(path);
    write_head(w, "COMP", "/where");
    write_data(w, "/dataset1", "data1", "DBZH", 0.5, -32);
    write_data(w, "/dataset1", "data2", "QIND", 0.1, 0);
    write_data(w, "/dataset2", "data1", "RATE", 1, 0);
    write_data(w, "/dataset3", "data1", "ACRR", 1, 0);  // no interval
  }
  const FileFields file = read_file(path);
  BOOST_REQUIRE(file.fields.size() == 3U);
  BOOST_TEST((file.fields[0].meta.quantity == quantities::reflectivity()));
  BOOST_TEST(file.fields[0].view()(0, 1) == -32.0F);
  BOOST_TEST(std::isnan(file.fields[1].view()(0, 1)));  // a quality index has no "dry"
  BOOST_REQUIRE(file.problems.size() == 1U);
  BOOST_TEST(file.problems[0].find("/dataset3/data1") != std::string::npos);
  BOOST_TEST(read_file(path, {{"rainfall_rate"}}).fields.size() == 1U);
}

BOOST_AUTO_TEST_CASE(polar_objects_missing_attributes_and_contradicting_sizes_are_named) {
  const std::string path = test::temporary_folder("odim") + "/bad.h5";
  {
    Hdf5Writer w(path);
    write_head(w, "PVOL", "/where");
    write_data(w, "/dataset1", "data1", "DBZH", 1, 0);
  }
  says(path, "polar");
  {
    Hdf5Writer w(path);
    w.text("/", "Conventions", "ODIM_H5/V2_2");
  }
  says(path, "object");
  {
    Hdf5Writer w(path);
    write_head(w, "COMP", "/where");
  }
  says(path, "/dataset1/data1");
  {
    Hdf5Writer w(path);
    write_head(w, "COMP", "/where");
    w.text("/dataset1/data1/what", "quantity", "RATE");
    w.plane("/dataset1/data1", "data", 2, 2, {1, 2, 3, 4}, H5T_STD_U8LE);
  }
  says(path, "2 x 2");
  {
    Hdf5Writer w(path);
    write_head(w, "COMP", "/elsewhere");
    write_data(w, "/dataset1", "data1", "RATE", 1, 0);
  }
  says(path, "projdef");
}

BOOST_AUTO_TEST_CASE(real_composites_agree_with_numbers_taken_by_another_reader) {
  const std::string data = test::real_data();
  if (data.empty()) return;
  // h5py: raw == nodata, raw == undetect counted
  const Field rate = std::move(read_file(data + "/radar/opera_20180824/T_PAAH21_C_EUOC_20180824180000.hdf", {{"rainfall_rate"}}).fields.at(0));
  const auto s = statistics(rate.view());
  BOOST_TEST(s.missing == 2085857);
  const auto values = rate.values();
  BOOST_TEST(std::count(values.begin(), values.end(), 0.0F) >= 1605989);
  // The stated lower right corner, projected by GDAL, is the outer corner of the last cell.
  BOOST_TEST(std::abs(rate.grid().x(-0.5) - 0) < 1.0);
  BOOST_TEST(std::abs(rate.grid().y(-0.5) - 0) < 1.0);
  // Sizes and corner stand in data1/where, corner as CRS coordinates; h5py: 134374 NaN, mean 1.9387369.
  const Field amount = std::move(read_file(data + "/radar/polar/belgium.comp.hdf").fields.at(0));
  BOOST_TEST(statistics(amount.view()).missing == 134374);
  BOOST_TEST(std::abs(statistics(amount.view()).mean - 1.9387369) < 1e-5);
  BOOST_TEST(amount.grid().x(-0.5) == 300000.0);
  BOOST_TEST(amount.grid().y(699.5) == 300000.0);
  BOOST_TEST(to_iso(amount.meta.valid.begin) == "2019-06-05T23:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
