#pragma once
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "engine/config/param_spec.h"
#include "engine/core/time.h"

namespace guyu {

// A checked table: every declared key has a value of its declared type (its default where the file was silent). Asking for
// an undeclared key is a programming error (assert).
class ConfigTable {
 public:
  const std::string& text(const std::string& key) const;
  double number(const std::string& key) const;  // number, quantity (canonical unit)
  std::int64_t integer(const std::string& key) const;
  bool flag(const std::string& key) const;
  Seconds duration(const std::string& key) const;
  TimePoint time(const std::string& key) const;
  const std::vector<std::string>& texts(const std::string& key) const;
  bool given(const std::string& key) const;         // written in the file
  std::string place(const std::string& key) const;  // file:line:column of the key, or of the table
  const ConfigTable& table(const std::string& name) const;
  const std::vector<ConfigTable>& tables(const std::string& name) const;

 private:
  friend class ConfigChecker;
  using Value = std::variant<std::string, double, std::int64_t, bool, Seconds, TimePoint, std::vector<std::string>>;
  const Value& value(const std::string& key) const;
  std::map<std::string, Value> values_;
  std::map<std::string, std::string> places_;
  std::map<std::string, std::vector<ConfigTable>> tables_;
  std::string place_;
};

struct Config {
  ConfigTable root;
  std::string hash;  // SHA-256 of the file's bytes
};

// Reads and checks a TOML file. Throws one Error with every fault in it, each as "file:line:column: what; did you mean".
Config load_config(const std::string& path, const TableSpec& spec);

}  // namespace guyu
