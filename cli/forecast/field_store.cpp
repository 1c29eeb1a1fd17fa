#include "cli/forecast/field_store.h"

#include <sys/stat.h>

#include <filesystem>
#include <tuple>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/field_set.h"

namespace guyu::cli {
namespace {

TimePoint arrival_of(const std::string& path) {
  const std::string sidecar = path + ".arrival";
  std::error_code ec;
  if (std::filesystem::exists(sidecar, ec)) {
    std::string text = read_text_file(sidecar);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
    try {
      return parse_time(text);
    } catch (const Error& e) {
      throw Error(sidecar, e.reason(), "write one time as 2026-11-25T06:00:00Z");
    }
  }
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return {};
  return TimePoint(Seconds(s.st_mtime));
}

const char* component(const std::string& quantity) { return quantity == "x_wind" ? "y_wind" : quantity == "y_wind" ? "x_wind" : nullptr; }

}  // namespace

FieldStore::FieldStore(const std::vector<std::string>& files) {
  using Key = std::tuple<std::string, FieldKey, TimePoint>;
  std::map<Key, std::size_t> components;  // of this file or another: producers part u and v into files too
  for (const std::string& path : files) {
    if (path.ends_with(".arrival")) continue;
    try {
      const TimePoint arrival = arrival_of(path);
      for (FieldPlace& place : list_fields(path, {}, problems_)) {
        ForecastEntry entry{place.meta, path, places_.size(), arrival};
        if (component(place.meta.quantity.name)) components[{"", FieldKey::of(place.meta), place.meta.reference}] = places_.size();
        places_.push_back({std::move(place), -1, false});
        entries_.push_back(std::move(entry));
      }
    } catch (const Error& e) {
      problems_.push_back(e.what());
    }
  }
  if (entries_.empty()) throw problems_.empty() ? Error(files.empty() ? "" : files.front(), "holds no field") : Error("", problems_.front());
  std::vector<ForecastEntry> kept;
  for (ForecastEntry& e : entries_) {
    const char* other = component(e.meta.quantity.name);
    if (!other) {
      kept.push_back(std::move(e));
      continue;
    }
    FieldKey key = FieldKey::of(e.meta);
    key.quantity = other;
    const auto partner = components.find({"", key, e.meta.reference});
    if (partner == components.end()) {
      problems_.push_back(e.path + ": " + FieldKey::of(e.meta).describe() + " stands without " + other + ": its direction on the ground cannot be told");
      continue;
    }
    Place& place = places_[e.position];
    place.partner = static_cast<std::ptrdiff_t>(partner->second);
    place.is_x = e.meta.quantity.name == "x_wind";
    e.meta.quantity = *find_quantity(place.is_x ? "eastward_wind" : "northward_wind");
    kept.push_back(std::move(e));
  }
  entries_ = std::move(kept);
}

FieldPtr FieldStore::read_place(std::size_t k) const {
  const std::string& path = places_[k].field.meta.source;
  return std::make_shared<const Field>(reader_for(path).read_at(path, places_[k].field));
}

const WindRotation& FieldStore::rotation(const Grid& grid) {
  const std::string key = grid.hash();
  const auto found = rotations_.find(key);
  return found != rotations_.end() ? found->second : rotations_.emplace(key, WindRotation(grid)).first->second;
}

FieldPtr FieldStore::read(std::size_t k) {
  const std::size_t position = entries_[k].position;
  if (const auto it = kept_.find(position); it != kept_.end()) return it->second;
  const Place& place = places_[position];
  if (place.partner < 0) return kept_[position] = read_place(position);
  const auto partner = static_cast<std::size_t>(place.partner);
  Field x = read_place(place.is_x ? position : partner)->clone(), y = read_place(place.is_x ? partner : position)->clone();
  if (!(x.grid() == y.grid())) throw Error(x.meta.source, "the components of the wind stand on different grids: " + FieldKey::of(x.meta).describe());
  rotation(x.grid()).apply(x.view(), y.view());
  x.meta.quantity = *find_quantity("eastward_wind");
  y.meta.quantity = *find_quantity("northward_wind");
  kept_[place.is_x ? position : partner] = std::make_shared<const Field>(std::move(x));
  kept_[place.is_x ? partner : position] = std::make_shared<const Field>(std::move(y));
  return kept_[position];
}

}  // namespace guyu::cli
