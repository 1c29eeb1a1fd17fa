#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "ingest/bufr_report.h"
#include "ingest/eccodes_lock.h"
#include "ingest/reader.h"

// BUFR editions 3 and 4 (WMO Manual on Codes, FM 94) through ecCodes: reports of surface stations, of any template. A file is a stream of messages; a damaged
// one is skipped, by name, and the others are delivered.
namespace guyu {
namespace {

// "BUFR" and an edition that exists; bulletins carry a WMO header before it.
std::optional<std::size_t> next_bufr(std::string_view bytes, std::size_t from) {
  for (std::size_t at = bytes.find("BUFR", from); at != std::string_view::npos; at = bytes.find("BUFR", at + 1)) {
    if (at + 8 <= bytes.size() && bytes[at + 7] >= 2 && bytes[at + 7] <= 4) return at;
  }
  return std::nullopt;
}

std::size_t bufr_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t k) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + k])); };
  return byte(4) << 16 | byte(5) << 8 | byte(6);
}

class BufrReader final : public Reader {
 public:
  std::string_view format() const override { return "BUFR"; }

  bool recognises(std::span<const std::byte> head, const std::string&) const override {
    const std::string_view text(reinterpret_cast<const char*>(head.data()), std::min<std::size_t>(head.size(), 512));
    return next_bufr(text, 0).has_value();
  }

  void read(const std::string& path, const ReadRequest&, const std::function<void(Field&&)>&, const ProblemSink&) const override {
    throw Error(path, "holds reports (BUFR), not a grid", "give it to guyu gauges");
  }

  std::vector<StationTable> station_tables(const std::string& path, const ReadRequest& request) const override {
    const std::string bytes = read_text_file(path);
    const auto lock = eccodes_lock();
    std::vector<BufrReport> reports;
    std::vector<std::string> problems;
    std::size_t at = 0;
    for (int n = 1;; ++n) {
      const auto begin = next_bufr(bytes, at);
      if (!begin) break;
      const std::string place = fmt::format("{}: message {}", path, n);
      const std::size_t length = bufr_length(bytes, *begin);
      if (length < 12 || *begin + length > bytes.size() || bytes.compare(*begin + length - 4, 4, "7777") != 0) {
        problems.push_back(place + ": is cut off or damaged");
        at = *begin + 4;
        continue;
      }
      try {
        read_bufr_message(std::string_view(bytes).substr(*begin, length), place, reports, problems);
      } catch (const Error& e) {
        problems.push_back(in_file(place, e).what());
      }
      at = *begin + length;
    }
    std::vector<StationTable> tables = tables_of(path, reports, request);
    if (reports.empty()) throw Error(path, problems.empty() ? "holds no report" : problems.front().substr(path.size() + 2));
    if (!tables.empty()) tables.front().problems = std::move(problems);
    return tables;
  }

 private:
  static std::vector<StationTable> tables_of(const std::string& path, const std::vector<BufrReport>& reports, const ReadRequest& request) {
    std::map<std::tuple<TimePoint, TimePoint, std::string>, StationTable> sorted;  // end, begin, quantity
    for (const BufrReport& r : reports) {
      for (const BufrReport::Value& v : r.values) {
        if (!request.wants(v.quantity)) continue;
        const Interval valid{r.time - v.period, r.time};
        StationTable& t = sorted[{valid.end, valid.begin, v.quantity.name}];
        t.meta.quantity = v.quantity;
        t.meta.valid = valid;
        t.meta.kind = v.period > Seconds(0) ? TimeKind::accumulation : TimeKind::instant;
        t.meta.reference = valid.end;
        t.meta.source = path;
        t.meta.format = "BUFR";
        StationTable::Station s = r.station;
        s.value = v.value;
        t.stations.push_back(std::move(s));
      }
    }
    std::vector<StationTable> tables;
    for (auto& [key, table] : sorted) tables.push_back(std::move(table));
    return tables;
  }
};

}  // namespace

const Reader& bufr_reader() {
  static const BufrReader reader;
  return reader;
}

}  // namespace guyu
