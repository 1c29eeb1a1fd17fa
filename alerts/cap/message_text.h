#pragma once
#include <map>
#include <string>
#include <vector>

#include "alerts/lifecycle/alert.h"
#include "engine/config/param_spec.h"
#include "engine/region/region_set.h"

namespace guyu {

// The words of one hazard in one language, from configs/texts/<hazard>.<language>.toml. Placeholders:
// {level} {previous_level} {regions} {count} {more} {begin} {end} {threshold} {window_hours} {observed} {forecast}
// {total}; in time_form {year} {month} {day} {hour} {minute}.
struct MessageText {
  std::string language, path;
  std::map<std::string, std::string> words;  // key -> template
  const std::string& word(const std::string& key) const { return words.at(key); }
};

const TableSpec& message_text_spec();
// Throws Error naming file and key: a key missing or unknown, a placeholder unknown.
MessageText load_message_text(const std::string& path);

// Replaces {name}; throws Error (with `place`) for a name that `values` lacks.
std::string fill_in(const std::string& text, const std::map<std::string, std::string>& values, const std::string& place);

// What one message says in one language.
struct Wording {
  std::string event, sender_name, headline, description, instruction, area;
};
// `names` are the regions' names in the order of the alert's members. The headline stays under 140 characters.
Wording wording(const MessageText& text, const Decision& decision, const std::vector<std::string>& names, int utc_offset_minutes);

std::size_t character_count(const std::string& utf8);

}  // namespace guyu
