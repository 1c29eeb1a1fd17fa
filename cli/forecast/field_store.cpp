#include "cli/forecast/field_store.h"

#include <sys/stat.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <optional>
#include <utility>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/field_set.h"
#include "hpc/parallel/parallel_for.h"

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

// Files, or fields, that are begun before they are wanted. Each process holds one that is decoded and is at another.
constexpr std::size_t kAheadPerProcess = 2;
// A field takes several times as long to decode as to bring to townships; more would wait, each with a field in memory.
constexpr int kMostProcesses = 8;

const char* component(const std::string& quantity) { return quantity == "x_wind" ? "y_wind" : quantity == "y_wind" ? "x_wind" : nullptr; }

}  // namespace

FieldStore::FieldStore(const std::vector<std::string>& files) {
  if (const int processes = std::min(num_threads(), kMostProcesses); processes > 1) {
    decoding_ = std::make_unique<DecodingProcesses>(processes);
    ahead_ = kAheadPerProcess * static_cast<std::size_t>(processes);
  }
  list_all(files);
  if (entries_.empty()) throw problems_.empty() ? Error(files.empty() ? "" : files.front(), "holds no field") : Error("", problems_.front());
  // Components of the wind find each other in other files too: producers part u and v.
  std::map<std::pair<FieldKey, TimePoint>, std::size_t> components;
  for (const ForecastEntry& e : entries_)
    if (component(e.meta.quantity.name)) components[{FieldKey::of(e.meta), e.meta.reference}] = e.position;
  std::vector<ForecastEntry> kept;
  for (ForecastEntry& e : entries_) {
    const char* other = component(e.meta.quantity.name);
    if (!other) {
      kept.push_back(std::move(e));
      continue;
    }
    FieldKey key = FieldKey::of(e.meta);
    key.quantity = other;
    const auto partner = components.find({key, e.meta.reference});
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

// In the files' order, whoever reads them.
void FieldStore::list_all(const std::vector<std::string>& files) {
  struct Listed {
    const std::string* path;
    TimePoint arrival;
    bool apart;
    std::optional<DecodingProcesses::Ticket> ticket;
  };
  std::deque<Listed> begun;
  const std::size_t ahead = files.size() > 1 ? ahead_ : 1;
  const auto finish_first = [&] {
    const Listed listed = begun.front();
    begun.pop_front();
    try {
      for (FieldPlace& place : listed.ticket ? decoding_->take_list(*listed.ticket, problems_) : list_fields(*listed.path, {}, problems_)) {
        entries_.push_back({place.meta, *listed.path, places_.size(), listed.arrival});
        places_.push_back({std::move(place), -1, false, listed.apart});
      }
    } catch (const Error& e) {
      problems_.push_back(e.what());
    }
  };
  for (const std::string& path : files) {
    if (path.ends_with(".arrival")) continue;
    try {
      Listed listed{&path, arrival_of(path), decoding_ && DecodingProcesses::serve(reader_for(path)), std::nullopt};
      if (listed.apart && ahead > 1) listed.ticket = decoding_->list(path);
      begun.push_back(listed);
    } catch (const Error& e) {
      while (!begun.empty()) finish_first();
      problems_.push_back(e.what());
    }
    if (begun.size() >= ahead) finish_first();
  }
  while (!begun.empty()) finish_first();
}

FieldPtr FieldStore::read_place(std::size_t k) {
  if (const auto it = expected_.find(k); it != expected_.end()) {
    const DecodingProcesses::Ticket ticket = it->second;
    expected_.erase(it);
    return std::make_shared<const Field>(decoding_->take_field(ticket));
  }
  const std::string& path = places_[k].field.meta.source;
  return std::make_shared<const Field>(reader_for(path).read_at(path, places_[k].field));
}

void FieldStore::expect(std::span<const std::size_t> next) {
  if (!decoding_) return;
  std::vector<std::size_t> wanted;
  const auto add = [&](std::size_t position) {
    if (places_[position].apart && !kept_.count(position) && std::find(wanted.begin(), wanted.end(), position) == wanted.end()) wanted.push_back(position);
  };
  for (const std::size_t k : next) {
    if (wanted.size() >= ahead_) break;
    const std::size_t position = entries_[k].position;
    add(position);
    if (places_[position].partner >= 0) add(static_cast<std::size_t>(places_[position].partner));
  }
  std::erase_if(expected_, [&](const auto& e) {
    const bool past = std::find(wanted.begin(), wanted.end(), e.first) == wanted.end();
    if (past) decoding_->drop(e.second);
    return past;
  });
  for (const std::size_t position : wanted) {
    const FieldPlace& place = places_[position].field;
    if (!expected_.count(position)) expected_[position] = decoding_->read(place.meta.source, place);
  }
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
