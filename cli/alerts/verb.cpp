#include "cli/verb.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "alerts/cap/cap_reader.h"
#include "alerts/cap/heartbeat.h"
#include "alerts/dispatch/command.h"
#include "alerts/store/schema.h"
#include "cli/alerts/tell.h"
#include "cli/app.h"
#include "cli/run/hand_over.h"
#include "cli/shipped_files.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/file_lock.h"

namespace guyu::cli {
namespace fs = std::filesystem;
namespace {

struct Arguments {
  std::string folder, station = "files", file, heartbeat, region, language;
  Command command;
  std::map<std::string, std::string> words;
  bool all = false, json = false;
};

AlertStore reader(const Arguments& a) {
  const AlertFolder folder{a.folder};
  if (!fs::exists(folder.store())) throw Error(folder.store(), "is not there", "name the folder alerts/ below a run's --out");
  return AlertStore(folder.store(), Database::Mode::read);
}

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return exit_done;
}

// Hands a command to the writer, like a run its risk table.
int command(Arguments a, const std::string& verb) {
  a.command.verb = verb;
  if (verb == "edit") {
    std::erase_if(a.words, [](const auto& word) { return word.second.empty(); });
    if (a.words.empty()) throw Error("edit", "nothing is changed", "give at least one of --headline, --description, --instruction");
    a.command.texts[a.language] = a.words;
  }
  WriterOptions o;
  o.folder.root = a.folder;
  if (!fs::exists(o.folder.store())) throw Error(o.folder.store(), "is not there", "name the folder alerts/ below a run's --out");
  o.out = fs::path(a.folder).parent_path().string();
  o.station = find_config_file(a.station, "stations", "");
  o.clock = [] { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); };
  const WriterResult done = have_done("command", to_json(a.command), o);
  if (!done.answer) {
    fmt::print("handed over; the writer has not come to it yet\n");
    return exit_degraded;
  }
  if (!done.answer->error.empty()) throw Error(verb, done.answer->error);
  fmt::print("{}\n", done.answer->text);
  for (const DeskLine& l : done.answer->lines)
    if (!l.identifier.empty()) fmt::print("  {} {} {} ({}): {}\n", l.identifier, l.msg_type, l.level, l.state, l.headline);
  return exit_done;
}

// Every message's exact bytes, and one JSON file with the events' lives.
int export_all(const Arguments& a) {
  AlertStore store = reader(a);
  std::size_t files = 0;
  nlohmann::json index = nlohmann::json::array();
  for (const StoredEvent& e : store.events(true)) {
    if (!a.command.subject.empty() && e.event != a.command.subject) continue;
    index.push_back(nlohmann::json::parse(tell_event(store, e.event, true)));
    for (const StoredMessage& m : store.messages().of_event(e.event)) {
      write_file_atomically(fmt::format("{}/{}{}.xml", a.file, m.message.identifier, m.message.revision ? fmt::format("-{}", m.message.revision) : ""),
                            m.message.xml);
      ++files;
    }
  }
  write_file_atomically(a.file + "/alerts.json", index.dump(1));
  fmt::print("{} messages of {} events in {}\n", files, index.size(), a.file);
  return exit_done;
}

AuditHead published_head(const std::string& heartbeat) {
  if (heartbeat.empty()) return {};
  const CapReading read = read_cap(read_text_file(heartbeat));
  const auto beat = read.unreadable.empty() ? read_heartbeat(read.message) : std::nullopt;
  const std::size_t colon = beat ? beat->audit.find(':') : std::string::npos;
  if (colon == std::string::npos) throw Error(heartbeat, "is no heartbeat with an audit head");
  return {std::stoll(beat->audit.substr(0, colon)), beat->audit.substr(colon + 1)};
}

int audit(const Arguments& a) {
  AlertStore store = reader(a);
  const std::vector<AuditFault> faults = check_audit(store.db(), published_head(a.heartbeat));
  for (const AuditFault& f : faults) fmt::print("{}{}\n", f.seq ? fmt::format("row {}: ", f.seq) : "", f.what);
  const AuditHead head = store.audit_head();
  fmt::print("{} rows, head {}: {}\n", head.seq, head.hash.substr(0, 16), faults.empty() ? "intact" : fmt::format("{} faults", faults.size()));
  return faults.empty() ? exit_done : exit_degraded;
}

int restore(const Arguments& a) {
  const AlertFolder folder{a.folder};
  folder.make();
  const auto lock = FileLock::try_take(folder.lock());
  if (!lock) throw Error(folder.lock(), "is held by a running writer", "stop guyu dispatch first");
  {
    Database copy(a.file, Database::Mode::read);
    if (store_version(copy) == 0) throw Error(a.file, "is no alert store");
    const std::vector<AuditFault> faults = check_audit(copy);
    if (!faults.empty()) throw Error(a.file, fmt::format("its audit has {} faults, the first: {}", faults.size(), faults.front().what), "take another copy");
  }
  if (fs::exists(folder.store())) {
    const std::string old = folder.store() + ".before-restore";
    fs::rename(folder.store(), old);
    for (const char* end : {"-wal", "-shm"})
      if (fs::exists(folder.store() + end)) fs::rename(folder.store() + end, old + end);
    fmt::print("the store that was there is kept as {}\n", old);
  }
  backup_store(a.file, folder.store());
  fmt::print("restored from {}; deliveries that it still holds open are made again, under the same keys\n", a.file);
  return exit_done;
}

