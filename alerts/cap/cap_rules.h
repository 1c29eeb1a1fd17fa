#pragma once
#include <optional>
#include <string>
#include <vector>

#include "alerts/cap/cap_message.h"
#include "engine/config/param_spec.h"

namespace guyu {

// What a sender asks of its messages beyond CAP. A profile file (configs/cap/*.toml) says the same.
struct CapCheckOptions {
  std::string schema_path;                                  // CAP-v1.2.xsd; empty: our own table of its elements alone
  double west = -180, south = -90, east = 180, north = 90;  // every polygon lies inside (rule box)
  std::size_t size_limit = 900 * 1024;                      // bytes (rule size)
  std::string profile = "house";
  std::vector<std::string> rules = house_rules();  // which of profile_rules() hold
  std::string identifier_form = "any";             // any, wmo, national (rule identifier)
  std::vector<std::string> languages{};            // every message has an info in each (rule languages)

  bool holds(const char* rule) const;
  static std::vector<std::string> house_rules();  // what this program sends always keeps
  static CapCheckOptions plain();                 // CAP 1.2 alone
};

struct ProfileRule {
  const char* name;
  const char* meaning;
};
const std::vector<ProfileRule>& profile_rules();
const TableSpec& cap_profile_spec();
CapCheckOptions load_cap_profile(const std::string& path);  // throws Error naming file, line and key

// What CAP 1.2 demands and its schema cannot say, beside what reading has named: rules references (an Update, Cancel, Ack or
// Error names what it is about), addresses (scope Private), restriction (scope Restricted).
void check_standard(const CapMessage& message, std::vector<CapFault>& faults);

// The profile's rules that are switched on. `open`: the identifiers that the message must refer to, exactly.
void check_profile(const CapMessage& message, const CapCheckOptions& options, const std::optional<std::vector<std::string>>& open,
                   std::vector<CapFault>& faults);

// The identifier forms: 2.49.0.<n>.<country>.<authority>... with or without "urn:oid:" (WMO-No. 1109), and China's
// <14 digits or letters>_<14 digits>, mostly with _<digit> after it (see national_message.h).
bool is_wmo_identifier(std::string_view identifier);
bool is_national_identifier(std::string_view identifier);

}  // namespace guyu
