#include "engine/core/error.h"

namespace guyu {
namespace {
std::string compose(const std::string& place, const std::string& what, const std::string& remedy) {
  std::string text = place.empty() ? what : place + ": " + what;
  if (!remedy.empty()) text += " (" + remedy + ")";
  return text;
}
}  // namespace

Error::Error(std::string place, std::string what, std::string remedy)
    : std::runtime_error(compose(place, what, remedy)), place_(std::move(place)), reason_(std::move(what)), remedy_(std::move(remedy)) {}

}  // namespace guyu
