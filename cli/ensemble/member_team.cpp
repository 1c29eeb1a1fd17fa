#include "cli/ensemble/member_team.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "cli/ensemble/process_memory.h"
#include "engine/core/plane.h"
#include "engine/nowcast/ensemble_memory.h"
#include "engine/region/zonal_statistics.h"
#include "hpc/parallel/packed.h"
#include "hpc/parallel/parallel_for.h"

namespace guyu::cli {
namespace {

// What a rank says to rank 0.
enum class Said : char { table, plane, asks, done, failed };

constexpr int kAskSteps = 2;  // so many steps before its members are done a rank asks for more

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// What making members will take beside what is there before the order, at most: the order on its way beside the task that it is made of or becomes, or the
// members at work beside the task and the tables of the open ones. Rank 0 has the task before. Without what a blend keeps of its forecast.
std::int64_t task_memory(const MemberTask& task, int rank, std::int64_t order_bytes) {
  const std::int64_t held = rank == 0 ? 0 : order_bytes;
  const auto tables = std::int64_t{num_threads()} * task.options.steps * static_cast<std::int64_t>(task.weights.regions.size() * 2 * sizeof(float));
  const auto newest = task.frames.back()->values();
  const auto wet = static_cast<std::int64_t>(std::count_if(newest.begin(), newest.end(), [](float v) { return v > 0; }));
  const std::int64_t sums = WindowSums::memory(task.windows, task.weights, num_threads(), task.options.steps, wet);
  return held + std::max(order_bytes, ensemble_memory(task.views(), task.motion, task.options, num_threads()) + tables + sums);
}

// Members made here, a few at a time, and what came of it.
class Maker {
 public:
  // `each` is called once for every step before anything else.
  Maker(const MemberTask& task, std::optional<ForecastBlend>& blend, int rank, std::int64_t order_bytes, std::int64_t memory_before, std::function<void()> each,
        const MemberTaker& taker)
      : task_(task), blend_(blend), each_(std::move(each)), taker_(taker), maker_(task.views(), task.times, task.motion, task.options) {
    work_.rank = rank;
    work_.host = host_name();
    work_.memory = {memory_before, memory_before + task_memory(task, rank, order_bytes), 0};
    if (!task.windows.empty()) windows_.emplace(task.windows, task.weights);
  }
  void make(const std::vector<int>& members) {
    if (members.empty()) return;
    const auto began = std::chrono::steady_clock::now();
    work_.members += static_cast<int>(members.size());
    maker_.make(members, [this](int member, int step, FieldView<const float> rate) { take(member, step, rate); });
    work_.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }
  int step() const { return step_; }  // that was made last
  RankWork work() {
    work_.memory.peak = peak_memory();
    return work_;
  }

 private:
  void take(int member, int step, FieldView<const float> rate) {
    step_ = step;
    each_();
    MemberTable& table = open_[member].table;
    if (blend_) {
      rate = (*blend_)(member, step, rate);
      table.parts.push_back(blend_->forecast_part(step));
    }
    work_.bytes += rate.ny * rate.nx * static_cast<std::int64_t>(sizeof(float));
    if (task_.planes) taker_.plane(member, step, rate);
    if (!task_.weights.regions.empty()) {
      static const auto statistics = parse_zonal_statistics("mean,coverage");
      const ZonalTable regions = zonal_statistics(rate, task_.weights, statistics);
      table.rates.insert(table.rates.end(), regions.columns[0].begin(), regions.columns[0].end());
      table.coverages.insert(table.coverages.end(), regions.columns[1].begin(), regions.columns[1].end());
    }
    if (windows_) sum_up(open_[member], step, rate);
    if (step < task_.options.steps) return;
    if (taker_.table) taker_.table(member, std::move(table));
    open_.erase(member);
  }
  struct Open {
    MemberTable table;
    std::optional<WindowSums::Future> future;
    Plane before;  // rates of the step before
  };
  // The rates of a step and of the one before give what fell between.
  void sum_up(Open& member, int step, FieldView<const float> rate) {
    const TimePoint begin = task_.times.back() + (step - 1) * task_.options.cascade.step, end = begin + task_.options.cascade.step;
    if (step == 1) {
      member.future.emplace(windows_->future());
      member.before = Plane(rate.ny, rate.nx);
    }
    const FieldView<const float> before = step == 1 ? task_.frames.back()->view() : std::as_const(member.before).view();
    member.future->add(rain_between(before, rate, {begin, end}));
    if (step == task_.options.steps) {
      member.table.windows = member.future->finish();
      return;
    }
    parallel_for(rate.ny, 32, [&](std::int64_t from, std::int64_t to) {
      for (std::int64_t j = from; j < to; ++j) std::copy_n(rate.row(j), rate.nx, member.before.row(j));
    });
  }
  const MemberTask& task_;
  std::optional<ForecastBlend>& blend_;
  std::optional<WindowSums> windows_;
  std::function<void()> each_;
  const MemberTaker& taker_;
  MemberMaker maker_;
  std::map<int, Open> open_;
  RankWork work_;
  int step_ = 0;
};

// Members that nobody has begun, dealt out a few at a time: whoever is quicker makes more.
class Deal {
 public:
  Deal(const std::vector<int>& members, int ranks) : left_(members.begin(), members.end()), ranks_(ranks) {}
  // For a rank of so many threads, which makes as many members at a time; no more than its share of what is left, so that the others have something to do. A
  // rank alone takes all.
  std::vector<int> next(int threads) {
    const auto left = static_cast<int>(left_.size());
    const int share = (left + ranks_ - 1) / ranks_, count = ranks_ == 1 ? share : std::min(threads, share);
    const auto end = std::next(left_.begin(), count);
    std::vector<int> out(left_.begin(), end);
    left_.erase(left_.begin(), end);
    return out;
  }
  void give_back(const std::set<int>& members) { left_.insert(members.begin(), members.end()); }

