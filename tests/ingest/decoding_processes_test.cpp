#include "ingest/decoding_processes.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "tests/support/grib_writer.h"
#include "tests/support/test_data.h"

namespace guyu::test {
namespace {
namespace fs = std::filesystem;

// Files of several temperatures each.
struct DecodingCase {
  std::vector<std::string> files;
  explicit DecodingCase(const std::string& name, int count = 3, long size = 40) {
    const std::string folder = temporary_folder("decoding_" + name);
    for (int f = 0; f < count; ++f) {
      files.push_back(folder + "/" + std::to_string(f) + ".grib2");
      for (long hour = 1; hour <= 4; ++hour) {
        std::vector<double> values(static_cast<std::size_t>(size * size));
        for (std::size_t k = 0; k < values.size(); ++k) values[k] = 280 + f + 0.1 * static_cast<double>(hour) + std::sin(0.01 * static_cast<double>(k));
        append_grib(files.back(), f % 2 ? 1 : 2,
                    latlon_keys("regular_ll", size, size, 110, 30, 0.25) + GribKeys{{"dataDate", 20240228L}, {"stepRange", std::to_string(hour)}}, values);
      }
    }
  }

  struct Place {
    std::string file;
    FieldPlace place;
  };
  std::vector<Place> places() const {
    std::vector<Place> all;
    std::vector<std::string> problems;
    for (const std::string& f : files)
      for (FieldPlace& p : list_fields(f, {}, problems)) all.push_back({f, std::move(p)});
    return all;
  }
};

bool same_to_the_bit(const Field& a, const Field& b) {
  return a.grid() == b.grid() && FieldKey::of(a.meta) == FieldKey::of(b.meta) && a.meta.source == b.meta.source && a.meta.reference == b.meta.reference &&
         std::memcmp(a.values().data(), b.values().data(), a.values().size_bytes()) == 0;
}

constexpr std::ptrdiff_t kOwnFiles = 4;  // the standard ones and the socket

// -1 for a process that has ended, or ends meanwhile.
std::ptrdiff_t open_files(pid_t pid) {
  std::error_code ec;
  std::ptrdiff_t n = 0;
  for (fs::directory_iterator at("/proc/" + std::to_string(pid) + "/fd", ec); !ec && at != fs::directory_iterator(); at.increment(ec)) ++n;
  return ec ? -1 : n;
}

bool is_alive(pid_t pid) { return ::kill(pid, 0) == 0; }

std::string reason_of(DecodingProcesses& processes, DecodingProcesses::Ticket t) {
  try {
    processes.take_field(t);
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decoding_processes)

BOOST_AUTO_TEST_CASE(any_number_of_them_gives_what_the_reader_gives) {
  const DecodingCase c("same");
  const auto places = c.places();
  BOOST_TEST_REQUIRE(places.size() == 12U);
  for (const int count : {1, 2, 5}) {
    DecodingProcesses processes(count);
    std::vector<DecodingProcesses::Ticket> lists, fields;
    for (const std::string& f : c.files) lists.push_back(processes.list(f));
    for (const auto& p : places) fields.push_back(processes.read(p.file, p.place));
    // Taken backwards: answers wait for whoever asks for them.
    for (std::size_t k = places.size(); k-- > 0;)
      BOOST_TEST(same_to_the_bit(processes.take_field(fields[k]), grib_reader().read_at(places[k].file, places[k].place)));
    std::size_t n = 0;
    std::vector<std::string> problems;
    for (const auto t : lists)
      for (const FieldPlace& p : processes.take_list(t, problems)) {
        BOOST_TEST((FieldKey::of(p.meta) == FieldKey::of(places[n].place.meta) && p.position == places[n].place.position));
        ++n;
      }
    BOOST_TEST(n == places.size());
    BOOST_TEST(problems.empty());
    BOOST_TEST(processes.running().size() == static_cast<std::size_t>(count));
  }
}

BOOST_AUTO_TEST_CASE(a_projected_grid_comes_from_a_process_too) {
  if (real_data().empty()) return;
  std::string path;
  for (const auto& f : fs::directory_iterator(real_data() + "/nwp/ruc13_20050807/2005080700"))
    if (path.empty() && f.is_regular_file()) path = f.path().string();
  BOOST_TEST_REQUIRE(!path.empty());
  std::vector<std::string> problems;
  const auto places = list_fields(path, {}, problems);
  const Field here = grib_reader().read_at(path, places.front());  // PROJ's database is open in this process now
  DecodingProcesses processes(1);
  BOOST_TEST(same_to_the_bit(processes.take_field(processes.read(path, places.front())), here));
}

BOOST_AUTO_TEST_CASE(errors_of_the_reader_come_as_they_are) {
  const DecodingCase c("errors", 1);
  auto place = c.places().front();
  DecodingProcesses processes(2);
  place.place.meta.level = "7 hPa";
  const auto other = processes.read(place.file, place.place);
  const auto absent = processes.list(c.files.front() + ".absent");
  std::string here;
  try {
    grib_reader().read_at(place.file, place.place);
  } catch (const Error& e) {
    here = e.what();
  }
  BOOST_TEST(!here.empty());
  BOOST_TEST(reason_of(processes, other) == here);
  std::vector<std::string> problems;
  BOOST_CHECK_EXCEPTION(processes.take_list(absent, problems), Error,
                        [&](const Error& e) { return e.place() == c.files.front() + ".absent" && e.reason() == "there is no such file"; });
}

BOOST_AUTO_TEST_CASE(a_damaged_message_is_a_problem_of_its_file_as_without_processes) {
  const DecodingCase c("damaged", 1);
  {
    std::fstream file(c.files.front(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(c.files.front()) - 4));
    file.write("8888", 4);
  }
  std::vector<std::string> here, there;
  const std::size_t listed = list_fields(c.files.front(), {}, here).size();
  DecodingProcesses processes(2);
  BOOST_TEST(processes.take_list(processes.list(c.files.front()), there).size() == listed);
  BOOST_TEST(!here.empty());
  BOOST_TEST(here == there, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(killed_processes_cost_nothing_but_time) {
  const DecodingCase c("killed");
  const auto places = c.places();
  DecodingProcesses processes(2);
  std::vector<DecodingProcesses::Ticket> fields;
  for (const auto& p : places) fields.push_back(processes.read(p.file, p.place));
  for (std::size_t k = 0; k < places.size(); ++k) {
    if (k == 0 || k == 7)
      for (const pid_t pid : processes.running()) ::kill(pid, SIGKILL);
    BOOST_TEST(same_to_the_bit(processes.take_field(fields[k]), grib_reader().read_at(places[k].file, places[k].place)));
  }
}

BOOST_AUTO_TEST_CASE(what_kills_every_process_becomes_an_error_and_the_others_still_come) {
  const DecodingCase large("deadly", 1, 1500), small("after_deadly", 1);
  const auto bad = large.places().front(), good = small.places().front();
  DecodingProcesses processes(1);
  std::atomic<bool> stop = false;
  // Children of this process, as the system tells them: running() is the other thread's. One that still holds its caller's files has not begun.
  std::thread killer([&] {
    while (!stop) {
      std::ifstream children("/proc/self/task/" + std::to_string(::getpid()) + "/children");
      for (pid_t pid = 0; children >> pid;)
        if (open_files(pid) == kOwnFiles) ::kill(pid, SIGKILL);
    }
  });
  // On a busy machine the killer may come too late.
  std::string reason;
  for (int k = 0; k < 50 && reason.empty(); ++k) reason = reason_of(processes, processes.read(bad.file, bad.place));
  stop = true;
  killer.join();
  BOOST_TEST(reason.find(bad.file) != std::string::npos, reason);
  BOOST_TEST(reason.find("signal 9") != std::string::npos, reason);
  BOOST_TEST(same_to_the_bit(processes.take_field(processes.read(good.file, good.place)), grib_reader().read_at(good.file, good.place)));
}

BOOST_AUTO_TEST_CASE(dropped_work_is_not_waited_for) {
  const DecodingCase c("dropped");
  const auto places = c.places();
  DecodingProcesses processes(2);
  std::vector<DecodingProcesses::Ticket> fields;
  for (const auto& p : places) fields.push_back(processes.read(p.file, p.place));
  for (std::size_t k = 0; k < places.size(); ++k)
    if (k % 3 != 2) processes.drop(fields[k]);
  for (std::size_t k = 2; k < places.size(); k += 3)
    BOOST_TEST(same_to_the_bit(processes.take_field(fields[k]), grib_reader().read_at(places[k].file, places[k].place)));
}

BOOST_AUTO_TEST_CASE(a_process_holds_no_file_of_its_caller_and_ends_with_the_object) {
  const DecodingCase c("ends", 1);
  const auto place = c.places().front();
  std::ofstream open(c.files.front() + ".lock");
  std::vector<pid_t> pids;
  {
    DecodingProcesses processes(2);
    const auto a = processes.read(place.file, place.place), b = processes.read(place.file, place.place);
    processes.take_field(a), processes.take_field(b);
    pids = processes.running();
    BOOST_TEST_REQUIRE(pids.size() == 2U);
    for (const pid_t pid : pids) BOOST_TEST(open_files(pid) == kOwnFiles);
  }
  for (const pid_t pid : pids) BOOST_TEST(!is_alive(pid));
}

BOOST_AUTO_TEST_CASE(a_lock_that_the_caller_lets_go_is_free_as_soon_as_a_process_was_started) {
  const DecodingCase c("locks", 1);
  const auto place = c.places().front();
  const std::string path = c.files.front() + ".lock";
  for (int k = 0; k < 20; ++k) {
    const int mine = ::open(path.c_str(), O_CREAT | O_RDWR, 0600);
    BOOST_TEST_REQUIRE(::flock(mine, LOCK_EX | LOCK_NB) == 0);
    DecodingProcesses processes(1);
    const auto t = processes.read(place.file, place.place);
    ::close(mine);
    const int again = ::open(path.c_str(), O_RDWR);
    BOOST_TEST(::flock(again, LOCK_EX | LOCK_NB) == 0);
    ::close(again);
    processes.take_field(t);
  }
}

BOOST_AUTO_TEST_SUITE_END()
}  // namespace guyu::test
