#include "alerts/cap/cap_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "alerts/cap/cap_build.h"
#include "engine/core/error.h"
#include "engine/region/reproject.h"

namespace guyu {
namespace {
using cap::add;
using cap::add_pair;
constexpr const char* kLonLat = "+proj=longlat +datum=WGS84 +no_defs";

const char* severity(Level level) {
  switch (level) {
    case Level::red: return "Extreme";
    case Level::orange: return "Severe";
    case Level::yellow: return "Moderate";
    default: return "Minor";
  }
}
// Number, colour and severity of China's four colours; green stands for the all-clear.
std::string awareness(Level level, bool cancel) {
  if (cancel) return "0; green; Minor";
  std::string colour(to_string(level));
  colour[0] = static_cast<char>(colour[0] + 32);
  return fmt::format("{}; {}; {}", static_cast<int>(level), colour, severity(level));
}

std::string polygon_text(const Ring& ring) {
  std::string text;
  for (const Point& p : ring) text += fmt::format("{}{:.4f},{:.4f}", text.empty() ? "" : " ", p.y, p.x);
  return text;
}

struct Timing {
  TimePoint onset = TimePoint::max();
  bool reached = false;
};
Timing timing(const Alert& alert) {
  Timing t;
  for (const AlertMember& m : alert.members) {
    t.onset = std::min(t.onset, m.valid.begin);
    t.reached = t.reached || m.evidence.already_reached;
  }
  return t;
}
const char* urgency(const Timing& t, TimePoint sent) {
  if (t.reached || t.onset <= sent) return "Immediate";
  return t.onset - sent <= std::chrono::hours(1) ? "Expected" : "Future";
}
}  // namespace

std::string_view to_string(RunStatus status) { return status == RunStatus::actual ? "Actual" : status == RunStatus::exercise ? "Exercise" : "Test"; }

RunStatus run_status_named(std::string_view name) {
  for (const RunStatus s : {RunStatus::actual, RunStatus::exercise, RunStatus::test})
    if (to_string(s) == name) return s;
  throw Error("", "there is no status '" + std::string(name) + "'", "Actual, Exercise or Test");
}

std::string cap_message_type(Action action) { return action == Action::issue ? "Alert" : action == Action::update ? "Update" : "Cancel"; }

std::string_view status_prefix(const MessageText& text, RunStatus status) {
  return status == RunStatus::exercise ? text.word("exercise_prefix") : status == RunStatus::test ? text.word("test_prefix") : std::string_view();
}

CapWriter::CapWriter(CapSettings settings, const RegionSet& regions) : settings_(std::move(settings)), regions_(regions) {
  if (settings_.sender.empty() || settings_.sender.find_first_of(" ,<&\t\n") != std::string::npos) {
    throw Error("", "the sender '" + settings_.sender + "' is not fit for CAP", "use a name such as warnings@example.org");
  }
  for (const MessageText& text : settings_.texts) {
    for (const char* key : {"event_code", "event_code_name"}) {
      const MessageText& first = *std::find_if(settings_.texts.begin(), settings_.texts.end(), [&](const MessageText& t) { return t.hazard == text.hazard; });
      if (text.word(key) != first.word(key)) {
        throw Error(text.path, fmt::format("{} differs from that of {}", key, first.path), "CAP wants the same code in every language");
      }
    }
  }
  for (std::size_t i = 0; i < regions.regions.size(); ++i) number_[regions.regions[i].code] = i;
  if (!regions.crs.empty()) lonlat_ = Grid(regions.crs, 0, 0, 1, 1, 1, 1).is_latlon();
}

Outline CapWriter::area_outline(const Decision& d) const {
  std::vector<MultiPolygon> moved;
  std::vector<const MultiPolygon*> shapes;
  moved.reserve(d.alert.members.size());
  for (const AlertMember& m : d.alert.members) {
    const auto found = number_.find(m.code);
    if (found == number_.end()) continue;
    const MultiPolygon& shape = regions_.regions[found->second].shape;
    if (lonlat_) {
      shapes.push_back(&shape);
      continue;
    }
    const RegionProjector to_lonlat(regions_.crs, Grid(kLonLat, 0, 0, 0.01, 0.01, 1, 1));
    moved.push_back(to_lonlat(shape));
    shapes.push_back(&moved.back());
  }
  return outline(shapes, settings_.outline);
}

std::vector<std::string> CapWriter::names(const Decision& d) const {
  std::vector<std::string> names;
  for (const AlertMember& m : d.alert.members) {
    const auto found = number_.find(m.code);
    names.push_back(found == number_.end() || regions_.regions[found->second].name.empty() ? m.code : regions_.regions[found->second].name);
  }
  return names;
}

std::string CapWriter::write(const Decision& d, bool with_polygons) const {
  const auto time = [&](TimePoint t) { return to_iso_offset(t, settings_.utc_offset_minutes); };
  if (settings_.texts.empty()) throw Error(d.identifier, "there are no message texts", "name at least one language");
  const bool cancel = d.action == Action::cancel;
  const Timing when = timing(d.alert);
  const double probability = largest_probability(d.alert);  // NaN where unknown: the level stands, so Likely
  const Outline area = with_polygons ? area_outline(d) : Outline{};
  const std::vector<std::string> members = names(d);

  pugi::xml_document document;
  pugi::xml_node alert = cap::start(document, "alert", kCap12);
  add(alert, "identifier", d.identifier);
  add(alert, "sender", settings_.sender);
  add(alert, "sent", time(d.sent));
  add(alert, "status", std::string(to_string(settings_.status)));
  add(alert, "msgType", cap_message_type(d.action));
  add(alert, "scope", "Public");
  add(alert, "note", d.reason + ": " + d.detail);
  if (!d.references.empty()) {
    std::string references;
    for (const MessageRef& m : d.references) {
      references += fmt::format("{}{},{},{}", references.empty() ? "" : " ", settings_.sender, m.identifier, time(m.sent));
    }
    add(alert, "references", references);
  }
  add(alert, "incidents", d.alert.event);
  for (const MessageText& text : settings_.texts) {
    if (!text.is_for(d.alert.hazard)) continue;
    const Wording w = wording(text, d, members, settings_.utc_offset_minutes, std::string(status_prefix(text, settings_.status)));
    pugi::xml_node info = alert.append_child("info");
    add(info, "language", text.language);
    add(info, "category", "Met");
    add(info, "event", w.event);
    add(info, "responseType", cancel ? "AllClear" : d.alert.level >= Level::orange ? "Execute" : "Prepare");
    add(info, "urgency", cancel ? "Past" : urgency(when, d.sent));
    add(info, "severity", cancel ? "Minor" : severity(d.alert.level));
    add(info, "certainty", cancel ? "Unlikely" : when.reached ? "Observed" : probability <= 0.5 ? "Possible" : "Likely");
    if (!text.word("event_code").empty()) add_pair(info, "eventCode", text.word("event_code_name"), text.word("event_code"));
    add(info, "effective", time(d.sent));
    add(info, "onset", time(std::min(when.onset, d.alert.expires)));
    add(info, "expires", time(d.alert.expires));
    add(info, "senderName", w.sender_name);
    add(info, "headline", w.headline);
    add(info, "description", w.description);
    add(info, "instruction", w.instruction);
    add_pair(info, "parameter", "awareness_level", awareness(d.alert.level, cancel));
    if (!cancel && !when.reached && probability < 1) add_pair(info, "parameter", "probability", fmt::format("{:.2f}", probability));
    if (with_polygons) add_pair(info, "parameter", "polygon_tolerance_deg", fmt::format("{:g}", area.tolerance));
    pugi::xml_node place = info.append_child("area");
    add(place, "areaDesc", w.area);
    for (const Ring& ring : area.rings) add(place, "polygon", polygon_text(ring));
    for (const AlertMember& m : d.alert.members) add_pair(place, "geocode", settings_.geocode_name, m.code);
  }
  return cap::written(document);
}

}  // namespace guyu
