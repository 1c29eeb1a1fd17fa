#include "engine/config/toml_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {

const ConfigTable::Value& ConfigTable::value(const std::string& key) const {
  const auto it = values_.find(key);
  assert(it != values_.end() && "undeclared parameter");
  return it->second;
}
const std::string& ConfigTable::text(const std::string& key) const { return std::get<std::string>(value(key)); }
double ConfigTable::number(const std::string& key) const { return std::get<double>(value(key)); }
std::int64_t ConfigTable::integer(const std::string& key) const { return std::get<std::int64_t>(value(key)); }
bool ConfigTable::flag(const std::string& key) const { return std::get<bool>(value(key)); }
Seconds ConfigTable::duration(const std::string& key) const { return std::get<Seconds>(value(key)); }
TimePoint ConfigTable::time(const std::string& key) const { return std::get<TimePoint>(value(key)); }
const std::vector<std::string>& ConfigTable::texts(const std::string& key) const { return std::get<std::vector<std::string>>(value(key)); }
bool ConfigTable::given(const std::string& key) const { return places_.count(key) > 0; }
std::string ConfigTable::place(const std::string& key) const {
  const auto it = places_.find(key);
  return it == places_.end() ? place_ : it->second;
}
const std::vector<ConfigTable>& ConfigTable::tables(const std::string& name) const {
  const auto it = tables_.find(name);
  assert(it != tables_.end() && "undeclared table");
  return it->second;
}
const ConfigTable& ConfigTable::table(const std::string& name) const {
  assert(tables(name).size() == 1);
  return tables(name).front();
}

namespace {
// The default of a list is written "a, b".
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(", ", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 2;
  }
  return words;
}
}  // namespace

// Walks the file beside its declaration and collects every fault before it gives up.
class ConfigChecker {
 public:
  explicit ConfigChecker(std::string path) : path_(std::move(path)) {}

  ConfigTable check(const toml::table& in, const TableSpec& spec, const std::string& place) {
    if (!spec.variant_key.empty()) return check(in, with_variant(in, spec), place);
    ConfigTable out;
    out.place_ = place;
    const std::string in_table = spec.name.empty() ? "" : " in [" + spec.name + "]";
    for (const auto& [key, node] : in) {
      const std::string name(key.str());
      if (!declared(spec, name)) {
        std::vector<std::string> known;
        for (const auto& p : spec.params) known.push_back(p.key);
        for (const auto& t : spec.tables) known.push_back(t.name);
        const std::string near = nearest_word(name, known);
        fault(at(key.source()), fmt::format("unknown key \"{}\"{}{}", name, in_table, near.empty() ? "" : "; did you mean \"" + near + "\"?"));
      }
    }
    for (const ParamSpec& p : spec.params) {
      const toml::node* node = in.get(p.key);
      if (node) {
        out.places_[p.key] = at(node->source());
        out.values_[p.key] = convert(*node, p, at(node->source()));
      } else if (p.fallback) {
        const bool none = p.type == ParamType::duration && p.fallback->empty();  // ask given()
        out.values_[p.key] = none ? ConfigTable::Value(Seconds(0)) : from_text(*p.fallback, p, path_ + " (default of " + p.key + ")");
      } else {
        fault(place, fmt::format("the key \"{}\"{} is absent: {}", p.key, in_table, p.doc));
        out.values_[p.key] = std::string();
      }
    }
    for (const TableSpec& t : spec.tables) {
      auto& list = out.tables_[t.name];
      const toml::node* node = in.get(t.name);
      if (node && t.repeated && node->is_array_of_tables()) {
        for (const auto& item : *node->as_array()) list.push_back(check(*item.as_table(), t, at(item.source())));
      } else if (node && !t.repeated && node->is_table()) {
        list.push_back(check(*node->as_table(), t, at(node->source())));
      } else if (node) {
        fault(at(node->source()), fmt::format("\"{}\" must be a {}", t.name, t.repeated ? "[[" + t.name + "]] list of tables" : "[" + t.name + "] table"));
      } else if (t.required) {
        fault(place, fmt::format("the table {}{}{} is absent: {}", t.repeated ? "[[" : "[", t.name, t.repeated ? "]]" : "]", t.doc));
      } else if (!t.repeated) {
        list.push_back(check(toml::table{}, t, place));
      }
    }
    return out;
  }

  void finish() const {
    if (faults_.empty()) return;
    std::string all;
    for (const auto& f : faults_) all += (all.empty() ? "" : "\n") + f;
    throw Error("", all);
  }

 private:
  static bool declared(const TableSpec& spec, const std::string& name) {
    for (const auto& p : spec.params) {
      if (p.key == name) return true;
    }
    for (const auto& t : spec.tables) {
      if (t.name == name) return true;
    }
    return false;
  }

  // The declaration with the parameters of the variant that the table names; of all of them when it names none that there is, so that only that is told.
  TableSpec with_variant(const toml::table& in, const TableSpec& spec) {
    TableSpec whole{spec.name, spec.doc, spec.repeated, spec.required, spec.params, spec.tables};
    const toml::node* node = in.get(spec.variant_key);
    const std::string name = node ? node->value_or(std::string()) : std::string();
    std::vector<std::string> names;
    for (const TableSpec& v : spec.variants) {
      names.push_back(v.name);
      if (v.name != name) continue;
      whole.params.insert(whole.params.end(), v.params.begin(), v.params.end());
      return whole;
    }
    if (node) {
      const std::string near = nearest_word(name, names);
      fault(at(node->source()), fmt::format("\"{}\" is \"{}\"; the choices are {}{}", spec.variant_key, name, fmt::join(names, ", "),
                                            near.empty() ? "" : "; did you mean \"" + near + "\"?"));
    }
    for (const TableSpec& v : spec.variants)
      for (const ParamSpec& p : v.params)
        if (!declared(whole, p.key)) whole.params.push_back(p);
    return whole;
  }

