// What holds for every model that computes a quantity.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>

#include "engine/core/error.h"
#include "engine/hydrology/xinanjiang_parameters.h"
#include "hpc/parallel/parallel_for.h"
#include "models/computed_series.h"
#include "models/rule_model.h"

using namespace guyu;
namespace {
const TimePoint kModelIssue = parse_time("2024-07-01T06:00:00Z");  // two hours after noon in UTC+8
constexpr float kNotThere = std::numeric_limits<float>::quiet_NaN();
constexpr int kHoursAhead = 48;

// Plausible values of an input: a quantity's, or an attribute's by its name.
float plausible(const std::string& name, std::mt19937& random) {
  const auto unit = [&] { return static_cast<float>(random() % 10001) / 10000; };
  if (const Quantity* q = find_quantity(name)) {
    if (q->unit == "K") return 278 + 25 * unit();
    if (is_amount(*q)) return random() % 3 == 0 ? 12 * unit() : 0.0F;
    if (q->unit == "1" && q->plausible_max <= 1.2) return 0.1F + 0.8F * unit();
    if (q->unit == "m s-1") return 15 * unit();
    return static_cast<float>(std::max(q->plausible_min, 0.0)) + static_cast<float>(std::min(q->plausible_max, 100.0)) * unit();
  }
  if (name == "earthquake_age") return 0.5F;  // one number for all
  if (name == "earthquake_intensity") return 1 + 6 * unit();
  if (name == "curve_number") return 60 + 35 * unit();
  if (name.starts_with("threshold_runoff")) return 5 + 30 * unit();
  for (const XinanjiangKey& key : xinanjiang_keys()) {
    if (name != std::string("xinanjiang_") + key.key) continue;
    if (name == "xinanjiang_stable_infiltration_mm_h") return random() % 3 == 0 ? 3 * unit() : 0.0F;
    const double most = name == "xinanjiang_interflow_rate" || name == "xinanjiang_groundwater_rate" ? 0.5 : key.most;
    return static_cast<float>(key.least + (most - key.least) * static_cast<double>(unit()));
  }
  if (name == "drainage_capacity") return 0.5F + 4 * unit();
  if (name == "latitude") return 20 + 30 * unit();
  return unit();
}

// A model with its default parameters, or with another word for one of them.
struct Way {
  const SeriesModel* model;
  ModelParams params;
  std::string name;
  const ModelInfo& info() const { return model->info(); }
  std::vector<InputNeed> needs() const { return model->needs(params); }
};
std::vector<Way> ways_of_models() {
  std::vector<Way> out;
  for (const SeriesModel* m : series_models()) {
    out.push_back({m, default_params(*m), m->info().name});
    for (const ParamSpec& p : m->info().params)
      for (const std::string& word : p.choices) {
        if (word == p.fallback) continue;
        Way& way = out.emplace_back(Way{m, default_params(*m), m->info().name + ", " + p.key + " " + word});
        way.params.words[p.key] = word;
        // Evaporation is looked at by columns alone.
        if (p.key == "evaporation") way.params.words["runoff"] = "xinanjiang";
      }
  }
  return out;
}

// All that the model asks for, hourly; members in the future.
HazardInputs inputs_of(const Way& way, std::size_t regions, std::size_t members, std::uint32_t seed) {
  std::mt19937 random(seed);
  HazardInputs in{kModelIssue, kModelIssue + Seconds(3600 * kHoursAhead), regions, members};
  std::vector<InputNeed> needs = way.needs(), optional = way.model->optional_needs(way.params);
  needs.insert(needs.end(), optional.begin(), optional.end());
  for (const InputNeed& need : needs) {
    const auto fill = [&](std::vector<float>& values) {
      for (std::size_t r = 0; r < regions; ++r) values.push_back(plausible(need.quantity, random));
    };
    if (need.statistic.empty()) {
      fill(in.attributes.emplace_back(RegionAttribute{need.quantity, "1", {}}).values);
      continue;
    }
    const Quantity& q = *find_quantity(need.quantity);
    const bool amount = is_amount(q);
    HazardSeries s{q, need.statistic, amount ? TimeKind::accumulation : TimeKind::instant, {}, kModelIssue, in.horizon};
    for (int h = -static_cast<int>(need.history.count() / 3600) - 24; h < kHoursAhead; ++h) {
      const TimePoint end = kModelIssue + Seconds(3600 * (h + 1));
      SeriesPiece& p = s.pieces.emplace_back(
          SeriesPiece{{amount ? end - Seconds(3600) : end, end}, h < 0 ? Origin::observed : Origin::forecast, {}, std::vector<float>(regions, 1.0F), {}});
      fill(p.values);
      if (h >= 0 && members > 1)
        for (std::size_t m = 0; m < members; ++m) fill(p.members.emplace_back());
    }
    in.series.push_back(std::move(s));
  }
  return in;
}

void change_all(HazardInputs& in, const auto& change) {
  for (HazardSeries& s : in.series)
    for (SeriesPiece& p : s.pieces) {
      for (float& v : p.values) v = change(s.quantity.name, v);
      for (auto& m : p.members)
        for (float& v : m) v = change(s.quantity.name, v);
    }
  for (RegionAttribute& a : in.attributes)
    for (float& v : a.values) v = change(a.name, v);
}

// Values of all pieces, members and regions, in order.
std::vector<float> told(const HazardSeries& s) {
  std::vector<float> out;
  for (const SeriesPiece& p : s.pieces) {
    out.insert(out.end(), p.values.begin(), p.values.end());
    for (const auto& m : p.members) out.insert(out.end(), m.begin(), m.end());
  }
  return out;
}
SeriesModel::Result computed(const Way& w, const HazardInputs& in) { return w.model->compute(in, w.params, {}); }

void all_unknown(const Way& model, HazardInputs in, HazardSeries series) {
  in.series.push_back(std::move(series));
  for (const RiskRow& row : RuleModel(load_rule_pack("configs/rules/" + model.info().pack + ".toml")).evaluate(in).rows)
    BOOST_TEST(static_cast<int>(row.level) == static_cast<int>(Level::unknown), model.info().name);
}
}  // namespace