 private:
  std::set<int> left_;
  int ranks_;
};

void work_for_rank_0(Comm& comm, Unpacker& order) {
  const auto number = order.take<int>();
  const std::string key = order.text();
  std::vector<int> mine;
  for (int r = 0; r < comm.size(); ++r) {
    std::vector<int> part = order.list<int>();
    if (r == comm.rank()) mine = std::move(part);
  }
  const std::int64_t memory_before = begin_peak_memory();
  std::int64_t order_bytes = 0;
  const MemberTask task = [&] {
    std::string bytes;
    comm.broadcast(bytes);
    order_bytes = static_cast<std::int64_t>(bytes.size());
    return MemberTask::unpack(bytes);
  }();
  MemberTaker taker;
  taker.table = [&](int member, MemberTable&& t) {
    comm.send(0, Packer().put(Said::table).put(member).list(t.rates).list(t.coverages).list(t.parts).list(t.windows).take());
  };
  taker.plane = [&](int member, int step, FieldView<const float> rate) {
    Packer p;
    p.put(Said::plane).put(member).put(step);
    std::vector<float> dense;
    for (std::int64_t j = 0; j < rate.ny; ++j) dense.insert(dense.end(), rate.row(j), rate.row(j) + rate.nx);
    comm.send(0, p.list(dense).take());
  };
  std::optional<std::vector<int>> next;  // what rank 0 has answered
  const auto hear = [&](const Comm::Message& message) {
    Unpacker u(message.bytes);
    if (u.take<int>() != number) return;  // of an order that has ended
    if (u.take<bool>()) throw std::runtime_error("called off");
    next = u.list<int>();
  };
  TaskBlend blend;
  if (!mine.empty()) {
    blend = read_blend(task);
    if (member_key(task, blend) != key) throw std::runtime_error("it sees other forecast files, or is of another version, than rank 0");
  }
  bool asked = false;
  std::optional<Maker> maker;
  const auto each_step = [&] {
    // The answer is here when it is needed: rank 0 looks for questions once a step.
    if (!asked && maker->step() + kAskSteps > task.options.steps) {
      comm.send(0, Packer().put(Said::asks).put(num_threads()).take());
      asked = true;
    }
    while (const auto message = comm.poll()) hear(*message);
  };
  maker.emplace(task, blend.blend, comm.rank(), order_bytes, memory_before, each_step, taker);
  while (!mine.empty()) {
    asked = false;
    maker->make(mine);
    while (!next) hear(comm.receive());
    mine = *std::exchange(next, std::nullopt);
  }
  const RankWork work = maker->work();
  comm.send(0, Packer().put(Said::done).put(work.members).text(work.host).put(work.seconds).put(work.bytes).put(work.memory).take());
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
  Deal deal(members, comm_.size());
  std::map<int, std::set<int>> open;  // members that a rank was given and that have not come
  std::vector<int> mine = deal.next(num_threads());
  const std::int64_t memory_before = begin_peak_memory();
  std::int64_t order_bytes = 0;
  if (comm_.size() > 1) {
    Packer order;
    order.put(++orders_).text(key).list(mine);
    for (int r = 1; r < comm_.size(); ++r) {
      const std::vector<int> theirs = deal.next(num_threads());
      open[r] = {theirs.begin(), theirs.end()};
      order.list(theirs);
    }
    std::string bytes = order.take();
    comm_.broadcast(bytes);
    bytes = task.pack();
    order_bytes = static_cast<std::int64_t>(bytes.size());
    comm_.broadcast(bytes);
  }
  std::set<int> whole;       // members that came
  std::map<int, int> steps;  // of a member's planes, how many came
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
        t.rates = u.list<float>(), t.coverages = u.list<float>(), t.parts = u.list<double>(), t.windows = u.list<float>();
        open[message.from].erase(member);
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
      case Said::asks: {
        const std::vector<int> more = deal.next(u.take<int>());
        open[message.from].insert(more.begin(), more.end());
        comm_.send(message.from, Packer().put(orders_).put(false).list(more).take());
        break;
      }
      case Said::done: {
        RankWork w;
        w.rank = message.from;
        w.members = u.take<int>(), w.host = u.text(), w.seconds = u.take<double>(), w.bytes = u.take<std::int64_t>(), w.memory = u.take<RankMemory>();
        all.ranks.push_back(w);
        open.erase(message.from);
        break;
      }
      case Said::failed: {
        all.problems.push_back("rank " + std::to_string(message.from) + ": " + u.text() + "; its members were made by others");
        deal.give_back(open[message.from]);
        open.erase(message.from);
        break;
      }
    }
  };
  const auto absorb = [&] {
    while (auto message = comm_.poll()) take(*message);
  };
  try {
    Maker maker(task, blend.blend, 0, order_bytes, memory_before, absorb, once);
    for (; !mine.empty() || !open.empty(); mine = deal.next(num_threads())) {
      if (mine.empty()) take(comm_.receive());
      else maker.make(mine);
    }
    all.ranks.push_back(maker.work());
  } catch (...) {
    for (const auto& rank : open) comm_.send(rank.first, Packer().put(orders_).put(true).take());
    while (!open.empty()) {
      const Comm::Message message = comm_.receive();
      const auto said = Unpacker(message.bytes).take<Said>();
      if (said == Said::done || said == Said::failed) open.erase(message.from);
    }
    throw;
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
