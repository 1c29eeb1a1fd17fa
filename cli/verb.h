#pragma once
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace guyu::cli {

// An option or a positional word of a verb. Copies stand for the same one.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}
  Option required();
  Option shows_default();
  Option between(int least, int most);
  Option between(double least, double most);
  Option at_least_zero();
  Option one_of(std::initializer_list<std::string> words);
  Option words(int least, int most);  // how many values it takes
  Option parted_by(char sign);        // several values in one word
  Option needs(Option other);         // may be given only with the other
  Option excludes(Option other);      // may not be given with the other

 private:
  CLI::Option* option_;
};

// One verb of the command, as its file declares it: options bound to variables that must live as long as the command, and what to do. The parser behind
// it (CLI11) takes seconds to compile wherever it is included, so that only verb.cpp and app.cpp do.
class Verb {
 public:
  Verb(CLI::App* app, std::function<int()>* action) : app_(app), action_(action) {}
  Verb verb(const std::string& name, const std::string& help);  // below this one; then one of them must be named
  void footer(const std::string& text);

  // T: std::string, int, std::size_t, double, float, std::optional<int>, std::vector<std::string>, std::vector<double>.
  template <class T>
  Option option(const std::string& name, T& value, const std::string& help);
  Option flag(const std::string& name, bool& value, const std::string& help);
  void action(std::function<int()> what);  // done when the verb was named; returns the exit code

 private:
  CLI::App* app_;
  std::function<int()>* action_;
};

}  // namespace guyu::cli
