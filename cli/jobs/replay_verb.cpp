#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>

#include "cli/app.h"
#include "cli/jobs/replay.h"
#include "cli/verb.h"
#include "engine/core/error.h"

namespace guyu::cli {
namespace {

int tell_replay(ReplayOptions o) {
  const bool temporary = o.out.empty();
  if (temporary) {
    std::string name = (std::filesystem::temp_directory_path() / "guyu-replay-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw Error(name, "cannot be made", "give --out");
    o.out = name;
  }
  struct Removed {
    std::string path;
    ~Removed() {
      std::error_code ec;
      if (!path.empty()) std::filesystem::remove_all(path, ec);
    }
  } removed{temporary ? o.out : ""};
  const ReplayResult r = replay(o);
  for (const std::string& p : r.same) fmt::print("same       {}\n", p);
  for (const std::string& p : r.different) fmt::print("different  {}\n", p);
  for (const std::string& c : r.causes) fmt::print("changed    {}\n", c);
  if (r.exact()) fmt::print("{} of {} products are the same to the bit\n", r.same.size(), r.same.size());
  else fmt::print("{} of {} products differ{}\n", r.different.size(), r.same.size() + r.different.size(), temporary ? "; give --out to keep the replay's" : "");
  return r.exact() ? exit_done : exit_degraded;
}

}  // namespace

void add_replay(Verb& guyu) {
  Verb verb = guyu.verb("replay", "do an archived cycle again from its report and compare every product, to the bit");
  verb.footer("Exit code: 0 all products are the same, 1 some differ (what changed is told), 2 it cannot be replayed. Nobody is warned.");
  auto o = std::make_shared<ReplayOptions>();
  verb.option("cycle", o->cycle, "folder of the cycle, OUT/cycles/<time>").required();
  verb.option("--data", o->data, "folder of the inputs; default: the one in the report");
  verb.option("--out", o->out, "new folder that the replay is kept in; default: it is not kept");
  verb.option("--cache", o->cache, "folder of area weights; default: the original's");
  verb.action([o] { return tell_replay(*o); });
}

}  // namespace guyu::cli
