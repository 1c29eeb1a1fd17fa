#include "cli/run/hand_over.h"

#include <fmt/format.h>

#include "alerts/dispatch/dispatcher.h"
#include "cli/pause.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {
using namespace std::chrono_literals;
constexpr auto kLook = 20ms;

std::string work_off(const WriterOptions& o, FileLock lock) {
  Dispatcher writer(o.folder, load_station(o.station, o.out), std::move(lock), o.clock, [](const std::string&, const auto&) {});
  const std::size_t waiting = writer.drain(o.deliver_for);
  if (waiting == 0) return {};
  return fmt::format("{} deliveries are not made yet; guyu dispatch, or the next run, goes on with them", waiting);
}
}  // namespace

WriterResult have_done(const std::string& kind, const std::string& text, const WriterOptions& o) {
  o.folder.make();
  const std::string name = put_item(o.folder, kind, text);
  WriterResult result;
  const auto limit = std::chrono::steady_clock::now() + o.wait;
  for (;;) {
    if (const auto answer = take_answer(o.folder, name)) {
      result.answer = answer_from_json(*answer, o.folder.answers() + "/" + name);
      return result;
    }
    if (std::optional<FileLock> lock = FileLock::try_take(o.folder.lock())) {
      result.waiting = work_off(o, std::move(*lock));
      const auto answer = take_answer(o.folder, name);
      if (!answer) throw Error(o.folder.store(), "could not be written", "free some space; what was handed over waits in " + o.folder.inbox());
      result.answer = answer_from_json(*answer, o.folder.answers() + "/" + name);
      return result;
    }
    if (std::chrono::steady_clock::now() >= limit) return result;
    pause_for(kLook);
  }
}

}  // namespace guyu::cli
