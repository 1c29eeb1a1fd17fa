#include "alerts/cap/national_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "alerts/cap/cap_build.h"
#include "alerts/cap/cap_reader.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
constexpr int kBeijing = 480;  // minutes east of Greenwich

bool digits_only(std::string_view t) {
  return !t.empty() && std::all_of(t.begin(), t.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string local(TimePoint t) {
  std::string iso = to_iso_offset(t, kBeijing);  // 2019-06-10T08:10:00+08:00
  iso[10] = ' ';
  return iso;
}

// 2.49.0.1.156.0.20190610001000.3 -> 2: messages of one second count from 1 in CAP and from 0 here.
int number_of(const std::string& cap_identifier) {
  const std::string tail = cap_identifier.substr(cap_identifier.rfind('.') + 1);
  int n = 0;
  const auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), n);
  return error == std::errc() && end == tail.data() + tail.size() && n > 0 ? n - 1 : 0;
}

const char* grade(Level level) {
  switch (level) {
    case Level::red: return "[I级/特别重大]";
    case Level::orange: return "[II级/重大]";
    case Level::yellow: return "[III级/较大]";
    default: return "[IV级/一般]";
  }
}

std::string region_code(const std::string& code, const std::string& place) {
  if (digits_only(code) && code.size() == 12) return code;
  if (digits_only(code) && code.size() == 6) return code + "000000";
  throw Error(place, "region '" + code + "' has no administrative code of 6 or 12 digits", "the national platform knows regions by GB/T 2260 codes");
}

std::string carried(NationalMethod::Text text, const OutgoingText& words) {
  switch (text) {
    case NationalMethod::Text::sms: return words.sms;
    case NationalMethod::Text::speech: return words.speech;
    case NationalMethod::Text::full: return words.description + words.instruction;
    default: return {};
  }
}
}  // namespace

std::string national_identifier(const std::string& office_code, TimePoint sent, int number) {
  const bool fits = office_code.size() == 14 && digits_only(office_code.substr(0, 6)) &&
                    std::all_of(office_code.begin(), office_code.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
  if (!fits)
    throw Error("", "'" + office_code + "' is no code of an issuing office",
                "14 characters: 6 digits of the region, 3 of the branch, 3 inner (000), 2 extension (00)");
  std::string digits = to_iso_offset(sent + Seconds(number / 10), kBeijing).substr(0, 19);
  digits.erase(std::remove_if(digits.begin(), digits.end(), [](char c) { return c < '0' || c > '9'; }), digits.end());
  return fmt::format("{}_{}_{}", office_code, digits, number % 10);
}

NationalMessage write_national_message(const OutgoingMessage& m, const NationalSettings& s) {
  const CapReading reading = read_cap(m.xml);
  if (!reading.unreadable.empty()) throw Error(m.identifier, "cannot be read as CAP: " + reading.unreadable.front().detail);
  const CapMessage& cap = reading.message;
  if (cap.status == "System") throw Error(m.identifier, "is a heartbeat, which the national platform has no use for");
  const auto is_chinese = [](const auto& x) { return x.language.substr(0, 2) == "zh"; };
  const auto info = std::find_if(cap.infos.begin(), cap.infos.end(), is_chinese);
  const auto words = std::find_if(m.texts.begin(), m.texts.end(), is_chinese);
  if (info == cap.infos.end() || words == m.texts.end()) throw Error(m.identifier, "has no text in Chinese", "name a zh-CN text in [alerts]");
  if (info->event_codes.empty() || info->event_codes.front().value.empty())
    throw Error(m.identifier, "has no event code, which the national platform demands", "give the hazard's texts an \"event_code\"");
  if (m.level < Level::blue) throw Error(m.identifier, "has no level");
  const std::string& event_code = info->event_codes.front().value;
  const std::string colour(to_string(m.level));
  const bool cancel = m.msg_type == "Cancel";

  NationalMessage out;
  out.identifier = national_identifier(s.office_code, m.sent, number_of(m.identifier));
  std::string first;
  if (!cap.references.empty()) {
    const auto oldest =
        std::min_element(cap.references.begin(), cap.references.end(), [](const CapReference& a, const CapReference& b) { return a.sent < b.sent; });
    first = national_identifier(s.office_code, oldest->sent, number_of(oldest->identifier));
  }
  std::string codes;
  for (const std::string& code : m.regions) codes += (codes.empty() ? "" : ",") + region_code(code, m.identifier);

  pugi::xml_document document;
  pugi::xml_node alert = cap::start(document, "alert", s.name_space.c_str());
  cap::add(alert, "identifier", out.identifier);
  cap::add(alert, "sender", s.office_name);
  cap::add(alert, "senderCode", s.office_code);
  cap::add(alert, "sendTime", local(m.sent));
  cap::add(alert, "status", m.status == RunStatus::actual ? "Actual" : "Test");
  cap::add(alert, "msgType", m.msg_type);
  cap::add(alert, "scope", "Public");
  pugi::xml_node code = alert.append_child("code");
  for (const NationalMethod& method : s.methods) {
    pugi::xml_node node = code.append_child("method");
    cap::add(node, "methodName", method.name);
    cap::add(node, "message", carried(method.text, *words));
    cap::add(node, "audienceGrp", method.groups);
    cap::add(node, s.audience_element.c_str(), method.people);
  }
  cap::add(alert, "secClassification", "None");
  cap::add(alert, "note", cancel ? words->description : "");
  cap::add(alert, "references", first);
  pugi::xml_node node = alert.append_child("info");
  cap::add(node, "language", "zh-CN");
  cap::add(node, "eventType", event_code);
  cap::add(node, "urgency", "Unknown");  // the platform keeps other values of urgency and certainty for later
  cap::add(node, "severity", colour);
  cap::add(node, "certainty", "Unknown");
  cap::add(node, "effective", local(info->effective.value_or(m.sent)));
  cap::add(node, "onset", info->onset ? local(*info->onset) : "");
  cap::add(node, "expires", local(m.expires));
  cap::add(node, "senderName", s.signer.empty() ? s.office_name : s.signer);
  cap::add(
      node, "headline",
      fmt::format("{}{}{}{}预警{}", s.office_name, cancel ? "解除" : "发布", info->event, chinese_name(m.level), s.grade_in_headline ? grade(m.level) : ""));
  cap::add(node, "description", words->description);
  cap::add(node, "instruction", words->instruction);
  cap::add(node, "web", "");
  pugi::xml_node area = node.append_child("area");
  cap::add(area, "areaDesc", words->area);
  cap::add(area, "polygon", "");
  cap::add(area, "circle", "");
  cap::add(area, "geocode", codes);

  const auto upper = [](std::string t) {
    for (char& c : t) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    return t;
  };
  out.file_name = fmt::format("{}_{}_{}_{}.xml", out.identifier, event_code, upper(colour), upper(m.msg_type));
  out.xml = cap::written(document);
  return out;
}

}  // namespace guyu