void add(Verb& parent, std::shared_ptr<Arguments> a, const char* name, const char* help, const std::function<void(Verb&)>& options,
         std::function<int(const Arguments&)> what) {
  Verb verb = parent.verb(name, help);
  verb.option("--alerts", a->folder, "folder of the alert store: alerts/ below a run's --out").required();
  if (options) options(verb);
  verb.action([a, what = std::move(what)] { return what(*a); });
}

}  // namespace

void add_alerts(Verb& guyu) {
  Verb verb = guyu.verb("alerts", "what is warned of and why; approve, reject, edit, cancel, resend, dismiss; export, audit, backup");
  auto a = std::make_shared<Arguments>();
  const auto json = [a](Verb& v) { v.flag("--json", a->json, "for programs"); };
  const auto subject = [a](Verb& v) { v.option("id", a->command.subject, "identifier of a message, or name of an event").required(); };
  const auto acting = [a, subject](Verb& v) {
    subject(v);
    v.option("--why", a->command.why, "reason, for the audit");
    v.option("--as", a->command.as, "who decides; only root and the daemon's own user may name another");
    v.option("--station", a->station, "station configuration, for when no guyu dispatch is running");
  };
  add(
      verb, a, "list", "events that stand, proposals, deliveries, alarms",
      [a, json](Verb& v) {
        json(v);
        v.flag("--all", a->all, "ended events too");
      },
      [](const Arguments& x) {
        AlertStore s = reader(x);
        return print(tell_list(s, x.all, x.json));
      });
  add(
      verb, a, "show", "one event: decisions, messages, deliveries", [json, subject](Verb& v) { subject(v), json(v); },
      [](const Arguments& x) {
        AlertStore s = reader(x);
        return print(tell_event(s, x.command.subject, x.json));
      });
  add(
      verb, a, "why", "the evidence of one region of an event: rules, amounts, inputs",
      [a, json, subject](Verb& v) {
        subject(v), json(v);
        v.option("--region", a->region, "code of the region; default: the one with most rain for its threshold");
      },
      [](const Arguments& x) {
        AlertStore s = reader(x);
        return print(tell_why(s, x.command.subject, x.region, x.json));
      });
  add(verb, a, "approve", "let a proposed message go out", acting, [](const Arguments& x) { return command(x, "approve"); });
  add(verb, a, "reject", "keep a proposed message back; the event is quiet until it rises or ends", acting,
      [](const Arguments& x) { return command(x, "reject"); });
  add(verb, a, "cancel", "end an event; its regions are quiet until the level rises or is known clear", acting,
      [](const Arguments& x) { return command(x, "cancel"); });
  add(
      verb, a, "edit", "change the words of a proposed message, or send an update with other words",
      [a, acting](Verb& v) {
        acting(v);
        v.option("--language", a->language, "whose words, e.g. zh-CN").required();
        for (const char* word : {"headline", "description", "instruction", "sms", "cell_broadcast", "speech"})
          v.option(std::string("--") + word, a->words[word], "new text");
      },
      [](const Arguments& x) { return command(x, "edit"); });
  add(
      verb, a, "resend", "make a message's deliveries again, under the same keys",
      [a, acting](Verb& v) {
        acting(v);
        v.option("--channel", a->command.channel, "on this channel only");
      },
      [](const Arguments& x) { return command(x, "resend"); });
  add(
      verb, a, "dismiss", "say that a dead letter was seen to, so that its alarm ends",
      [a](Verb& v) {
        v.option("id", a->command.subject, "identifier of a message, name of a channel (all of its dead letters), or unapproved_expired").required();
        v.option("--channel", a->command.channel, "on this channel only");
        v.option("--why", a->command.why, "what was done, for the audit");
        v.option("--as", a->command.as, "who decides; only root and the daemon's own user may name another");
        v.option("--station", a->station, "station configuration, for when no guyu dispatch is running");
      },
      [](const Arguments& x) { return command(x, "dismiss"); });
  add(
      verb, a, "export", "write every message's exact bytes and the events' lives into a folder",
      [a](Verb& v) {
        v.option("folder", a->file, "where to").required();
        v.option("--event", a->command.subject, "only this event");
      },
      export_all);
  add(
      verb, a, "audit", "check the audit chain and everything that it tells of",
      [a](Verb& v) { v.option("--heartbeat", a->heartbeat, "a heartbeat that was received: the chain must contain the head that it names"); }, audit);
  add(
      verb, a, "backup", "copy the store while it is in use", [a](Verb& v) { v.option("file", a->file, "the copy").required(); },
      [](const Arguments& x) {
        backup_store(AlertFolder{x.folder}.store(), x.file);
        fmt::print("copied to {}\n", x.file);
        return exit_done;
      });
  add(
      verb, a, "restore", "put a copy in the store's place", [a](Verb& v) { v.option("file", a->file, "the copy").required(); }, restore);
}

}  // namespace guyu::cli