  std::string at(const toml::source_region& r) const { return fmt::format("{}:{}:{}", path_, r.begin.line, r.begin.column); }
  void fault(const std::string& place, const std::string& what) { faults_.push_back(place + ": " + what); }

  ConfigTable::Value convert(const toml::node& node, const ParamSpec& p, const std::string& place) {
    if (p.type == ParamType::text_list) {
      std::vector<std::string> list;
      if (const auto* array = node.as_array()) {
        for (const auto& item : *array) {
          if (const auto s = item.value<std::string>(); s && item.is_string()) list.push_back(*s);
          else fault(at(item.source()), fmt::format("\"{}\" must hold texts only", p.key));
        }
      } else {
        fault(place, fmt::format("\"{}\" must be a list of texts", p.key));
      }
      return list;
    }
    if (p.type == ParamType::boolean) {
      if (node.is_boolean()) return *node.value<bool>();
      fault(place, fmt::format("\"{}\" must be true or false", p.key));
      return false;
    }
    if (p.type == ParamType::number || p.type == ParamType::integer) {
      if (node.is_integer() && p.type == ParamType::integer) return bounded_integer(*node.value<std::int64_t>(), p, place);
      if (node.is_integer()) return bounded(*node.value<double>(), p, place);
      if (node.is_floating_point() && p.type == ParamType::number) return bounded(*node.value<double>(), p, place);
      fault(place, fmt::format("\"{}\" must be {}", p.key, p.type == ParamType::integer ? "a whole number" : "a number"));
      return p.type == ParamType::integer ? ConfigTable::Value(std::int64_t{0}) : ConfigTable::Value(0.0);
    }
    if (!node.is_string()) {
      fault(place, fmt::format("\"{}\" must be a text in quotes{}", p.key, p.type == ParamType::quantity ? ", with its unit: \"50 " + p.unit + "\"" : ""));
      return from_text(p.fallback.value_or(""), p, "");
    }
    return from_text(*node.value<std::string>(), p, place);
  }

  ConfigTable::Value from_text(const std::string& text, const ParamSpec& p, const std::string& place) {
    try {
      switch (p.type) {
        case ParamType::quantity: return bounded(parse_quantity(text, p.unit), p, place);
        case ParamType::duration: {
          const double s = parse_duration(text);
          if (std::abs(s) > 1e12) throw Error("", "'" + text + "' is too long");
          if (s != std::floor(s)) throw Error("", "'" + text + "' is no whole number of seconds");
          return Seconds(static_cast<std::int64_t>(bounded(s, p, place)));
        }
        case ParamType::time: return text.empty() ? TimePoint{} : parse_time(text);
        case ParamType::number: return bounded(std::stod(text), p, place);
        case ParamType::integer: return bounded_integer(std::stoll(text), p, place);
        case ParamType::boolean: return text == "true";
        case ParamType::text_list: return split_list(text);
        case ParamType::text:
        case ParamType::path: break;
      }
    } catch (const Error& e) {
      if (!place.empty()) fault(place, fmt::format("\"{}\": {}", p.key, e.what()));
      return p.type == ParamType::duration ? ConfigTable::Value(Seconds(0))
             : p.type == ParamType::time   ? ConfigTable::Value(TimePoint{})
                                           : ConfigTable::Value(0.0);
    }
    if (!place.empty() && !p.choices.empty() && std::find(p.choices.begin(), p.choices.end(), text) == p.choices.end()) {
      std::string known;
      for (const auto& c : p.choices) known += (known.empty() ? "" : ", ") + c;
      const std::string near = nearest_word(text, p.choices);
      fault(place, fmt::format("\"{}\" is \"{}\"; the choices are {}{}", p.key, text, known, near.empty() ? "" : "; did you mean \"" + near + "\"?"));
    }
    return text;
  }

  double bounded(double v, const ParamSpec& p, const std::string& place) {
    const std::string unit = p.type == ParamType::duration ? " s" : p.unit.empty() || p.unit == "1" ? "" : " " + p.unit;
    if (!(v >= p.min && v <= p.max)) fault(place, fmt::format("\"{}\" is {:g}{}, outside {:g} to {:g}{}", p.key, v, unit, p.min, p.max, unit));
    return v;
  }
  std::int64_t bounded_integer(std::int64_t v, const ParamSpec& p, const std::string& place) {
    bounded(static_cast<double>(v), p, place);
    return v;
  }

  std::string path_;
  std::vector<std::string> faults_;
};

Config load_config(const std::string& path, const TableSpec& spec) {
  const std::string text = read_text_file(path);
  Config config;
  config.hash = Hasher().bytes(text.data(), text.size()).hex();
  try {
    const toml::table table = toml::parse(text, path);
    ConfigChecker checker(path);
    config.root = checker.check(table, spec, path + ":1:1");
    checker.finish();
  } catch (const toml::parse_error& e) {
    throw Error(fmt::format("{}:{}:{}", path, e.source().begin.line, e.source().begin.column), std::string(e.description()));
  }
  return config;
}

}  // namespace guyu
