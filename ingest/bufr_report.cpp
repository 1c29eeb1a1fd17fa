#include "ingest/bufr_report.h"

#include <eccodes.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "engine/core/error.h"

namespace guyu {
namespace {

constexpr double kBufrNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostSubsets = 65535;  // FM 94, section 3: two octets

struct HandleFree {
  void operator()(codes_handle* h) const { codes_handle_delete(h); }
};
using Handle = std::unique_ptr<codes_handle, HandleFree>;
struct KeysFree {
  void operator()(codes_bufr_keys_iterator* k) const { codes_bufr_keys_iterator_delete(k); }
};

struct Instant {
  const char* key;
  const char* quantity;
  const char* unit;
};
constexpr std::array kInstants{
    Instant{"airTemperature", "air_temperature", "K"},
    Instant{"airTemperatureAt2M", "air_temperature", "K"},
    Instant{"dewpointTemperature", "dew_point_temperature", "K"},
    Instant{"dewpointTemperatureAt2M", "dew_point_temperature", "K"},
    Instant{"relativeHumidity", "relative_humidity", "%"},
    Instant{"windSpeed", "wind_speed", "m s-1"},
    Instant{"windSpeedAt10M", "wind_speed", "m s-1"},
    Instant{"maximumWindGustSpeed", "wind_speed_of_gust", "m s-1"},
    Instant{"pressureReducedToMeanSeaLevel", "air_pressure_at_mean_sea_level", "Pa"},
};
struct Amount {
  const char* key;
  int hours;
};
constexpr std::array kAmounts{Amount{"totalPrecipitationPast1Hour", 1}, Amount{"totalPrecipitationPast3Hours", 3}, Amount{"totalPrecipitationPast6Hours", 6},
                              Amount{"totalPrecipitationPast12Hours", 12}, Amount{"totalPrecipitationPast24Hours", 24}};

// What is read of one subset, in the order of its elements.
struct Subset {
  std::array<double, 6> clock{kBufrNone, kBufrNone, kBufrNone, 0, 0, 0};  // year, month, day, hour, minute, second
  double longitude = kBufrNone, latitude = kBufrNone, elevation = kBufrNone, block = kBufrNone, number = kBufrNone;
  std::array<double, 3> wigos{kBufrNone, kBufrNone, kBufrNone};
  std::string wigos_local, name;
  std::optional<Seconds> period;  // that holds for the elements that follow
  std::vector<BufrReport::Value> values;
  bool amount_without_period = false;

