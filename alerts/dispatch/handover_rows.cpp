#include "alerts/dispatch/handover_rows.h"

#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>
#include <unordered_map>

#include "engine/core/error.h"

namespace guyu {
namespace {
using nlohmann::json;

Level checked(int level) {
  if (level < -1 || level > 4) throw Error("", "there is no level " + std::to_string(level));
  return static_cast<Level>(level);
}

// What every row says, in the order of the bytes: for the one who writes it and the one who reads it.
template <typename Columns, typename Rows>
void each_column(Columns& c, Rows& rows) {
  c.plain(
      rows, [](auto& r) -> auto& { return r.region; });
  c.word(
      rows, [](auto& r) -> auto& { return r.hazard; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.level; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.valid; });
  c.word(
      rows, [](auto& r) -> auto& { return r.evidence.rule; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.evidence.window; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.evidence.threshold; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.evidence.observed; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.evidence.forecast; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.evidence.coverage; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.evidence.data_age; });
  c.flag(
      rows, [](auto& r) -> auto& { return r.evidence.already_reached; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.evidence.probability; });
  c.word(
      rows, [](auto& r) -> auto& { return r.evidence.unit; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.probability; });
  c.plain(
      rows, [](auto& r) -> auto& { return r.unknown_share; });
}

class PackingColumns {
 public:
  template <typename Rows, typename Field>
  void plain(Rows& rows, const Field& field) {
    using T = std::remove_cvref_t<decltype(field(rows.front()))>;
    static_assert(std::is_trivially_copyable_v<T>);
    std::size_t at = out_.bytes.size();
    out_.bytes.resize(at + rows.size() * sizeof(T));
    for (auto& r : rows) std::memcpy(out_.bytes.data() + at, &field(r), sizeof(T)), at += sizeof(T);
  }
  template <typename Rows, typename Field>
  void flag(Rows& rows, const Field& field) {
    for (auto& r : rows) out_.bytes += field(r) ? '\1' : '\0';
  }
  template <typename Rows, typename Field>
  void word(Rows& rows, const Field& field) {
    const std::string* last = nullptr;  // neighbouring rows mostly say the same
    std::uint32_t number = 0;
    for (auto& r : rows) {
      if (const std::string& w = field(r); !last || *last != w) last = &w, number = number_of(w);
      out_.bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    }
  }
  PackedRows take() { return std::move(out_); }

 private:
  std::uint32_t number_of(const std::string& word) {
    const auto [at, fresh] = numbers_.emplace(word, static_cast<std::uint32_t>(out_.words.size()));
    if (fresh) out_.words.push_back(word);
    return at->second;
  }
  PackedRows out_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

class UnpackingColumns {
 public:
  UnpackingColumns(const std::vector<std::string>& words, std::string_view bytes) : words_(words), bytes_(bytes) {}
  template <typename Rows, typename Field>
  void plain(Rows& rows, const Field& field) {
    using T = std::remove_cvref_t<decltype(field(rows.front()))>;
    const char* from = next(rows.size() * sizeof(T));
    for (auto& r : rows) std::memcpy(&field(r), from, sizeof(T)), from += sizeof(T);
  }
  template <typename Rows, typename Field>
  void flag(Rows& rows, const Field& field) {
    const char* from = next(rows.size());
    for (auto& r : rows) field(r) = *from++ != '\0';
  }
  template <typename Rows, typename Field>
  void word(Rows& rows, const Field& field) {
    const char* from = next(rows.size() * sizeof(std::uint32_t));
    for (auto& r : rows) {
      std::uint32_t number = 0;
      std::memcpy(&number, from, sizeof number), from += sizeof number;
      if (number >= words_.size()) throw Error("", "a name is missing");
      field(r) = words_[number];
    }
  }
  bool finished() const { return bytes_.empty(); }

 private:
  const char* next(std::size_t size) {
    if (size > bytes_.size()) throw Error("", "its rows are cut short");
    const char* from = bytes_.data();
    bytes_.remove_prefix(size);
    return from;
  }
  const std::vector<std::string>& words_;
  std::string_view bytes_;
};

}  // namespace

PackedRows pack_rows(const std::vector<RiskRow>& rows) {
  PackingColumns columns;
  if (!rows.empty()) each_column(columns, rows);
  return columns.take();
}

std::vector<RiskRow> unpack_rows(std::size_t count, const std::vector<std::string>& words, std::string_view bytes) {
  if (count > bytes.size()) throw Error("", "its rows are cut short");  // before room is made for them
  std::vector<RiskRow> rows(count);
  UnpackingColumns columns(words, bytes);
  if (!rows.empty()) each_column(columns, rows);
  if (!columns.finished()) throw Error("", "it is longer than its rows");
  for (const RiskRow& r : rows) checked(static_cast<int>(r.level));
  return rows;
}

std::vector<RiskRow> rows_from_json(const json& j) {
  const auto time_of = [](const json& v) { return TimePoint{Seconds{v.get<std::int64_t>()}}; };
  const auto number_of = [](const json& v) { return v.is_null() ? std::numeric_limits<double>::quiet_NaN() : v.get<double>(); };
  const auto words = j.at("names").get<std::vector<std::string>>();
  std::vector<RiskRow> rows(j.at("region").size());
  const auto column = [&](const char* name, auto&& take) {
    const json& c = j.at(name);
    if (c.size() != rows.size()) throw Error("", std::string("column ") + name + " has another length");
    for (std::size_t i = 0; i < rows.size(); ++i) take(rows[i], c[i]);
  };
  const auto word_of = [&](const json& v) {
    const auto number = v.get<std::size_t>();
    if (number >= words.size()) throw Error("", "a name is missing");
    return words[number];
  };
  column("region", [](RiskRow& r, const json& v) { r.region = v.get<std::size_t>(); });
  column("hazard", [&](RiskRow& r, const json& v) { r.hazard = word_of(v); });
  column("level", [](RiskRow& r, const json& v) { r.level = checked(v.get<int>()); });
  column("valid_begin", [&](RiskRow& r, const json& v) { r.valid.begin = time_of(v); });
  column("valid_end", [&](RiskRow& r, const json& v) { r.valid.end = time_of(v); });
  column("rule", [&](RiskRow& r, const json& v) { r.evidence.rule = word_of(v); });
  column("window_begin", [&](RiskRow& r, const json& v) { r.evidence.window.begin = time_of(v); });
  column("window_end", [&](RiskRow& r, const json& v) { r.evidence.window.end = time_of(v); });
  column("threshold", [&](RiskRow& r, const json& v) { r.evidence.threshold = number_of(v); });
  column("observed", [&](RiskRow& r, const json& v) { r.evidence.observed = number_of(v); });
  column("forecast", [&](RiskRow& r, const json& v) { r.evidence.forecast = number_of(v); });
  column("coverage", [&](RiskRow& r, const json& v) { r.evidence.coverage = number_of(v); });
  column("data_age", [](RiskRow& r, const json& v) { r.evidence.data_age = Seconds{v.get<std::int64_t>()}; });
  column("reached", [](RiskRow& r, const json& v) { r.evidence.already_reached = v.get<bool>(); });
  column("share", [&](RiskRow& r, const json& v) { r.evidence.probability = number_of(v); });
  column("probability", [&](RiskRow& r, const json& v) {
    for (std::size_t k = 0; k < r.probability.size(); ++k) r.probability[k] = static_cast<float>(number_of(v.at(k)));
  });
  column("unknown_share", [&](RiskRow& r, const json& v) { r.unknown_share = static_cast<float>(number_of(v)); });
  return rows;
}

}  // namespace guyu
