#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "alerts/cap/message_text.h"
#include "cli/shipped_files.h"
#include "models/rules/rule_pack.h"

using namespace guyu;
BOOST_AUTO_TEST_SUITE(shipped_words)

BOOST_AUTO_TEST_CASE(every_hazard_that_is_warned_of_has_words_in_both_languages) {
  std::size_t signals = 0;
  for (const auto& entry : std::filesystem::directory_iterator("configs/rules")) {
    const RulePack pack = load_rule_pack(entry.path().string());
    if (!pack.signal) continue;
    ++signals;
    for (const char* language : {"zh-CN", "en-US"}) {
      const MessageText text = load_message_text(cli::find_config_file(pack.hazard + "." + language, "texts", ""), pack.hazard);
      BOOST_TEST(text.language == language, pack.hazard);
      for (const char* key : {"event", "headline", "instruction_blue", "instruction_red", "description_cancel"})
        BOOST_TEST(!text.word(key).empty(), pack.hazard << " " << key);
    }
  }
  BOOST_TEST(signals > 25U);
}

BOOST_AUTO_TEST_SUITE_END()
