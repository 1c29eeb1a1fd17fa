#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "alerts/dispatch/desk.h"
#include "alerts/dispatch/dispatcher.h"
#include "alerts/dispatch/handover.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"
#include "tests/support/test_data.h"

namespace guyu::test {

inline TimePoint minute(int m) { return parse_time("2019-06-10T00:00:00Z") + std::chrono::minutes(m); }

// A channel that writes down what it gets and answers as it is told.
struct Notebook {
  std::vector<std::string> keys;  // as they came
  std::vector<std::shared_ptr<const OutgoingMessage>> messages;
  std::map<std::string, std::vector<Verdict>> answers;  // by target: used up one by one, then `usual`
  Verdict usual = Verdict::delivered;
  std::vector<Receipt> receipts;
  bool confirms = false, throws = false, stuck = false, needs_texts = true;
  std::mutex mutex;
};

class NotebookChannel : public Channel {
 public:
  explicit NotebookChannel(Notebook& book) : book_(book) {}
  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    while (book_.stuck) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::lock_guard lock(book_.mutex);
    if (book_.throws) throw std::runtime_error("the channel broke");
    std::vector<Outcome> outcomes;
    for (const Delivery& d : batch) {
      book_.keys.push_back(d.key);
      book_.messages.push_back(d.message);
      Verdict v = book_.usual;
      if (auto& list = book_.answers[d.target]; !list.empty()) v = list.front(), list.erase(list.begin());
      outcomes.push_back({v, "as told", {}});
    }
    return outcomes;
  }
  std::vector<Receipt> receipts() override {
    const std::lock_guard lock(book_.mutex);
    return std::exchange(book_.receipts, {});
  }
  bool confirms() const override { return book_.confirms; }
  bool needs_texts() const override { return book_.needs_texts; }

 private:
  Notebook& book_;
};

inline ChannelConfig notebook(const std::string& name, Notebook& book, std::vector<std::string> targets = {""}) {
  ChannelConfig c;
  c.name = name;
  c.kind = "notebook";
  c.targets = std::move(targets);
  c.make = [&book](std::function<TimePoint()>) { return std::make_unique<NotebookChannel>(book); };
  return c;
}

// An alert folder with a row of cells as townships, fed by hand.
struct Station {
  explicit Station(const std::string& name, double cells = 4)
      : regions(mesh_regions(110, 30, 110 + cells * 0.1, 30.1, 0.1)), folder{temporary_folder(name) + "/alerts"} {
    folder.make();
  }

  Handover handover(int m, const std::string& letters) {
    Handover h;
    h.author = "guyu run";
    h.config = "test";
    h.config_hash = "0123456789abcdef";
    h.risk = Timeline::table(letters, minute(m));
    h.regions = RegionArchive(folder.regions()).keep(regions);
    h.interval = Seconds{600};
    h.settings.cap = cap_settings();
    h.settings.cap.status = RunStatus::actual;
    h.settings.check.schema_path = schema_path();
    h.settings.book.usual.clear_hold = h.settings.book.usual.downgrade_hold = std::chrono::minutes(10);
    return h;
  }
  std::string put(int m, const std::string& letters) { return put_item(folder, "cycle", to_bytes(handover(m, letters))); }
  InboxItem item(int m, const std::string& letters) { return read_item(folder, put(m, letters)); }
  InboxItem command(const std::string& verb, const std::string& subject, const std::string& as = "") {
    Command c;
    c.verb = verb;
    c.subject = subject;
    c.as = as;
    return read_item(folder, put_item(folder, "command", to_json(c)));
  }

  RegionSet regions;
  AlertFolder folder;
  StationConfig config;
};

inline std::string words(const DeskAnswer& a) {
  std::string text;
  for (const DeskLine& l : a.lines)
    text += (text.empty() ? "" : " ") + l.action + ":" + l.reason + ":" + l.level + (l.msg_type.empty() ? "" : ":" + l.msg_type) +
            (l.state.empty() ? "" : ":" + l.state);
  return text;
}

}  // namespace guyu::test