BOOST_AUTO_TEST_SUITE(every_model)

BOOST_AUTO_TEST_CASE(each_says_what_it_is_and_its_pack_decides_on_what_it_gives) {
  std::string before;
  for (const SeriesModel* m : series_models()) {
    const ModelInfo& i = m->info();
    BOOST_TEST((before < i.name), "by name, each once: " << i.name);
    before = i.name;
    BOOST_TEST((!i.title.empty() && !i.source.empty() && !i.inputs.empty()), i.name);
    BOOST_TEST(std::filesystem::exists("docs/models/" + i.name + ".md"), i.name << " has no page in docs/models");
    BOOST_REQUIRE(find_quantity(i.quantity));
    const auto params = default_params(*m);
    for (const ParamSpec& p : i.params) {
      BOOST_TEST((!p.doc.empty() && p.fallback.has_value()), i.name << " " << p.key);
      if (!params.words.contains(p.key)) BOOST_TEST((params.at(p.key) >= p.min && params.at(p.key) <= p.max), i.name << " " << p.key);
    }
    const auto given = [&](const InputNeed& n) { return n.quantity == i.driver; };
    BOOST_TEST(std::any_of(i.inputs.begin(), i.inputs.end(), given), i.name << " does not look at its driver");
    bool decided = false;
    for (const InputNeed& n : RuleModel(load_rule_pack("configs/rules/" + i.pack + ".toml")).needs())
      decided = decided || (n.quantity == i.quantity && n.statistic == i.statistic);
    BOOST_TEST(decided, i.pack << " does not decide on " << i.quantity << " " << i.statistic);
    BOOST_TEST(&series_model(i.name) == m);
  }
  BOOST_CHECK_EXCEPTION(series_model("landslide_ration"), Error,
                        [](const Error& e) { return std::string(e.what()).find("did you mean \"landslide_ratio\"") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(nothing_known_gives_nothing_and_its_pack_says_unknown) {
  for (const Way& w : ways_of_models()) {
    HazardInputs in = inputs_of(w, 9, 3, 1);
    change_all(in, [](const std::string&, float) { return kNotThere; });
    HazardSeries series = computed(w, in).series;
    for (const float v : told(series)) BOOST_TEST(std::isnan(v), w.name);
    all_unknown(w, in, std::move(series));
    in.series.clear(), in.attributes.clear();
    series = computed(w, in).series;
    for (const float v : told(series)) BOOST_TEST(std::isnan(v), w.name << " without inputs");
    all_unknown(w, in, std::move(series));
  }
}

BOOST_AUTO_TEST_CASE(any_one_missing_input_gives_nothing) {
  for (const Way& w : ways_of_models())
    for (const InputNeed& need : w.needs()) {
      HazardInputs in = inputs_of(w, 5, 2, 2);
      change_all(in, [&](const std::string& name, float v) { return name == need.quantity ? kNotThere : v; });
      for (const float v : told(computed(w, in).series)) BOOST_TEST(std::isnan(v), w.name << " without " << need.quantity);
    }
}

BOOST_AUTO_TEST_CASE(a_stronger_driver_lowers_nothing) {
  for (const Way& w : ways_of_models()) {
    const ModelInfo& info = w.info();
    const HazardInputs in = inputs_of(w, 60, 3, 3);
    HazardInputs stronger = in;
    change_all(stronger, [&](const std::string& name, float v) { return name != info.driver ? v : info.driver_falls ? v / 2 : 2 * v; });
    const std::vector<float> before = told(computed(w, in).series), after = told(computed(w, stronger).series);
    BOOST_REQUIRE(before.size() == after.size());
    BOOST_REQUIRE(!before.empty());
    std::size_t raised = 0, lowered = 0;
    for (std::size_t k = 0; k < before.size(); ++k) {
      lowered += after[k] < before[k] * (1 - 1e-5F) || std::isnan(after[k]) != std::isnan(before[k]) ? 1 : 0;
      raised += after[k] > before[k] ? 1 : 0;
    }
    BOOST_TEST(lowered == 0U, w.name);
    BOOST_TEST(5 * raised > before.size(), w.name << " hardly feels its driver: " << raised << " of " << before.size());
  }
}

BOOST_AUTO_TEST_CASE(regions_in_another_order_get_their_own_values_and_threads_change_nothing) {
  constexpr std::size_t kRegions = 700, kTurn = 77;
  const auto turn = [](std::vector<float>& v) { std::rotate(v.begin(), v.begin() + kTurn, v.end()); };
  const auto same = [](const std::vector<float>& a, const std::vector<float>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); });
  };
  for (const Way& w : ways_of_models()) {
    HazardInputs in = inputs_of(w, kRegions, 3, 4);
    std::mt19937 random(5);
    change_all(in, [&](const std::string&, float v) { return random() % 200 == 0 ? kNotThere : v; });
    if (RegionAttribute* age = in.attributes.empty() ? nullptr : &in.attributes.back(); age && age->name == "earthquake_age") age->values[0] = 0.5F;
    HazardInputs turned = in;
    for (HazardSeries& s : turned.series)
      for (SeriesPiece& p : s.pieces) {
        turn(p.values), turn(p.coverage);
        for (auto& member : p.members) turn(member);
      }
    for (RegionAttribute& a : turned.attributes) turn(a.values);
    set_num_threads(1);
    SeriesModel::Result one = computed(w, in);
    set_num_threads(3);
    const SeriesModel::Result other = computed(w, turned);
    set_num_threads(0);
    BOOST_REQUIRE(one.series.pieces.size() == other.series.pieces.size());
    for (std::size_t k = 0; k < one.series.pieces.size(); ++k) {
      SeriesPiece& p = one.series.pieces[k];
      turn(p.values), turn(p.coverage);
      BOOST_TEST((same(p.values, other.series.pieces[k].values) && same(p.coverage, other.series.pieces[k].coverage)), w.name << " piece " << k);
      BOOST_REQUIRE(p.members.size() == other.series.pieces[k].members.size());
      for (std::size_t n = 0; n < p.members.size(); ++n) {
        turn(p.members[n]);
        BOOST_TEST(same(p.members[n], other.series.pieces[k].members[n]), w.name << " piece " << k << " member " << n);
      }
    }
    BOOST_TEST((one.state.at == other.state.at));
    if (w.name == w.info().name) {
      for (const std::string& name : w.info().state) BOOST_TEST(one.state.values.contains(name), w.name << " does not remember " << name);
    }
    for (auto& [name, values] : one.state.values) {
      turn(values);
      BOOST_TEST(same(values, other.state.values.at(name)), w.name << " state " << name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
