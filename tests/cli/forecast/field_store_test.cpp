#include "cli/forecast/field_store.h"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>

#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "hpc/parallel/parallel_for.h"
#include "products/grid_grib2.h"
#include "products/grid_netcdf.h"
#include "tests/cli/forecast/made_field.h"
#include "tests/cli/guyu_run.h"

namespace guyu::test {
namespace {

const Grid kStoreGrid("+proj=longlat +datum=WGS84 +no_defs", 109, 32, 0.25, 0.25, 13, 9);

Field stored(const char* quantity, const char* level, int hour, int member) {
  return made_field(kStoreGrid, quantity, level, hour, hour, member, [&](double x, double y) { return 280 + hour + 10 * member + 0.1 * x + 0.03 * y; });
}

// A GRIB file for each of four hours, with two members.
std::vector<std::string> store_files(const std::string& folder) {
  std::vector<std::string> files;
  for (int hour = 1; hour <= 4; ++hour) {
    files.push_back(folder + "/" + std::to_string(hour) + ".grib2");
    GridGrib2Writer w(files.back());
    for (const int member : {1, 2}) w.write(stored("air_temperature", "2 m", hour, member));
    w.close();
  }
  return files;
}

struct Threads {
  explicit Threads(int n) { set_num_threads(n); }
  ~Threads() { set_num_threads(0); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(field_store)

BOOST_AUTO_TEST_CASE(fields_come_right_whatever_was_expected) {
  const auto files = store_files(temporary_folder("field-store"));
  std::vector<std::vector<float>> plain;
  {
    const Threads one(1);
    cli::FieldStore store(files);
    for (std::size_t k = 0; k < store.entries().size(); ++k) {
      const FieldPtr f = store.read(k);
      plain.emplace_back(f->values().begin(), f->values().end());
    }
  }
  BOOST_TEST_REQUIRE(plain.size() == 8U);
  const Threads three(3);
  cli::FieldStore store(files);
  BOOST_TEST_REQUIRE(store.entries().size() == plain.size());
  // Expected and read; expected, changed one's mind; never expected; expected twice; read again after forgetting.
  const std::vector<std::vector<std::size_t>> expected{{0, 1, 2, 3, 4, 5, 6, 7}, {7, 6, 5}, {}, {2, 2, 3}, {0}};
  const std::vector<std::size_t> read{0, 5, 1, 2, 4};
  for (std::size_t n = 0; n < read.size(); ++n) {
    store.expect(expected[n]);
    for (const std::size_t k : {read[n], (read[n] + 3) % plain.size()}) {
      const FieldPtr f = store.read(k);
      BOOST_TEST(std::memcmp(f->values().data(), plain[k].data(), plain[k].size() * sizeof(float)) == 0);
      BOOST_TEST((FieldKey::of(f->meta) == FieldKey::of(store.entries()[k].meta)));
    }
    if (n % 2) store.forget();
  }
}

BOOST_AUTO_TEST_CASE(files_of_several_formats_are_listed_in_their_order_and_a_bad_one_is_a_problem_alone) {
  const std::string folder = temporary_folder("field-store-formats");
  auto files = store_files(folder);
  const Field ninth = stored("air_temperature", "2 m", 9, 1);
  GridNetcdfWriter nc(folder + "/0.nc", kStoreGrid, {"field", "test", "", {}, ninth.meta.reference});
  nc.write(nc.add({"air_temperature", "", ninth.meta.quantity, TimeKind::instant, {ninth.meta.valid}, "2 m"}), 0, ninth.view());
  nc.close();
  write_file_atomically(folder + "/none.txt", "nothing of the kind\n");
  files.insert(files.begin() + 1, folder + "/0.nc");
  files.insert(files.begin() + 3, folder + "/none.txt");
  files.push_back(folder + "/absent.grib2");
  for (const int n : {1, 2, 4}) {
    const Threads threads(n);
    cli::FieldStore store(files);
    std::string order;
    for (const ForecastEntry& e : store.entries()) order += std::filesystem::path(e.path).filename().string() + " ";
    BOOST_TEST(order == "1.grib2 1.grib2 0.nc 2.grib2 2.grib2 3.grib2 3.grib2 4.grib2 4.grib2 ");
    BOOST_TEST_REQUIRE(store.problems().size() == 2U);
    BOOST_TEST(store.problems()[0].find("none.txt") != std::string::npos);
    BOOST_TEST(store.problems()[1].find("absent.grib2") != std::string::npos);
    store.expect(std::vector<std::size_t>{2, 3});
    BOOST_TEST(store.read(2)->values()[0] == ninth.values()[0]);
    BOOST_TEST(store.read(3)->values()[1] == stored("air_temperature", "2 m", 2, 1).values()[1], boost::test_tools::tolerance(3e-5F));  // packed to 0.01 K
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_between_listing_and_reading_is_an_error_that_names_it) {
  const auto files = store_files(temporary_folder("field-store-changed"));
  const Threads two(2);
  cli::FieldStore store(files);
  std::filesystem::resize_file(files[1], 40);
  const std::vector<std::size_t> next{0, 1, 2, 3};
  store.expect(next);
  BOOST_CHECK_NO_THROW(store.read(0));
  BOOST_CHECK_EXCEPTION(store.read(2), Error, [&](const Error& e) { return std::string(e.what()).find(files[1]) != std::string::npos; });
  BOOST_CHECK_NO_THROW(store.read(4));
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu::test
