// China's national early warning release platform: one file per message, in the platform's own form, in a folder that it (or an uploader) takes files from, and
// its acknowledgements from another folder. What is verified of the form, and what is not, stands in alerts/cap/national_message.h.
#include <filesystem>
#include <map>
#include <optional>

#include "alerts/cap/national_message.h"
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/registry.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
constexpr std::uintmax_t kMostAckBytes = 1024 * 1024;
constexpr std::size_t kIdentifierLength = 31;
constexpr Seconds kSettled{60};  // an upload that has not grown for so long has ended, or never will

NationalSettings settings_of(const ConfigTable& t) {
  NationalSettings s;
  s.office_code = t.text("office_code");
  s.office_name = t.text("office_name");
  s.signer = t.text("signer");
  s.grade_in_headline = t.flag("grade_in_headline");
  s.audience_element = t.text("audience_element");
  s.name_space = t.text("namespace");
  s.methods.clear();
  using Text = NationalMethod::Text;
  for (const std::string& name : t.texts("methods")) {
    const Text text = name == "SMS" ? Text::sms : name == "SPEAKER" ? Text::speech : Text::none;
    s.methods.push_back({name, text, t.text("audience_groups"), {}});
  }
  try {
    national_identifier(s.office_code, TimePoint{}, 0);
  } catch (const Error& e) {
    throw Error(t.place("office_code"), e.reason(), e.remedy());
  }
  return s;
}

class NationalChannel : public Channel {
 public:
  NationalChannel(const ConfigTable& t, const ChannelContext& context)
      : status_(t), settings_(settings_of(t)), now_(context.now), folder_(context.path(t.text("folder"))), acks_(context.path(t.text("ack_folder"))) {
    make_folder(folder_);
    if (!acks_.empty()) make_folder(acks_);
  }

  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    std::vector<Outcome> outcomes;
    for (const Delivery& d : batch) outcomes.push_back(deliver(d));
    return outcomes;
  }

  bool confirms() const override { return !acks_.empty(); }

  // Files stay where they are: whoever is killed before a receipt is stored finds it again. An acknowledgement is told once in the object's life, when its
  // message is known: those that still wait for one are sent again after a restart, and known then. Each file is read once.
  std::vector<Receipt> receipts() override {
    std::vector<Receipt> found;
    if (acks_.empty()) return found;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(acks_, ec)) {
      const fs::path& file = entry.path();
      if (file.extension() == ".xml" && entry.is_regular_file(ec) && !acks_read_.count(file.filename().string())) read(file);
    }
    for (auto& [file, ack] : acks_read_) {
      if (!ack) continue;
      // The platform's answer does not always name its message; the file then does.
      const auto key = keys_.find(ack->identifier.empty() ? file.substr(0, kIdentifierLength) : ack->identifier);
      if (key == keys_.end()) continue;
      std::string detail = ack->accepted ? std::string() : "status " + ack->status;
      for (const std::string& word : {ack->error_code, ack->note})
        if (!word.empty()) detail += (detail.empty() ? "" : ", ") + word;
      found.push_back({key->second, now_(), "national platform", ack->accepted, detail});
      ack.reset();
    }
    return found;
  }

 private:
  Outcome deliver(const Delivery& d) {
    if (auto refusal = status_.refusal(*d.message)) return *refusal;
    NationalMessage m;
    try {
      m = write_national_message(*d.message, settings_);
    } catch (const Error& e) {
      return {Verdict::refused, e.what(), {}};
    }
    const std::string path = folder_ + "/" + m.file_name;
    keys_[m.identifier] = d.key;
    try {
      std::error_code ec;
      if (!fs::exists(path, ec)) write_file_atomically(path, m.xml);
      // What was sent before may have been written under other settings; it stays as it is.
      else if (!d.again && read_text_file(path) != m.xml) return {Verdict::refused, path + " is there with other content", {}};
    } catch (const std::exception& e) {  // what the disk may allow later
      return {Verdict::retry, e.what(), {}};
    }
    return {confirms() ? Verdict::accepted : Verdict::delivered, path, {}};
  }

  // What is no acknowledgement goes out of the way, with the reason beside it; but not while it may still be on its way: not every uploader renames its files
  // into place.
  void read(const fs::path& file) {
    const std::string name = file.filename().string();
    std::error_code gone;
    const Growth growth{fs::file_size(file, gone), gone ? fs::file_time_type{} : fs::last_write_time(file, gone), now_()};
    if (gone) return;
    const auto before = growing_.find(name);
    const bool rests = before != growing_.end() && before->second.size == growth.size && before->second.written == growth.written;
    if (rests && growth.seen - before->second.seen < kSettled) return;
    try {
      if (growth.size > kMostAckBytes) throw Error(file.string(), "is too large for an acknowledgement");
      acks_read_[name] = read_national_ack(read_text_file(file.string()), file.string());
      growing_.erase(name);
    } catch (const std::exception& e) {
      if (!rests) {
        growing_.insert_or_assign(name, growth);
        return;
      }
      growing_.erase(name);
      acks_read_[name];  // never looked at again, should it not go
      std::error_code ec;
      const fs::path bad = fs::path(acks_) / "bad" / file.filename();
      fs::create_directories(bad.parent_path(), ec);
      fs::rename(file, bad, ec);
      if (!ec) acks_read_.erase(name);  // another may come under its name
      try {
        write_file_atomically(bad.string() + ".reason.txt", std::string(e.what()) + "\n");
      } catch (const std::exception&) {  // a full disk: the file itself tells
      }
    }
  }

  // A file that is no acknowledgement, or not yet.
  struct Growth {
    std::uintmax_t size = 0;
    fs::file_time_type written{};
    TimePoint seen{};  // like this, the first time
  };

  AcceptedStatus status_;
  NationalSettings settings_;
  std::function<TimePoint()> now_;
  std::string folder_, acks_;
  std::map<std::string, std::string> keys_;                      // of deliveries, by the platform's identifier
  std::map<std::string, std::optional<NationalAck>> acks_read_;  // by file name; empty once it was told
  std::map<std::string, Growth> growing_;                        // by file name
};

}  // namespace

ChannelKind national_kind() {
  using P = ParamType;
  TableSpec spec{"national",
                 "Messages for China's national early warning release platform, as files, and its acknowledgements.",
                 true,
                 false,
                 {{"folder", P::path, "Where the messages go; relative to the output folder", "national"},
                  {"ack_folder", P::path,
                   "Where acknowledgements come to, <anything>.xml; what is none is set aside when it has not grown for 60 s; old ones may be removed at any "
                   "time. Empty: none, a written file counts as delivered",
                   ""},
                  {"office_code", P::text, "Code of the office, 14 characters"},
                  {"office_name", P::text, "Name of the office in Chinese, as it signs its warnings"},
                  {"signer", P::text, "Who signs for the office; empty: its name", ""},
                  {"methods", P::text_list, "Ways of delivery, as the platform names them: SMS carries the short text, SPEAKER the spoken one", "SMS WEB"},
                  {"audience_groups", P::text, "Audience groups, comma-separated, as the platform knows them", ""},
                  {"grade_in_headline", P::boolean, "The grade in the headline, as the platform's own have it", "true"},
                  {"audience_element", P::text, "Name of the element for single addresses: audenceprt or audiencePrt", "audenceprt"},
                  {"namespace", P::text, "Name space of the message; empty: none", ""},
                  AcceptedStatus::param()}};
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<NationalChannel>(t, c); }, no_targets};
}

}  // namespace guyu
