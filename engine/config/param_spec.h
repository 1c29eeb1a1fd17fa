#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace guyu {

enum class ParamType {
  text,
  path,  // relative to the data folder
  integer,
  number,
  boolean,
  quantity,  // "50 mm": a number with a unit, converted to ParamSpec::unit
  duration,  // "12 h", "30 min": seconds
  time,      // "2019-06-10T00:10:00Z"
  text_list,
};

// The one declaration of a configuration parameter: checks, default, documentation all come from here.
struct ParamSpec {
  std::string key;
  ParamType type = ParamType::text;
  std::string doc{};
  std::optional<std::string> fallback{};  // as written in a file; absent: the parameter is required
  std::string unit{};                     // quantity: the canonical unit; bounds are in it
  double min = -std::numeric_limits<double>::infinity(), max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices{};  // text: the allowed words; empty: any
};

// A table of a configuration file: [name], or [[name]] when repeated.
struct TableSpec {
  std::string name;
  std::string doc;
  bool repeated = false;
  bool required = false;
  std::vector<ParamSpec> params{};
  std::vector<TableSpec> tables{};
  std::string variant_key{};          // the text of this parameter names the variant ...
  std::vector<TableSpec> variants{};  // ... whose parameters the table has too
};

// Markdown reference of everything a file may hold.
std::string describe(const TableSpec& root);

// The known word nearest to a misspelt one; empty when none is near. Counts letters that are wrong, missing, too many or swapped with their
// neighbour (optimal string alignment), at most a third of the word's length and always one.
std::string nearest_word(const std::string& word, const std::vector<std::string>& known);

// "12 h" -> 43200. Throws Error naming the text. Units: s, min, h, d.
double parse_duration(const std::string& text);
// "50 mm" -> value in `unit`. Throws Error naming the text.
double parse_quantity(const std::string& text, const std::string& unit);

}  // namespace guyu
