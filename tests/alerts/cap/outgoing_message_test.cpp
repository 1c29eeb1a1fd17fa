#include "alerts/cap/outgoing_message.h"

#include <boost/test/unit_test.hpp>
#include <pugixml.hpp>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(outgoing)
namespace {

struct Case {
  Timeline t;
  CapSettings settings = cap_settings();
  Case(double cells, const std::string& name) : t(cells) {
    for (Region& r : t.regions.regions) r.name = name;
    settings.status = RunStatus::actual;
  }
  OutgoingMessage message(const Decision& d) const { return outgoing_message(d, CapWriter(settings, t.regions), "<alert/>"); }
};

std::string repeated(const std::string& word, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += word;
  return all;
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_message_carries_what_routing_and_channels_ask_for) {
  Case c(3, "梅溪镇");
  c.t.at(0, "y..");
  const Decision d = c.t.at(10, "o..").at(0);
  const OutgoingMessage m = c.message(d);
  BOOST_TEST(m.identifier == d.identifier);
  BOOST_TEST(m.event == d.alert.event);
  BOOST_TEST(m.hazard == "rainstorm");
  BOOST_TEST(m.msg_type == "Update");
  BOOST_TEST((m.level == Level::orange && m.sent == d.sent && m.expires == d.alert.expires));
  BOOST_TEST(m.regions == std::vector<std::string>{"r000c000"});
  BOOST_REQUIRE(m.texts.size() == 2U);
  const OutgoingText& zh = m.texts[0];
  BOOST_TEST(zh.language == "zh-CN");
  BOOST_TEST(zh.headline == "梅溪镇暴雨预警由黄色升级为橙色");
  BOOST_TEST(zh.sms.find("梅溪镇暴雨预警由黄色升级为橙色，06月10日08时10分至06月10日11时10分，") == 0U, zh.sms);
  BOOST_TEST(zh.sms.find("雨量最大约60毫米") != std::string::npos, zh.sms);
  BOOST_TEST(zh.sms.find("危险地带人员转移") != std::string::npos, zh.sms);
  BOOST_TEST(zh.cell_broadcast.find("其中已观测20毫米") != std::string::npos, zh.cell_broadcast);
  BOOST_TEST(zh.speech.find("6月10日11点10分以前，3小时雨量最大约60毫米") != std::string::npos, zh.speech);
  const OutgoingText& en = m.texts[1];
  BOOST_TEST(en.sms.find("Rainstorm warning raised from Yellow to Orange") == 0U, en.sms);
  BOOST_TEST(en.speech.find("until 11:10 on June 10, with up to 60 millimetres in 3 hours") != std::string::npos, en.speech);
  BOOST_TEST(en.speech.find(". ") == std::string::npos, en.speech);  // one sentence
}

BOOST_AUTO_TEST_CASE(however_long_the_names_every_text_keeps_its_length_and_its_level_and_hazard) {
  for (const std::string& name :
       {std::string("梅"), std::string("Llanfairpwllgwyngyll"), repeated("长", 60), repeated("很长的名字", 60), repeated("𠮷", 200)}) {
    for (const char* letters : {"rr", "oooooooo", "y.y.y.y", "bbbbbbbbbbbbbbbbbbbbbbbb"}) {
      Case c(static_cast<double>(std::string(letters).size()), name);
      c.settings.status = RunStatus::exercise;
      for (const Decision& d : c.t.at(0, letters)) {
        const OutgoingMessage m = c.message(d);
        for (const OutgoingText& t : m.texts) {
          BOOST_TEST(character_count(t.headline) < 140U);
          BOOST_TEST(character_count(t.sms) <= 140U, t.sms);
          BOOST_TEST(ucs2_units(t.cell_broadcast) <= 615U);
          BOOST_TEST(character_count(t.speech) <= 200U);
          const bool chinese = t.language == "zh-CN";
          const std::string level(chinese ? chinese_name(m.level) : to_string(m.level)), hazard = chinese ? "暴雨" : "rainstorm",
                                                                                         prefix = chinese ? "【演练】" : "EXERCISE: ";
          for (const std::string* said : {&t.headline, &t.sms, &t.cell_broadcast, &t.speech}) {
            BOOST_TEST(said->find(level) != std::string::npos, *said);
            BOOST_TEST(said->find(hazard) != std::string::npos, *said);
            BOOST_TEST(said->find(prefix) == 0U, *said);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_is_too_long_loses_its_last_piece_first) {
  Case c(1, "梅溪镇");
  const Decision d = c.t.at(0, "r").at(0);
  MessageText text = c.settings.texts[0];
  const std::string filler = repeated("字", 100);
  const auto sms = [&](const std::string& form) {
    text.words["sms"] = form;
    return short_texts(text, d, {"梅溪镇"}, 480).sms;
  };
  BOOST_TEST(sms("{headline}|甲|乙|丙") == "梅溪镇暴雨红色预警甲乙丙");
  BOOST_TEST(sms("{headline}|甲|乙|" + filler + filler) == "梅溪镇暴雨红色预警甲乙");
  BOOST_TEST(sms("{headline}|甲|" + filler + filler + "|丙") == "梅溪镇暴雨红色预警甲");  // pieces belong together in their order
  BOOST_TEST(sms("{headline}|" + filler + filler) == "梅溪镇暴雨红色预警");
}

BOOST_AUTO_TEST_CASE(an_all_clear_has_its_own_short_texts) {
  Case c(1, "梅溪镇");
  c.t.at(0, "y");
  std::vector<Decision> last;
  for (int minute = 10; minute < 200 && (last.empty() || last[0].action != Action::cancel); minute += 10) last = c.t.at(minute, ".");
  BOOST_REQUIRE((last.at(0).action == Action::cancel));
  const OutgoingMessage m = c.message(last[0]);
  BOOST_TEST(m.msg_type == "Cancel");
  BOOST_TEST(m.texts[0].sms == "梅溪镇暴雨预警解除。可恢复正常生产生活；仍需留意积水和地质灾害的滞后影响，及时排除田间积水。谷雨预警系统");
  BOOST_TEST(m.texts[1].speech.find("Rainstorm warning lifted for") == 0U);
}

BOOST_AUTO_TEST_CASE(a_probability_below_one_is_told_and_sets_the_certainty) {
  Case c(1, "梅溪镇");
  Decision d = c.t.at(0, "o").at(0);
  const CapWriter writer(c.settings, c.t.regions);
  const auto told = [&](double probability, bool reached) {
    d.alert.members[0].evidence.probability = probability;
    d.alert.members[0].evidence.already_reached = reached;
    const std::string xml = writer.write(d);
    BOOST_TEST(rules(CapChecker({schema_path()}).check(xml)) == "");
    const CapInfo info = read_cap(xml).message.infos.at(1);
    std::string parameter = "-";
    for (const CapPair& p : info.parameters) {
      if (p.name == "probability") parameter = p.value;
    }
    const std::size_t at = info.description.find("probability is up to ");
    return info.certainty + " " + parameter + " " + (at == std::string::npos ? "-" : info.description.substr(at + 21, 4));
  };
  BOOST_TEST(told(0.72, false) == "Likely 0.72 70 %");
  BOOST_TEST(told(0.4, false) == "Possible 0.40 40 %");
  BOOST_TEST(told(0.001, false) == "Possible 0.00 5 %.");
  BOOST_TEST(told(0.999, false) == "Likely 1.00 95 %");
  BOOST_TEST(told(1, false) == "Likely - -");
  BOOST_TEST(told(std::numeric_limits<double>::quiet_NaN(), false) == "Likely - -");  // unknown is no low probability
  BOOST_TEST(told(0.4, true) == "Observed - -");
}

BOOST_AUTO_TEST_CASE(texts_that_leave_no_room_are_refused_when_they_are_read) {
  const std::string folder = temporary_folder("short");
  const std::string good = read_text_file("configs/texts/rainstorm.en-US.toml");
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& key) {
    write_file_atomically(folder + "/a.toml", replaced(good, from, to));
    BOOST_CHECK_EXCEPTION(load_message_text(folder + "/a.toml"), Error, [&](const Error& e) {
      return std::string(e.what()).find(key) != std::string::npos || e.place().find("a.toml:") != std::string::npos;
    });
  };
  refused("sms = \"{headline}|", "sms = \"{headline} " + std::string(100, 'x') + "|", "sms");
  refused("headline = \"{level}", "headline = \"" + std::string(120, 'x') + "{level}", "headline");
  refused("speech = \"{headline}|", "speech = \"{headline}{nothing}|", "nothing");
}

BOOST_AUTO_TEST_SUITE_END()
