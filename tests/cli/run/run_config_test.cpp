#include "cli/run/run_config.h"

#include <boost/test/unit_test.hpp>

#include "alerts/cap/file_signature.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/keys.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::cli;
namespace {

const std::string kSound =
    "name = \"mine\"\n[mesh]\nwest = 100\nsouth = 20\neast = 101\nnorth = 21\nspacing = "
    "0.5\n[radar]\npattern = \"r/%Y%m%d%H%M.h5\"\ninterval = \"6 min\"\n";

std::string file(const std::string& text) {
  const std::string path = test::temporary_folder("run_config") + "/mine.toml";
  write_file_atomically(path, text);
  return path;
}

std::string fault_of(const std::string& text) {
  try {
    load_run_config(file(text), "");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace
BOOST_AUTO_TEST_SUITE(run_config)

BOOST_AUTO_TEST_CASE(what_is_not_said_follows_from_what_is) {
  const RunConfig c = load_run_config(file(kSound), "");
  BOOST_TEST(c.title == "mine");
  BOOST_TEST(c.plan.late_after.count() == 9 * 60);  // one and a half intervals
  BOOST_TEST(c.horizon.count() == 3600);            // as far as the extrapolation: there is no forecast
  BOOST_TEST(c.cap.texts.size() == 2U);
  BOOST_TEST(load_regions(c).regions.size() == 4U);
}

BOOST_AUTO_TEST_CASE(faults_that_no_single_key_shows_are_told_together) {
  const std::string f = fault_of(
      "name = \"mine\"\n[radar]\npattern = \"r/new.h5\"\ninterval = \"6 min\"\n[forecast]\npattern = "
      "\"f/%Q\"\n[rules]\npack = \"cma_2007_rainstrom\"\n"
      "[alerts]\ncountry = \"1 5\"\nauthority = \"\"\n");
  for (const char* part : {"mine.toml: has neither [regions] path nor [mesh] spacing", "mine.toml:3:11: the file pattern states no date",
                           "mine.toml:6:11: unknown token %Q", "mine.toml:8:8: cma_2007_rainstrom: is neither", "did you mean cma_2007_rainstorm?",
                           "mine.toml:10:11: \"country\" is \"1 5\"", "mine.toml:11:13: \"authority\""})
    BOOST_TEST(has(f, part), part << " in\n" << f);
}

BOOST_AUTO_TEST_CASE(with_trusted_certificates_every_pack_must_be_signed_and_unchanged) {
  const test::Keys keys;
  const std::string text = read_text_file("configs/rules/cma_2007_gale.toml");
  write_file_atomically(keys.file("gale.toml"), text);
  write_file_atomically(keys.file("mine.toml"), kSound + "[rules]\npacks = [\"gale.toml\"]\ntrust = \"ca.pem\"\n");
  const auto fault = [&]() -> std::string {
    try {
      const RunConfig c = load_run_config(keys.file("mine.toml"), keys.folder);
      BOOST_TEST(std::any_of(c.remarks.begin(), c.remarks.end(), [](const std::string& r) { return has(r, "is signed by CN=Signer"); }));
      return "";
    } catch (const Error& e) {
      return e.what();
    }
  };
  BOOST_TEST(has(fault(), "gale.toml: is not signed"), fault());
  write_file_atomically(keys.file("gale.toml.sig"), sign_bytes(text, keys.text("signer.key"), keys.text("signer.pem")));
  BOOST_TEST(fault() == "");
  write_file_atomically(keys.file("gale.toml"), text + " ");
  BOOST_TEST(has(fault(), "was changed after it was signed"), fault());
}

BOOST_AUTO_TEST_CASE(what_no_message_could_be_written_with_is_found_before_one_is_due) {
  const std::string sender = fault_of(kSound + "[alerts]\nsender = \"my office\"\n");
  BOOST_TEST(has(sender, "mine.toml:12:10: "), sender);
  BOOST_TEST(has(sender, "the sender 'my office' is not fit for CAP"), sender);
  const std::string language = fault_of(kSound + "[alerts]\nlanguages = [\"zh-CN\", \"fr-FR\"]\n");
  BOOST_TEST(has(language, "mine.toml:12:13: rainstorm.fr-FR: is neither"), language);
  BOOST_TEST(has(fault_of(kSound + "[alerts]\nlanguages = []\n"), "\"languages\" is empty"));
}

BOOST_AUTO_TEST_CASE(a_hazard_may_live_by_its_own_times_and_the_others_by_those_of_all) {
  const RunConfig c = load_run_config(
      file(kSound + "[alerts]\nclear_hold = \"20 min\"\nrenew_before = \"15 min\"\n[[alerts.hazard]]\nname = \"wind\"\nclear_hold = \"40 min\"\n"
                    "inhibits = [\"fog\"]\ninhibits_from = \"orange\"\n"),
      "");
  BOOST_TEST(c.book.policy("rainstorm").clear_hold.count() == 20 * 60);
  BOOST_TEST(c.book.policy("wind").clear_hold.count() == 40 * 60);
  BOOST_TEST(c.book.policy("wind").renew_before.count() == 15 * 60);
  BOOST_TEST(c.book.policy("wind").inhibits == std::vector<std::string>{"fog"});
  BOOST_TEST((c.book.policy("wind").inhibits_from == Level::orange));
  BOOST_TEST(c.book.policy("rainstorm").inhibits.empty());
}

BOOST_AUTO_TEST_CASE(hazards_given_twice_or_waiting_for_each_other_are_refused) {
  const auto hazard = [](const std::string& name, const std::string& other) {
    return "[[alerts.hazard]]\nname = \"" + name + "\"\ninhibits = [\"" + other + "\"]\n";
  };
  BOOST_TEST(has(fault_of(kSound + hazard("wind", "fog") + hazard("wind", "heat")), "\"wind\" is given twice"));
  const std::string ring = fault_of(kSound + hazard("wind", "fog") + hazard("fog", "heat") + hazard("heat", "wind"));
  BOOST_TEST(has(ring, "inhibit each other in a ring"), ring);
  BOOST_TEST(has(fault_of(kSound + hazard("wind", "wind")), "in a ring"));
}

BOOST_AUTO_TEST_SUITE_END()
