// China's emergency broadcast (应急广播): for each message one package EBDT_<EBDID>.tar in a folder, with
//   EBDB_<EBDID>.xml       the instruction: what to say, where, from when to when
//   EBDS_EBDB_<EBDID>.xml  its SM2 signature over SM3
//   EBDR_<EBDID>_<n>.wav   speech, one file per language
// EBDID = "10" (01 is for connection checks), the sender's resource code (23 digits), a number (16 digits).
// EBMID = the sender's resource code, the day (YYYYMMDD), a number within it (4 digits).
// Sources: the family GY/T 384, 385 and 389-2023 (before: GD/J 081 to 083-2018), as public summaries and public programs that read and write such packages show
// them; the standards' own text was not at hand. Those programs agree on the names of the files, both numbers, and the elements of EBD, EBM, MsgBasicInfo,
// MsgContent and Auxiliary. Not verified: the signature file (they differ; ours follows the one with SignatureCert, with the digest added), event types beyond
// the national codes of the message texts, several MsgContent for several languages, the encoding of the signature value (base64 of the DER form). Ask for the
// platform's interface description, and try with its test bench, before going live.
#include <fmt/format.h>

#include <filesystem>
#include <pugixml.hpp>
#include <sstream>

#include "alerts/cap/canonical_base64.h"
#include "alerts/cap/cap_reader.h"
#include "alerts/cap/secret_file.h"
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/broadcast_numbers.h"
#include "alerts/channels/registry.h"
#include "alerts/channels/sm2_signer.h"
#include "alerts/channels/speech.h"
#include "alerts/channels/tar.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
constexpr int kBeijing = 480;  // minutes

