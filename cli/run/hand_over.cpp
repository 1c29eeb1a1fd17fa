#include "cli/run/hand_over.h"

#include <fmt/format.h>

#include <memory>

#include "alerts/dispatch/dispatcher.h"
#include "alerts/dispatch/served.h"
#include "cli/pause.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {
using namespace std::chrono_literals;
constexpr auto kLook = 20ms;

// As the writer. nullopt: only the daemon can be it, because its station is not to be read from here.
std::optional<std::string> work_off(const WriterOptions& o, FileLock lock) {
  std::unique_ptr<Dispatcher> writer;
  const auto start = [&](const std::string& station, const std::string& out) {
    writer = std::make_unique<Dispatcher>(o.folder, load_station(station, out), std::move(lock), o.clock, [](const std::string&, const auto&) {});
  };
  if (const auto served = served_by(o.folder)) {
    try {
      start(served->station, served->out);
    } catch (const StoreError&) {
      throw;
    } catch (const Error&) {
      return {};
    }
  } else {
    start(o.station, o.out);
  }
  const std::size_t waiting = writer->drain(o.deliver_for);
  if (waiting == 0) return "";
  return fmt::format("{} deliveries are not made yet; guyu dispatch, or the next run, goes on with them", waiting);
}
}  // namespace

WriterResult have_done(const std::string& kind, const std::string& text, const WriterOptions& o) {
  o.folder.make();
  const std::string name = o.item.empty() ? new_item_name(kind) : o.item;
  put_item_as(o.folder, name, text);
  WriterResult result;
  bool may_write = true;
  const auto limit = std::chrono::steady_clock::now() + o.wait;
  for (;;) {
    // As the writer first, even if an answer is there: whoever had the item decided may have been killed before its messages went out.
    if (std::optional<FileLock> lock = may_write ? FileLock::try_take(o.folder.lock()) : std::nullopt) {
      const auto waiting = work_off(o, std::move(*lock));
      may_write = waiting.has_value();
      if (waiting) {
        result.waiting = *waiting;
        const auto answer = take_answer(o.folder, name);
        if (!answer) throw Error(o.folder.store(), "could not be written", "free some space; what was handed over waits in " + o.folder.inbox());
        result.answer = answer_from_json(*answer, o.folder.answers() + "/" + name);
        return result;
      }
    }
    if (const auto answer = take_answer(o.folder, name)) {
      result.answer = answer_from_json(*answer, o.folder.answers() + "/" + name);
      return result;
    }
    if (std::chrono::steady_clock::now() >= limit) return result;
    pause_for(kLook);
  }
}

}  // namespace guyu::cli
