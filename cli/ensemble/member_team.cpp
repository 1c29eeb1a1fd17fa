#include "cli/ensemble/member_team.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <set>

#include "engine/region/zonal_statistics.h"
#include "hpc/parallel/packed.h"

namespace guyu::cli {
namespace {

// What a rank says to rank 0.
enum class Said : char { table, plane, done, failed };

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::int64_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

// Those members, here. `each` is called once for every step before anything else.
RankWork make_here(const MemberTask& task, std::optional<ForecastBlend>& blend, int rank, const std::vector<int>& members, const std::function<void()>& each,
                   const MemberTaker& taker) {
  const auto began = std::chrono::steady_clock::now();
  RankWork work;
  work.rank = rank;
  work.host = host_name();
  work.members = static_cast<int>(members.size());
  static const auto statistics = parse_zonal_statistics("mean,coverage");
  std::map<int, MemberTable> open;
  const auto take = [&](int member, int step, FieldView<const float> rate) {
    each();
    MemberTable& table = open[member];
    if (blend) {
      rate = (*blend)(member, step, rate);
      table.parts.push_back(blend->forecast_part(step));
    }
    work.bytes += rate.ny * rate.nx * static_cast<std::int64_t>(sizeof(float));
    if (task.planes) taker.plane(member, step, rate);
    if (!task.weights.regions.empty()) {
      const ZonalTable regions = zonal_statistics(rate, task.weights, statistics);
      table.rates.insert(table.rates.end(), regions.columns[0].begin(), regions.columns[0].end());
      table.coverages.insert(table.coverages.end(), regions.columns[1].begin(), regions.columns[1].end());
    }
    if (step < task.options.steps) return;
    if (taker.table) taker.table(member, std::move(table));
    open.erase(member);
  };
  if (!members.empty()) run_members(task.views(), task.times, task.motion, task.options, members, take);
  work.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  work.peak_memory = peak_memory();
  return work;
}

// Blocks of as equal a size as can be, the first ones one larger.
std::vector<std::vector<int>> shared_out(const std::vector<int>& members, int ranks) {
  std::vector<std::vector<int>> parts(static_cast<std::size_t>(ranks));
  const auto n = static_cast<int>(members.size());
  for (int r = 0; r < ranks; ++r) {
    const int begin = r * (n / ranks) + std::min(r, n % ranks), count = n / ranks + (r < n % ranks ? 1 : 0);
    parts[static_cast<std::size_t>(r)].assign(members.begin() + begin, members.begin() + begin + count);
  }
  return parts;
}

void work_for_rank_0(Comm& comm, Unpacker& order) {
  const auto number = order.take<int>();
  const std::string key = order.text();
  std::vector<std::vector<int>> parts;
  for (int r = 0; r < comm.size(); ++r) parts.push_back(order.list<int>());
  const std::vector<int>& mine = parts[static_cast<std::size_t>(comm.rank())];
  const MemberTask task = MemberTask::unpack(order.text());
  TaskBlend blend;
  if (!mine.empty()) {
    blend = read_blend(task);
    if (member_key(task, blend) != key) throw std::runtime_error("it sees other forecast files, or is of another version, than rank 0");
  }
  const auto called_off = [&] {
    while (const auto message = comm.poll())
      if (Unpacker(message->bytes).take<int>() == number) throw std::runtime_error("called off");
  };
  MemberTaker taker;
  taker.table = [&](int member, MemberTable&& t) { comm.send(0, Packer().put(Said::table).put(member).list(t.rates).list(t.coverages).list(t.parts).take()); };
  taker.plane = [&](int member, int step, FieldView<const float> rate) {
    Packer p;
    p.put(Said::plane).put(member).put(step);
    std::vector<float> dense;
    for (std::int64_t j = 0; j < rate.ny; ++j) dense.insert(dense.end(), rate.row(j), rate.row(j) + rate.nx);
    comm.send(0, p.list(dense).take());
  };
  const RankWork work = make_here(task, blend.blend, comm.rank(), mine, called_off, taker);
  comm.send(0, Packer().put(Said::done).put(work.members).text(work.host).put(work.seconds).put(work.bytes).put(work.peak_memory).take());
}

}  // namespace

MemberTeam::~MemberTeam() {
  if (comm_.size() == 1) return;
  std::string stop;
  try {
    comm_.broadcast(stop);
  } catch (const std::exception&) {  // they are gone already
  }
}

TeamWork MemberTeam::make(const MemberTask& task, TaskBlend& blend, const std::string& key, const std::vector<int>& members, const MemberTaker& taker) {
  TeamWork all;
  if (members.empty()) return all;
  const std::vector<std::vector<int>> parts = shared_out(members, comm_.size());
  if (comm_.size() > 1) {
    Packer order;
    order.put(++orders_).text(key);
    for (const std::vector<int>& p : parts) order.list(p);
    std::string bytes = order.text(task.pack()).take();
    comm_.broadcast(bytes);
  }
  std::set<int> whole;       // members that came
  std::map<int, int> steps;  // of a member's planes, how many came
  std::vector<int> again;    // members of ranks that failed
  std::set<int> ended;       // ranks that have nothing more to say
  int waiting = comm_.size() - 1;
  const MemberTaker once{[&](int member, MemberTable&& t) {
                           if (whole.insert(member).second && taker.table) taker.table(member, std::move(t));
                         },
                         [&](int member, int step, FieldView<const float> rate) {
                           if (int& n = steps[member]; step == n + 1) {
                             n = step;
                             taker.plane(member, step, rate);
                           }
                         }};
  const auto take = [&](const Comm::Message& message) {
    Unpacker u(message.bytes);
    switch (u.take<Said>()) {
      case Said::table: {
        const int member = u.take<int>();
        MemberTable t;
        t.rates = u.list<float>(), t.coverages = u.list<float>(), t.parts = u.list<double>();
        once.table(member, std::move(t));
        break;
      }
      case Said::plane: {
        const int member = u.take<int>(), step = u.take<int>();
        const std::vector<float> values = u.list<float>();
        const Grid& grid = task.frames.back()->grid();
        once.plane(member, step, {values.data(), grid.ny(), grid.nx(), grid.nx()});
        break;
      }
      case Said::done: {
        RankWork w;
        w.rank = message.from;
        w.members = u.take<int>(), w.host = u.text(), w.seconds = u.take<double>(), w.bytes = u.take<std::int64_t>(), w.peak_memory = u.take<std::int64_t>();
        all.ranks.push_back(w);
        ended.insert(message.from);
        --waiting;
        break;
      }
      case Said::failed: {
        all.problems.push_back("rank " + std::to_string(message.from) + ": " + u.text() + "; its members were made by rank 0");
        const auto& theirs = parts[static_cast<std::size_t>(message.from)];
        again.insert(again.end(), theirs.begin(), theirs.end());
        ended.insert(message.from);
        --waiting;
        break;
      }
    }
  };
  const auto absorb = [&] {
    while (auto message = comm_.poll()) take(*message);
  };
  try {
    all.ranks.push_back(make_here(task, blend.blend, 0, parts[0], absorb, once));
    while (waiting > 0) take(comm_.receive());
  } catch (...) {
    for (int r = 1; r < comm_.size(); ++r)
      if (!ended.count(r)) comm_.send(r, Packer().put(orders_).take());
    while (waiting > 0) {
      const Comm::Message message = comm_.receive();
      const auto said = Unpacker(message.bytes).take<Said>();
      if (said == Said::done || said == Said::failed) --waiting;
    }
    throw;
  }
  std::erase_if(again, [&](int m) { return whole.count(m) == 1; });
  std::sort(again.begin(), again.end());
  if (!again.empty()) {
    const RankWork more = make_here(
        task, blend.blend, 0, again, [] {}, once);
    all.ranks.front().members += more.members;
    all.ranks.front().seconds += more.seconds;
    all.ranks.front().bytes += more.bytes;
  }
  std::sort(all.ranks.begin(), all.ranks.end(), [](const RankWork& a, const RankWork& b) { return a.rank < b.rank; });
  return all;
}

void serve_members(Comm& comm) {
  for (;;) {
    std::string bytes;
    comm.broadcast(bytes);
    if (bytes.empty()) return;
    try {
      Unpacker order(bytes);
      work_for_rank_0(comm, order);
    } catch (const std::exception& e) {
      comm.send(0, Packer().put(Said::failed).text(e.what()).take());
    }
  }
}

}  // namespace guyu::cli