std::string local_time(TimePoint t) {
  const std::string iso = to_iso_offset(t, kBeijing);
  return iso.substr(0, 10) + " " + iso.substr(11, 8);
}
void add(pugi::xml_node parent, const char* name, const std::string& value) { parent.append_child(name).text().set(value.c_str()); }
std::string written(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, " ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}
pugi::xml_node start(pugi::xml_document& document, const char* root) {
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  return document.append_child(root);
}
// 1 red, 2 orange, 3 yellow, 4 blue.
int severity(Level level) { return 5 - std::max(static_cast<int>(level), 1); }
const char* language_code(const std::string& language) { return language.rfind("zh", 0) == 0 ? "zho" : language.rfind("en", 0) == 0 ? "eng" : "und"; }
// Twelve digits: shorter codes of GB/T 2260 end in zeros.
std::string area_code(std::string code) {
  if (code.size() < 12 && code.find_first_not_of("0123456789") == std::string::npos) code.resize(12, '0');
  return code;
}

class EmergencyBroadcastChannel : public Channel {
 public:
  EmergencyBroadcastChannel(const ConfigTable& t, const ChannelContext& context)
      : status_(t), folder_(context.path(t.text("folder"))), source_(t.text("source")), destination_(t.text("destination")), office_(t.text("sender_name")),
        certificate_(t.text("certificate_number")), speech_(t.flag("speech")), numbers_(folder_ + "/.numbers") {
    for (const auto& [key, value] : {std::pair<const char*, std::string>{"source", source_}, {"destination", destination_}})
      if (value.size() != 23 || value.find_first_not_of("0123456789") != std::string::npos)
        throw Error(t.place(key), "'" + value + "' is no resource code", "23 digits, as GY/T 386 gives them");
    if (!t.text("key_file").empty()) {
      try {
        signer_ = std::make_unique<Sm2Signer>(read_secret_file(t.text("key_file")));
      } catch (const Error& e) {
        throw Error(t.text("key_file"), e.reason(), e.remedy());
      }
    }
    make_folder(folder_);
  }

  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    std::vector<Outcome> outcomes;
    for (const Delivery& d : batch) {
      if (auto refusal = status_.refusal(*d.message)) {
        outcomes.push_back(*refusal);
        continue;
      }
      try {
        const std::string id = package_id(d.key);
        const std::string path = folder_ + "/EBDT_" + id + ".tar";
        if (!fs::exists(path)) write_file_atomically(path, tar_of(files(d, id), d.message->sent));
        outcomes.push_back({Verdict::delivered, path, {}});
      } catch (const Error& e) {  // a full disk, a voice that is missing
        outcomes.push_back({Verdict::retry, e.what(), {}});
      }
    }
    return outcomes;
  }

 private:
  // The same for every attempt at a delivery.
  std::string package_id(const std::string& key) const {
    const std::string digits = Hasher().text(key).short_hex();
    return "10" + source_ + fmt::format("{:016}", std::stoull(digits, nullptr, 16) % 10'000'000'000'000'000ULL);
  }
  std::vector<TarFile> files(const Delivery& d, const std::string& id) {
    const OutgoingMessage& m = *d.message;
    std::vector<TarFile> speech;
    for (std::size_t k = 0; k < m.texts.size() && speech_; ++k)
      speech.push_back({fmt::format("EBDR_{}_{}.wav", id, k + 1), spoken(m.texts[k].speech, m.texts[k].language)});
    std::vector<TarFile> all{{"EBDB_" + id + ".xml", instruction(m, id, speech)}};
    if (signer_) all.push_back({"EBDS_EBDB_" + id + ".xml", signature(id, m.sent, all[0].bytes)});
    for (TarFile& f : speech) all.push_back(std::move(f));
    return all;
  }

  std::string instruction(const OutgoingMessage& m, const std::string& id, const std::vector<TarFile>& speech) {
    const CapReading read = read_cap(m.xml);
    if (!read.unreadable.empty() || read.message.infos.empty()) throw Error(m.identifier, "has no content to broadcast");
    const CapInfo& first = read.message.infos.front();
    pugi::xml_document document;
    pugi::xml_node ebd = start(document, "EBD");
    add(ebd, "EBDVersion", "1");
    add(ebd, "EBDID", id);
    add(ebd, "EBDType", "EBM");
    add(ebd.append_child("SRC"), "EBRID", source_);
    add(ebd.append_child("DEST"), "EBRID", destination_);
    add(ebd, "EBDTime", local_time(m.sent));
    pugi::xml_node ebm = ebd.append_child("EBM");
    add(ebm, "EBMVersion", "1");
    std::string day = to_iso_offset(m.sent, kBeijing).substr(0, 10);
    std::erase(day, '-');
    add(ebm, "EBMID", source_ + numbers_.give(m.identifier, day));
    // A cancel or an update names the message before it, where the platform got that from here.
    if (m.msg_type != "Alert" && !read.message.references.empty()) {
      if (const auto before = numbers_.known(read.message.references.back().identifier)) add(ebm.append_child("RelatedInfo"), "EBMID", source_ + *before);
    }
    pugi::xml_node basic = ebm.append_child("MsgBasicInfo");
    add(basic, "MsgType", m.msg_type == "Cancel" ? "2" : "1");
    add(basic, "SenderName", office_.empty() ? first.sender_name : office_);
    add(basic, "SenderCode", source_);
    add(basic, "SendTime", local_time(m.sent));
    add(basic, "EventType", first.event_codes.empty() ? std::string() : first.event_codes.front().value);
    add(basic, "Severity", std::to_string(severity(m.level)));
    add(basic, "StartTime", local_time(first.effective.value_or(m.sent)));
    add(basic, "EndTime", local_time(m.expires));
    std::string areas;
    for (const std::string& code : m.regions) areas += (areas.empty() ? "" : ",") + area_code(code);
    for (std::size_t k = 0; k < m.texts.size(); ++k) {
      const OutgoingText& t = m.texts[k];
      pugi::xml_node content = ebm.append_child("MsgContent");
      add(content, "LanguageCode", language_code(t.language));
      add(content, "MsgTitle", t.headline);
      add(content, "MsgDesc", t.speech.empty() ? t.description : t.speech);
      add(content, "AreaCode", areas);
      if (k >= speech.size()) continue;
      pugi::xml_node sound = content.append_child("Auxiliary");
      add(sound, "AuxiliaryType", "2");  // sound
      add(sound, "AuxiliaryDesc", speech[k].name);
      add(sound, "Size", std::to_string(speech[k].bytes.size()));
      add(sound, "Digest", sm3_hex(speech[k].bytes));
    }
    return written(document);
  }

  std::string signature(const std::string& id, TimePoint at, const std::string& signed_bytes) const {
    pugi::xml_document document;
    pugi::xml_node s = start(document, "Signature");
    add(s, "Version", "1.0");
    add(s.append_child("RelatedEBD"), "EBDID", id);
    add(s.append_child("SignatureCert"), "CertSN", certificate_);
    add(s, "SignatureTime", local_time(at));
    add(s, "DigestAlgorithm", "SM3");
    add(s, "DigestValue", sm3_hex(signed_bytes));
    add(s, "SignatureAlgorithm", "SM2");
    add(s, "SignatureValue", encode_base64(signer_->sign(signed_bytes)));
    return written(document);
  }

  AcceptedStatus status_;
  std::string folder_, source_, destination_, office_, certificate_;
  bool speech_;
  BroadcastNumbers numbers_;
  std::unique_ptr<Sm2Signer> signer_;
};

}  // namespace

ChannelKind emergency_broadcast_kind() {
  using P = ParamType;
  TableSpec spec{"emergency_broadcast",
                 "Packages for emergency broadcast platforms and their loudspeakers: XML, signature (SM2) and speech in a tar.",
                 true,
                 false,
                 {{"folder", P::path, "Where the packages go; relative to the output folder", "broadcast"},
                  {"source", P::text, "Resource code of the sender, 23 digits"},
                  {"destination", P::text, "Resource code of the platform, 23 digits"},
                  {"sender_name", P::text, "Who warns; empty: as in the message", ""},
                  {"key_file", P::text, "SM2 key (PEM, mode 0600); empty: unsigned", ""},
                  {"certificate_number", P::text, "Number of the key's certificate, as the platform knows it", ""},
                  {"speech", P::boolean, "Speech by espeak-ng", "true"},
                  AcceptedStatus::param()}};
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<EmergencyBroadcastChannel>(t, c); }, no_targets};
}

}  // namespace guyu
