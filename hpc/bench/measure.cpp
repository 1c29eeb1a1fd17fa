#include "hpc/bench/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

namespace guyu::bench {

bool Measurement::met() const { return (!bar_seconds || seconds <= *bar_seconds) && (!bar_bytes || peak_bytes <= *bar_bytes); }

double median_seconds(int repeats, const std::function<void()>& call) {
  call();
  std::vector<double> seconds;
  for (int k = 0; k < std::max(repeats, 1); ++k) {
    const auto start = std::chrono::steady_clock::now();
    call();
    seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

std::string to_table(const std::vector<Measurement>& all, double bandwidth) {
  std::string out =
      fmt::format("{:<14} {:>9} {:>9} {:>7} {:>6} {:>8} {:>8}  {:<7} {}\n", "stage", "seconds", "MB", "GB/s", "share", "bar s", "peak MB", "", "on");
  for (const Measurement& m : all) {
    if (!m.skipped.empty()) {
      out += fmt::format("{:<14} skipped: {}\n", m.stage, m.skipped);
      continue;
    }
    const double rate = m.bytes / m.seconds;
    out += fmt::format("{:<14} {:>9.4f} {:>9} {:>7} {:>6} {:>8} {:>8}  {:<7} {}\n", m.stage, m.seconds, m.bytes > 0 ? fmt::format("{:.1f}", m.bytes / 1e6) : "",
                       m.bytes > 0 ? fmt::format("{:.2f}", rate / 1e9) : "", m.bytes > 0 && bandwidth > 0 ? fmt::format("{:.0f}%", 100 * rate / bandwidth) : "",
                       m.bar_seconds ? fmt::format("{:g}", *m.bar_seconds) : "", m.peak_bytes > 0 ? fmt::format("{:.0f}", m.peak_bytes / 1e6) : "",
                       m.bar_seconds || m.bar_bytes ? (m.met() ? "met" : "NOT MET") : "", m.data);
  }
  return out;
}

std::string to_json(const std::vector<Measurement>& all, double bandwidth, int threads) {
  nlohmann::ordered_json root{{"threads", threads}, {"bandwidth_bytes_per_second", bandwidth}, {"stages", nlohmann::ordered_json::array()}};
  for (const Measurement& m : all) {
    nlohmann::ordered_json j{{"stage", m.stage}};
    if (!m.skipped.empty()) {
      j["skipped"] = m.skipped;
    } else {
      j.update({{"data", m.data}, {"seconds", m.seconds}, {"repeats", m.repeats}});
      if (m.bytes > 0) j["bytes"] = m.bytes;
      if (m.bytes > 0 && bandwidth > 0) j["share_of_bandwidth"] = m.bytes / m.seconds / bandwidth;
      if (m.peak_bytes > 0) j["peak_bytes"] = m.peak_bytes;
      if (m.bar_seconds) j["bar_seconds"] = *m.bar_seconds;
      if (m.bar_bytes) j["bar_bytes"] = *m.bar_bytes;
      if (m.bar_seconds || m.bar_bytes) j["met"] = m.met();
    }
    root["stages"].push_back(std::move(j));
  }
  return root.dump(2) + "\n";
}

}  // namespace guyu::bench
