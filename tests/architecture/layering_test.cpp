#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

// The folders' direction: hpc/parallel <- engine <- {ingest, models, products, alerts} <- cli, and outside libraries only where
// ARCHITECTURE allows them. Runs in the source folder.
namespace fs = std::filesystem;
namespace {

struct Include {
  std::string file, target;
  bool system;
};

std::vector<Include> all_includes() {
  static const std::regex line_pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  std::vector<Include> found;
  for (const char* top : {"hpc", "engine", "ingest", "models", "products", "alerts", "cli"}) {
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream in(entry.path());
      std::string line;
      std::smatch m;
      while (std::getline(in, line)) {
        if (std::regex_match(line, m, line_pattern)) found.push_back({entry.path().generic_string(), m[2].str(), m[1].str() == "<"});
      }
    }
  }
  return found;
}

std::string top_of(const std::string& path) { return path.substr(0, path.find('/')); }

}  // namespace

BOOST_AUTO_TEST_SUITE(layering)

BOOST_AUTO_TEST_CASE(each_folder_includes_only_the_folders_below_it) {
  const std::map<std::string, std::set<std::string>> allowed{
      {"hpc", {"hpc"}},
      {"engine", {"engine", "hpc"}},
      {"ingest", {"ingest", "engine", "hpc"}},
      {"models", {"models", "engine", "hpc"}},
      {"products", {"products", "engine", "hpc"}},
      {"alerts", {"alerts", "engine", "hpc"}},
      {"cli", {"cli", "ingest", "models", "products", "alerts", "engine", "hpc"}},
  };
  std::size_t seen = 0;
  for (const Include& i : all_includes()) {
    if (i.system || i.target.find('/') == std::string::npos) continue;
    ++seen;
    const bool bench = i.file.rfind("hpc/bench/", 0) == 0;  // benchmarks stand above everything they time
    BOOST_TEST((bench || allowed.at(top_of(i.file)).count(top_of(i.target)) == 1), i.file << " may not include " << i.target);
  }
  BOOST_TEST(seen > 0U);
}

BOOST_AUTO_TEST_CASE(outside_libraries_stay_in_their_rooms) {
  const std::map<std::string, std::vector<std::string>> rooms{
      {"thread", {"hpc/parallel/", "alerts/channels/", "alerts/dispatch/", "alerts/receive/"}},  // remote ends are slow: each has its own
      {"mpi.h", {"hpc/parallel/mpi_comm.cpp"}},
      {"eccodes.h", {"ingest/", "products/grib2_message.h"}},
      {"hdf5.h", {"ingest/", "cli/demo", "products/chunk_output.cpp"}},
      {"netcdf.h", {"ingest/", "engine/cycle/", "products/"}},
      {"Eigen/Cholesky", {"engine/gauge/dual_kriging.cpp"}},
      {"cairo.h", {"products/"}},
      {"toml++/toml.h", {"engine/config/toml_source.cpp"}},
      {"sqlite3.h", {"alerts/"}},
  };
  for (const Include& i : all_includes()) {
    const auto room = rooms.find(i.target);
    if (!i.system || room == rooms.end()) continue;
    bool inside = false;
    for (const std::string& prefix : room->second) inside = inside || i.file.rfind(prefix, 0) == 0;
    BOOST_TEST(inside, i.file << " may not include <" << i.target << ">");
  }
}

BOOST_AUTO_TEST_SUITE_END()
