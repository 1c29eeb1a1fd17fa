#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "alerts/cap/outgoing_message.h"

// The message that China's national early warning release platform (国家突发事件预警信息发布系统) takes in, and its acknowledgement.
//
// Sources. The identifier, the office code and the time form: annex A of the national data rules as reprinted by DB12/T 1128-2022 and others
// (GB/T 34283-2017 and GB/T 35965.1-2018 behind them were not at hand). Element names, their order and the values in use: what three
// independent public programs write or read, among them one of the public weather service's own, and one real message of February 2020. The
// acknowledgement: one public program that reads it. Not verified against the standards' text or against the platform itself: the order of
// latitude and longitude in `polygon` (which is therefore left empty, as in every sample seen), upper case in file names, and whether
// `audenceprt` (so in samples) or `audiencePrt` (so in a commented program) is the right spelling. Ask for the platform's own interface
// description before going live.
namespace guyu {

struct NationalMethod {
  std::string name;                                               // of the platform's ways of delivery: SMS, WEB, SPEAKER, LED, ...
  enum class Text { none, sms, speech, full } text = Text::none;  // what it carries; none: the platform takes the description
  std::string groups;                                             // audience groups, comma-separated; as the platform knows them
  std::string people;                                             // single addresses
};

struct NationalSettings {
  std::string office_code;  // 14 characters: region (6), branch (3), inner (3, "000"), extension (2, "00")
  std::string office_name;  // 发布单位, "某某市气象局"
  std::string signer;       // who signs for the office; empty: its name
  std::vector<NationalMethod> methods{{"SMS", NationalMethod::Text::sms, {}, {}}, {"WEB", NationalMethod::Text::none, {}, {}}};
  bool grade_in_headline = true;  // "[IV级/一般]" after the colour, as the platform's own headlines have it
  std::string audience_element = "audenceprt";
  std::string name_space;  // xmlns of alert; empty in samples, "http://com.icss.amp" in one program
};

// ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N with Beijing time. The platform knows ten numbers a second (N = 0..9): `number` counts on into the
// seconds that follow. Throws Error for an office code that is not of 14 digits and capital letters.
std::string national_identifier(const std::string& office_code, TimePoint sent, int number);

struct NationalMessage {
  std::string identifier;
  std::string file_name;  // <identifier>_<event type>_<colour>_<type>.xml
  std::string xml;        // UTF-8
};

// From a message's CAP bytes and its short texts, in Chinese. The same message always gives the same identifier: its number is the last part of
// the CAP identifier, and references are turned alike; of several the oldest is named, as the platform wants the event's first
// message. An exercise becomes a Test, the only other status in use. Throws Error when there is no text in Chinese, no event code, a
// region code that is neither 6 nor 12 digits, or for a heartbeat.
NationalMessage write_national_message(const OutgoingMessage& message, const NationalSettings& settings);

struct NationalAck {
  bool accepted = false;
  std::string status;  // as written; "0" is success
  std::string error_code, note;
  std::string identifier;  // of the message it is about; empty where the platform does not say
};

// Reads <msg><data><rows> with status, error_code and note, or an alert of msgType Ack or Error (reserved in the data rules) with references.
// Untrusted input: see xml_input.h. Throws Error naming `place` when it is neither.
NationalAck read_national_ack(std::string_view bytes, const std::string& place);

}  // namespace guyu
