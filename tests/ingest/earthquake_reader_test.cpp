#include "ingest/earthquake_reader.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/support/test_data.h"

namespace guyu {
namespace {

std::string file(const std::string& content) {
  const std::string path = test::temporary_folder("earthquake") + "/event";
  write_file_atomically(path, content);
  return path;
}

const char* const kQuakeml = R"(<?xml version="1.0"?>
<q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters publicID="x"><event publicID="quake/1">
<preferredOriginID>o2</preferredOriginID>
<origin publicID="o1"><time><value>2008-05-12T06:28:00Z</value></time><latitude><value>30</value></latitude><longitude><value>100</value></longitude></origin>
<origin publicID="o2"><time><value>2008-05-12T06:28:01.570Z</value></time><latitude><value>31.002</value></latitude><longitude><value>103.322</value></longitude>
<depth><value>19000</value></depth></origin>
<magnitude publicID="m1"><mag><value>8.0</value></mag><type>Ms</type></magnitude></event></eventParameters></q:quakeml>)";

}  // namespace

BOOST_AUTO_TEST_SUITE(earthquake_reader)

BOOST_AUTO_TEST_CASE(quakeml_gives_the_preferred_origin) {
  const Earthquake e = read_earthquake(file(kQuakeml));
  BOOST_TEST(e.id == "quake/1");
  BOOST_TEST(to_iso(e.time) == "2008-05-12T06:28:01Z");
  BOOST_TEST(e.longitude == 103.322);
  BOOST_TEST(e.latitude == 31.002);
  BOOST_TEST(e.depth_km == 19);
  BOOST_TEST(e.magnitude == 8);
  BOOST_TEST(e.magnitude_type == "Ms");
  BOOST_TEST(std::isnan(e.strike));
}

BOOST_AUTO_TEST_CASE(geojson_of_usgs_and_plain_json_say_the_same) {
  const Earthquake a = read_earthquake(file(
      R"({"type":"Feature","id":"us1","properties":{"mag":6.5,"magType":"mww","time":1404289800000},"geometry":{"type":"Point","coordinates":[103.3,27.2,12]}})"));
  const Earthquake b = read_earthquake(file(
      R"({"id":"us1","time":"2014-07-02T08:30:00Z","longitude":103.3,"latitude":27.2,"depth_km":12,"magnitude":6.5,"strike":160,"rupture":[[103.3,27.2],[103.4,27]]})"));
  BOOST_TEST(to_iso(a.time) == to_iso(b.time));
  BOOST_TEST(a.longitude == b.longitude);
  BOOST_TEST(a.depth_km == b.depth_km);
  BOOST_TEST(a.magnitude == b.magnitude);
  BOOST_TEST(b.strike == 160);
  BOOST_REQUIRE(b.rupture.size() == 2U);
  BOOST_TEST(b.rupture[1].first == 103.4);
  BOOST_TEST(a.rupture.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_earthquake_is_refused_by_name) {
  for (const char* bad : {"", "[]", "{}", "<a/>", "<quakeml><event/></quakeml>", "<broken", R"({"type":"FeatureCollection","features":[]})",
                          R"({"time":"2014-07-02T08:30:00Z","longitude":103.3,"latitude":97,"magnitude":6})",
                          R"({"time":"2014-07-02T08:30:00Z","longitude":103.3,"latitude":27,"magnitude":60})",
                          R"({"time":"soon","longitude":103.3,"latitude":27,"magnitude":6})", R"({"type":"Feature","properties":null,"geometry":[1]})",
                          R"({"time":"2014-07-02T08:30:00Z","longitude":103.3,"latitude":27,"magnitude":6,"rupture":[3]})"})
    BOOST_CHECK_THROW(read_earthquake(file(bad)), Error);
  BOOST_CHECK_THROW(read_earthquake("absent.json"), Error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace guyu
