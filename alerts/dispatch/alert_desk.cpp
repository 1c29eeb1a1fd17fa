#include "alerts/dispatch/alert_desk.h"

#include "engine/core/error.h"

namespace guyu {
namespace {
std::string listed(const std::vector<CapFault>& faults) {
  std::string text;
  for (const CapFault& f : faults) text += (text.empty() ? "" : "; ") + f.rule + " (" + f.detail + ")";
  return text;
}
}  // namespace

AlertDesk::AlertDesk(BookSettings book, CapSettings cap, CapCheckOptions check, std::string out_folder, FeedSettings feed)
    : cap_(std::move(cap)), checker_(std::move(check)), spool_folder_(out_folder + "/cap"), store_(out_folder + "/alert_book.json"),
      stored_(store_.load(book)), spool_(spool_folder_, std::move(feed)) {}

DeskResult AlertDesk::run(const RiskTable& table, const RegionSet& regions, TimePoint now) {
  DeskResult result;
  if (!stored_.pending.empty()) publish(result, now);  // left by a run that was killed
  AlertBook next = stored_.book;
  result.decisions = next.step(table, regions, now);
  const CapWriter writer(cap_, regions);
  std::vector<PendingMessage> pending;
  for (const Decision& d : result.decisions) {
    if (!d.has_message()) continue;
    std::vector<std::string> open;
    for (const MessageRef& m : d.references) open.push_back(m.identifier);
    PendingMessage message{d.identifier, writer.write(d)};
    std::vector<CapFault> faults = checker_.check(message.xml, open);
    if (!faults.empty()) {  // the codes alone still warn
      result.warnings.push_back(d.identifier + ": sent without polygons: " + listed(faults));
      message.xml = writer.write(d, false);
      faults = checker_.check(message.xml, open);
    }
    if (!faults.empty()) throw Error(d.identifier, "is not fit to send: " + listed(faults));
    pending.push_back(std::move(message));
  }
  store_.save(next, pending);
  stored_ = {std::move(next), std::move(pending)};
  publish(result, now);
  return result;
}

void AlertDesk::publish(DeskResult& result, TimePoint now) {
  for (const PendingMessage& m : stored_.pending) result.files.push_back(spool_.publish(m.identifier, m.xml));
  spool_.write_feed(now);
  for (const std::string& p : spool_.problems()) result.warnings.push_back(p);
  if (stored_.pending.empty()) return;
  stored_.pending.clear();
  store_.forget_pending();
}

}  // namespace guyu
