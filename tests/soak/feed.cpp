// Puts made-up cycles into the inbox of an alert folder, as runs do: for soaks and for measuring. One line per cycle on stdout: the name of the item.
//   soak_feed ALERTS NX NY GROUP_CAP CYCLES INTERVAL_MS SEED [--calm | --red | --spot] [VALID_MINUTES]
// A mesh of NX x NY cells; in each cycle every cell has a level that follows from the seed, the cycle and the cell. --calm: yellow everywhere, so that each
// group of cells is one message. --red: cycle k finds cell SEED + k red and knows nothing of the others. --spot: the same, and finds the others yellow.
// VALID_MINUTES: how long warnings hold, 10 when not said.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "alerts/dispatch/handover.h"
#include "alerts/dispatch/inbox.h"
#include "alerts/dispatch/region_archive.h"
#include "engine/core/error.h"
#include "hpc/parallel/random.h"

using namespace guyu;

namespace {
Handover cycle(const RegionSet& regions, TimePoint issue, std::uint64_t seed, std::uint32_t number, const char* kind, std::size_t cap,
               std::chrono::minutes valid) {
  Handover h;
  h.author = "soak_feed";
  h.config = "soak";
  h.interval = Seconds{60};
  h.risk.issue = issue;
  const RandomStream random{seed, 1, 0, number};
  const bool red = std::strcmp(kind, "--red") == 0, spot = std::strcmp(kind, "--spot") == 0, calm = std::strcmp(kind, "--calm") == 0;
  for (std::size_t i = 0; i < regions.regions.size(); ++i) {
    RiskRow r;
    r.region = i;
    r.hazard = "rainstorm";
    const bool here = i == seed + number;
    if (red && !here) continue;
    const double x = random.normals(static_cast<std::uint32_t>(i))[0];
    r.level = (red || spot) && here ? Level::red
              : spot || calm        ? Level::yellow
              : x < 0               ? Level::none
              : x < 0.8             ? Level::blue
              : x < 1.5             ? Level::yellow
              : x < 2.2             ? Level::orange
                                    : Level::red;
    r.valid = {issue, issue + valid};
    r.evidence = {"rainstorm.yellow.6h", {issue - std::chrono::hours(3), issue + std::chrono::hours(3)}, 50, 20, 40, 1, Seconds{60}, false};
    h.risk.rows.push_back(r);
  }
  h.settings.cap.sender = "soak@guyu.invalid";
  h.settings.cap.status = RunStatus::actual;
  for (const char* language : {"zh-CN", "en-US"})
    h.settings.cap.texts.push_back(load_message_text(std::string("configs/texts/rainstorm.") + language + ".toml"));
  h.settings.book.group_cap = cap;
  HazardPolicy& policy = h.settings.book.usual;
  policy.clear_hold = policy.downgrade_hold = Seconds{2};
  policy.shortest_validity = policy.renew_before = std::chrono::minutes(5);
  return h;
}
}  // namespace

int main(int argc, char** argv) try {
  if (argc < 8) return std::fprintf(stderr, "soak_feed ALERTS NX NY GROUP_CAP CYCLES INTERVAL_MS SEED [--calm | --red | --spot] [VALID_MINUTES]\n"), 2;
  const AlertFolder folder{argv[1]};
  folder.make();
  const int nx = std::atoi(argv[2]), ny = std::atoi(argv[3]), cycles = std::atoi(argv[5]);
  const auto seed = static_cast<std::uint64_t>(std::atoll(argv[7]));
  const char* kind = argc > 8 ? argv[8] : "";
  const std::chrono::minutes valid{argc > 9 ? std::atoi(argv[9]) : 10};
  const RegionSet regions = mesh_regions(100, 20, 100 + nx * 0.01, 20 + ny * 0.01, 0.01);
  const std::string archived = RegionArchive(folder.regions()).keep(regions);
  TimePoint last{};
  for (int k = 0; k < cycles; ++k) {
    const TimePoint now = std::max(std::chrono::floor<Seconds>(std::chrono::system_clock::now()), last);
    last = now;
    Handover h = cycle(regions, now, seed, static_cast<std::uint32_t>(k), kind, static_cast<std::size_t>(std::atoi(argv[4])), valid);
    h.regions = archived;
    std::printf("%s\n", put_item(folder, "cycle", to_bytes(h)).c_str());
    std::fflush(stdout);
    if (k + 1 < cycles) std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(argv[6])));
  }
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "soak_feed: %s\n", e.what());
  return 2;
}
