#include "cli/verb.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <optional>

namespace guyu::cli {

Option Option::required() {
  option_->required();
  return *this;
}
Option Option::shows_default() {
  option_->capture_default_str();
  return *this;
}
Option Option::between(int least, int most) {
  option_->check(CLI::Range(least, most));
  return *this;
}
Option Option::between(double least, double most) {
  option_->check(CLI::Range(least, most));
  return *this;
}
Option Option::at_least_zero() {
  option_->check(CLI::NonNegativeNumber);
  return *this;
}
Option Option::one_of(std::initializer_list<std::string> words) {
  option_->check(CLI::IsMember(std::vector<std::string>(words)));
  return *this;
}
Option Option::words(int least, int most) {
  option_->expected(least, most);
  return *this;
}
Option Option::parted_by(char sign) {
  option_->delimiter(sign);
  return *this;
}
Option Option::needs(Option other) {
  option_->needs(other.option_);
  return *this;
}
Option Option::excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

Verb Verb::verb(const std::string& name, const std::string& help) {
  app_->require_subcommand(1);
  return {app_->add_subcommand(name, help), action_};
}
void Verb::footer(const std::string& text) { app_->footer(text); }

template <class T>
Option Verb::option(const std::string& name, T& value, const std::string& help) {
  return Option(app_->add_option(name, value, help));
}
template Option Verb::option(const std::string&, std::string&, const std::string&);
template Option Verb::option(const std::string&, int&, const std::string&);
template Option Verb::option(const std::string&, std::size_t&, const std::string&);
template Option Verb::option(const std::string&, double&, const std::string&);
template Option Verb::option(const std::string&, float&, const std::string&);
template Option Verb::option(const std::string&, std::optional<int>&, const std::string&);
template Option Verb::option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Verb::option(const std::string&, std::vector<double>&, const std::string&);

Option Verb::flag(const std::string& name, bool& value, const std::string& help) { return Option(app_->add_flag(name, value, help)); }

void Verb::action(std::function<int()> what) {
  app_->callback([action = action_, what = std::move(what)] { *action = what; });
}

}  // namespace guyu::cli
