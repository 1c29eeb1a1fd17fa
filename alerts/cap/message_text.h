#pragma once
#include <map>
#include <string>
#include <vector>

#include "alerts/lifecycle/alert.h"
#include "engine/config/param_spec.h"
#include "engine/region/region_set.h"

namespace guyu {

// The words of one hazard in one language, from configs/texts/<hazard>.<language>.toml. Placeholders: {level} {previous_level} {regions}
// {count} {more} {begin} {end} {spoken_begin} {spoken_end} {threshold} {window_hours} {observed} {forecast} {total} {probability}; in the
// short texts also {headline} {description} {instruction} {sender_name}; in time_form and spoken_time {year} {month} {day} {hour} {minute} and
// {month_name} {day_number} {hour_number}, which have no leading zero.
struct MessageText {
  std::string language, path;
  std::string hazard;                        // that the words are for; empty: for every one
  std::map<std::string, std::string> words;  // key -> template
  std::vector<std::string> files;            // that the words were read from: path and its bases
  const std::string& word(const std::string& key) const { return words.at(key); }
  bool is_for(const std::string& of) const { return hazard.empty() || hazard == of; }
};

const TableSpec& message_text_spec();
// What a file does not say its `base`, a file beside it, does. Throws Error naming file and key: a key missing or unknown, a placeholder unknown.
MessageText load_message_text(const std::string& path, const std::string& hazard = {});

// Replaces {name}; throws Error (with `place`) for a name that `values` lacks.
std::string fill_in(const std::string& text, const std::map<std::string, std::string>& values, const std::string& place);

// What one message says in one language.
struct Wording {
  std::string event, sender_name, headline, description, instruction, area;
};
// `names` are the regions' names in the order of the alert's members; `prefix` stands before the headline. The headline stays under 140
// characters: names of regions give way to their number, the level and the hazard never.
Wording wording(const MessageText& text, const Decision& decision, const std::vector<std::string>& names, int utc_offset_minutes,
                const std::string& prefix = {});

// The same in the lengths that channels need. A template's bars part its pieces; what is too long loses its pieces from the last to the
// second, and then the names of regions.
struct ShortTexts {
  std::string sms;             // at most 140 characters
  std::string cell_broadcast;  // at most 615 UCS-2 units
  std::string speech;          // one sentence of at most 200 characters
};
ShortTexts short_texts(const MessageText& text, const Decision& decision, const std::vector<std::string>& names, int utc_offset_minutes,
                       const std::string& prefix = {});

// The largest probability (share of the possible futures) that the standing level is reached among an alert's members; NaN when none is known.
double largest_probability(const Alert& alert);

std::size_t character_count(const std::string& utf8);
std::size_t ucs2_units(const std::string& utf8);  // a letter beyond the first plane counts twice

}  // namespace guyu