  std::string code() const {
    if (!std::isnan(block) && !std::isnan(number)) return fmt::format("{:02.0f}{:03.0f}", block, number);
    if (!std::isnan(wigos[0]) && !wigos_local.empty()) return fmt::format("{:.0f}-{:.0f}-{:.0f}-{}", wigos[0], wigos[1], wigos[2], wigos_local);
    return name;
  }
};

void set_first(double& to, double value) {
  if (std::isnan(to)) to = value;
}

void add_value(Subset& s, const char* quantity, const char* unit, Seconds period, double value) {
  for (const BufrReport::Value& v : s.values) {
    if (v.quantity.name == quantity && v.period == period && !std::isnan(v.value)) return;  // the first counts: at the lowest sensor
  }
  const Quantity& q = *find_quantity(quantity);
  s.values.push_back({q, period, static_cast<float>(convert_units(unit, q.unit)(value))});
}

void add_amount(Subset& s, Seconds period, double value) {
  if (value < 0) value = value < -0.15 ? kBufrNone : 0;  // -0.1: a trace
  add_value(s, "precipitation_amount", "kg m-2", period, value);
}

void take_number(Subset& s, const std::string& key, const std::string& unit, double v) {
  static constexpr std::array<const char*, 6> kClock{"year", "month", "day", "hour", "minute", "second"};
  static constexpr std::array<const char*, 3> kWigos{"wigosIdentifierSeries", "wigosIssuerOfIdentifier", "wigosIssueNumber"};
  for (std::size_t k = 0; k < kClock.size(); ++k) {
    if (key == kClock[k] && !std::isnan(v) && s.values.empty()) s.clock[k] = v;
  }
  for (std::size_t k = 0; k < kWigos.size(); ++k) {
    if (key == kWigos[k]) set_first(s.wigos[k], v);
  }
  if (key == "longitude") set_first(s.longitude, v);
  else if (key == "latitude") set_first(s.latitude, v);
  else if (key == "heightOfStationGroundAboveMeanSeaLevel" || key == "heightOfStation") set_first(s.elevation, v);
  else if (key == "blockNumber") set_first(s.block, v);
  else if (key == "stationNumber") set_first(s.number, v);
  else if (key == "timePeriod") {
    const double seconds = unit == "min" ? 60 : unit == "s" ? 1 : unit == "d" ? 86400 : 3600;
    s.period = std::isnan(v) || std::abs(v) > 1e5 ? std::nullopt : std::optional(Seconds(std::llround(-v * seconds)));
  } else if (key == "totalPrecipitationOrTotalWaterEquivalent") {
    if (s.period && *s.period > Seconds(0)) add_amount(s, *s.period, v);
    else if (!std::isnan(v)) s.amount_without_period = true;
  }
  for (const Amount& a : kAmounts) {
    if (key == a.key) add_amount(s, std::chrono::hours(a.hours), v);
  }
  for (const Instant& i : kInstants) {
    if (key == i.key) add_value(s, i.quantity, i.unit, Seconds(0), v);
  }
}

void take_text(Subset& s, const std::string& key, std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0' || text.back() == '\xff')) text.pop_back();
  if (key == "wigosLocalIdentifierCharacter") s.wigos_local = text;
  else if (s.name.empty() && (key == "stationOrSiteName" || key == "longStationName" || key == "shortStationName" || key == "stateIdentifier")) s.name = text;
}

bool is_text_key(const std::string& key) {
  return key == "wigosLocalIdentifierCharacter" || key == "stationOrSiteName" || key == "longStationName" || key == "shortStationName";
}

bool is_number_key(const std::string& key) {
  static constexpr std::array<const char*, 17> kOthers{"year",
                                                       "month",
                                                       "day",
                                                       "hour",
                                                       "minute",
                                                       "second",
                                                       "longitude",
                                                       "latitude",
                                                       "heightOfStationGroundAboveMeanSeaLevel",
                                                       "heightOfStation",
                                                       "blockNumber",
                                                       "stationNumber",
                                                       "wigosIdentifierSeries",
                                                       "wigosIssuerOfIdentifier",
                                                       "wigosIssueNumber",
                                                       "timePeriod",
                                                       "totalPrecipitationOrTotalWaterEquivalent"};
  const auto among = [&](const auto& list, const auto& name) {
    for (const auto& e : list) {
      if (key == name(e)) return true;
    }
    return false;
  };
  return among(kOthers, [](const char* k) { return k; }) || among(kAmounts, [](const Amount& a) { return a.key; }) ||
         among(kInstants, [](const Instant& i) { return i.key; });
}

std::vector<double> numbers_of(codes_handle* h, const std::string& key) {
  std::size_t n = 0;
  if (codes_get_size(h, key.c_str(), &n) != 0 || n == 0 || n > kMostSubsets) return {};
  std::vector<double> v(n);
  if (codes_get_double_array(h, key.c_str(), v.data(), &n) != 0) return {};
  v.resize(n);
  for (double& x : v) {
    if (x == CODES_MISSING_DOUBLE || x == static_cast<double>(CODES_MISSING_LONG)) x = kBufrNone;
  }
  return v;
}

std::vector<std::string> texts_of(codes_handle* h, const std::string& key) {
  std::size_t n = 0;
  if (codes_get_size(h, key.c_str(), &n) != 0 || n == 0 || n > kMostSubsets) return {};
  std::vector<std::string> out;
  if (n == 1) {
    std::array<char, 256> text{};
    std::size_t length = text.size();
    if (codes_get_string(h, key.c_str(), text.data(), &length) == 0) out.emplace_back(text.data());
    return out;
  }
  std::vector<char*> texts(n, nullptr);
  if (codes_get_string_array(h, key.c_str(), texts.data(), &n) != 0) return {};
  for (std::size_t k = 0; k < n; ++k) {
    out.emplace_back(texts[k] ? texts[k] : "");
    std::free(texts[k]);
  }
  return out;
}

std::string unit_of(codes_handle* h, const std::string& key) {
  std::array<char, 64> text{};
  std::size_t length = text.size();
  return codes_get_string(h, (key + "->units").c_str(), text.data(), &length) == 0 ? text.data() : "";
}

// Why a subset is no report; empty when it is.
std::string to_report(const Subset& s, BufrReport& r) {
  if (std::isnan(s.longitude) || std::isnan(s.latitude)) return "has no coordinates";
  for (const double c : s.clock) {
    if (std::isnan(c) || c < 0 || c > 9999) return "has no time";
  }
  try {
    r.time = parse_time(
        fmt::format("{:04.0f}-{:02.0f}-{:02.0f}T{:02.0f}:{:02.0f}:{:02.0f}Z", s.clock[0], s.clock[1], s.clock[2], s.clock[3], s.clock[4], s.clock[5]));
  } catch (const Error& e) {
    return e.reason();
  }
  r.station = {s.code(), s.longitude, s.latitude, static_cast<float>(s.elevation), 0};
  r.values = s.values;
  return {};
}

}  // namespace

void read_bufr_message(std::string_view message, const std::string& place, std::vector<BufrReport>& reports, std::vector<std::string>& problems) {
  const Handle h(codes_handle_new_from_message_copy(nullptr, message.data(), message.size()));
  if (!h) throw Error(place, "cannot be decoded");
  long count = 0, compressed = 0;
  if (codes_get_long(h.get(), "numberOfSubsets", &count) != 0 || count < 1 || count > static_cast<long>(kMostSubsets))
    throw Error(place, "states no number of subsets");
  codes_get_long(h.get(), "compressedData", &compressed);
  if (const int rc = codes_set_long(h.get(), "unpack", 1); rc != 0) throw Error(place, std::string("cannot be decoded: ") + codes_get_error_message(rc));
  // The elements come in order, which ties a period to the amount behind it. In compressed messages each holds one value a subset (or one for all); else the
  // subsets follow one another, each begun by a key of that name.
  std::vector<Subset> subsets(static_cast<std::size_t>(count));
  std::size_t begun = 0;
  const std::unique_ptr<codes_bufr_keys_iterator, KeysFree> keys(codes_bufr_keys_iterator_new(h.get(), 0));
  while (keys && codes_bufr_keys_iterator_next(keys.get())) {
    const std::string key = codes_bufr_keys_iterator_get_name(keys.get());
    const auto hash = key.rfind('#');
    const std::string base = hash == std::string::npos ? key : key.substr(hash + 1);
    if (base.find("->") != std::string::npos) continue;
    if (base == "subsetNumber" && !compressed) {
      if (++begun > subsets.size()) throw Error(place, "holds more subsets than it claims");
      continue;
    }
    const auto each = [&](const auto& values, const auto& take) {
      if (values.empty()) return;
      for (std::size_t k = 0; compressed && k < subsets.size(); ++k) take(subsets[k], values[values.size() == 1 ? 0 : std::min(k, values.size() - 1)]);
      if (!compressed) take(subsets[begun == 0 ? 0 : begun - 1], values.front());
    };
    if (is_text_key(base)) each(texts_of(h.get(), key), [&](Subset& s, const std::string& text) { take_text(s, base, text); });
    if (!is_number_key(base)) continue;
    const std::string unit = base == "timePeriod" ? unit_of(h.get(), key) : "";
    each(numbers_of(h.get(), key), [&](Subset& s, double v) { take_number(s, base, unit, v); });
  }
  for (std::size_t k = 0; k < subsets.size(); ++k) {
    BufrReport r;
    const std::string why = to_report(subsets[k], r);
    if (!why.empty()) problems.push_back(fmt::format("{}: subset {} {}", place, k + 1, why));
    else reports.push_back(std::move(r));
    if (why.empty() && subsets[k].amount_without_period)
      problems.push_back(fmt::format("{}: subset {} states an amount of precipitation without its period", place, k + 1));
  }
}

}  // namespace guyu
