#include "engine/config/param_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/core/error.h"
#include "engine/core/quantity.h"

namespace guyu {
namespace {

const char* type_name(ParamType t) {
  switch (t) {
    case ParamType::text: return "text";
    case ParamType::path: return "path";
    case ParamType::integer: return "integer";
    case ParamType::number: return "number";
    case ParamType::boolean: return "true or false";
    case ParamType::quantity: return "quantity with unit";
    case ParamType::duration: return "duration";
    case ParamType::time: return "time";
    case ParamType::text_list: return "list of texts";
  }
  return "";
}

std::string bounds(const ParamSpec& p) {
  const bool low = std::isfinite(p.min), high = std::isfinite(p.max);
  if (!p.choices.empty() || (!low && !high)) return "";
  const std::string unit = p.type == ParamType::duration ? " s" : p.unit.empty() ? "" : " " + p.unit;
  if (low && high) return fmt::format(" ({:g} to {:g}{})", p.min, p.max, unit);
  return low ? fmt::format(" (at least {:g}{})", p.min, unit) : fmt::format(" (at most {:g}{})", p.max, unit);
}

void describe_params(const TableSpec& t, std::string& out) {
  if (t.params.empty()) return;
  out += "\n| key | type | default | meaning |\n|---|---|---|---|\n";
  for (const ParamSpec& p : t.params) {
    std::string type = type_name(p.type);
    if (!p.unit.empty()) type += ", e.g. in " + p.unit;
    if (!p.choices.empty()) {
      type = "one of";
      for (const auto& c : p.choices) type += " `" + c + "`";
    }
    out += fmt::format("| `{}` | {} | {} | {} |\n", p.key, type,
                       !p.fallback           ? "required"
                       : p.fallback->empty() ? "none"
                                             : "`" + *p.fallback + "`",
                       p.doc + bounds(p));
  }
}

void describe_table(const TableSpec& t, const std::string& prefix, std::string& out) {
  const std::string full = prefix.empty() ? t.name : (t.name.empty() ? prefix : prefix + "." + t.name);
  if (!full.empty()) out += fmt::format("\n### {}{}{}\n", t.repeated ? "[[" : "[", full, t.repeated ? "]]" : "]");
  if (!t.doc.empty()) out += "\n" + t.doc + "\n";
  describe_params(t, out);
  for (const TableSpec& v : t.variants) {
    out += fmt::format("\n#### {} = \"{}\"\n\n{}\n", t.variant_key, v.name, v.doc);
    describe_params(v, out);
  }
  for (const TableSpec& child : t.tables) describe_table(child, full, out);
}

// Number and the rest of the text after blanks.
std::pair<double, std::string> split_number(const std::string& text) {
  char* end = nullptr;
  const double v = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !std::isfinite(v)) throw Error("", "'" + text + "' does not begin with a number");
  while (*end == ' ') ++end;
  return {v, end};
}

}  // namespace

std::string describe(const TableSpec& root) {
  std::string out;
  describe_table(root, "", out);
  return out;
}

std::string nearest_word(const std::string& word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& k : known) {
    std::vector<std::size_t> above(k.size() + 1), row(k.size() + 1), next(k.size() + 1);
    for (std::size_t j = 0; j <= k.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      next[0] = i;
      for (std::size_t j = 1; j <= k.size(); ++j) {
        next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (word[i - 1] == k[j - 1] ? 0 : 1)});
        if (i > 1 && j > 1 && word[i - 1] == k[j - 2] && word[i - 2] == k[j - 1]) next[j] = std::min(next[j], above[j - 2] + 1);
      }
      above.swap(row);
      row.swap(next);
    }
    if (row[k.size()] < best_distance) {
      best_distance = row[k.size()];
      best = k;
    }
  }
  return best;
}

double parse_duration(const std::string& text) {
  const auto [v, unit] = split_number(text);
  if (unit == "s") return v;
  if (unit == "min") return v * 60;
  if (unit == "h") return v * 3600;
  if (unit == "d") return v * 86400;
  throw Error("", "'" + text + "' is no duration", "write it as \"30 min\", \"12 h\" or \"1 d\"");
}

double parse_quantity(const std::string& text, const std::string& unit) {
  const auto [v, written] = split_number(text);
  if (written.empty() && unit != "1") throw Error("", "'" + text + "' has no unit", "write it in " + unit);
  return convert_units(written.empty() ? unit : written, unit)(v);
}

}  // namespace guyu
