#include "alerts/cap/cap_edit.h"

#include <boost/test/unit_test.hpp>

#include "alerts/cap/cap_reader.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;

namespace {
OutgoingMessage message() {
  Timeline t{2};
  const CapWriter writer(cap_settings(), t.regions);
  const Decision d = t.at(0, "yy").at(0);
  return outgoing_message(d, writer, writer.write(d));
}
}  // namespace
BOOST_AUTO_TEST_SUITE(cap_edit)

BOOST_AUTO_TEST_CASE(a_persons_words_replace_those_of_one_language_and_nothing_else) {
  const OutgoingMessage before = message();
  const OutgoingMessage after = with_texts(before, {{"en-US", {{"headline", "Leave the valley now"}, {"instruction", "Go to the school."}}}}, {});
  const CapReading was = read_cap(before.xml), is = read_cap(after.xml);
  BOOST_REQUIRE(is.unreadable.empty());
  BOOST_REQUIRE(is.message.infos.size() == was.message.infos.size());
  for (std::size_t k = 0; k < is.message.infos.size(); ++k) {
    const CapInfo &a = was.message.infos[k], &b = is.message.infos[k];
    const bool english = b.language == "en-US";
    BOOST_TEST(b.headline == (english ? "Leave the valley now" : a.headline));
    BOOST_TEST(b.instruction == (english ? "Go to the school." : a.instruction));
    BOOST_TEST(b.description == a.description);
    BOOST_TEST(b.severity == a.severity);
    BOOST_TEST((b.expires == a.expires));
  }
  BOOST_TEST(is.message.identifier == was.message.identifier);
  for (std::size_t k = 0; k < after.texts.size(); ++k) {
    const bool english = after.texts[k].language == "en-US";
    BOOST_TEST(after.texts[k].sms == (english ? "Leave the valley now" : before.texts[k].sms));  // the short text says what the person said
  }
  BOOST_TEST(rules(CapChecker({}).check(after.xml, {})).empty());
}

BOOST_AUTO_TEST_CASE(the_words_are_signed_last) {
  std::string signed_text;
  const OutgoingMessage after = with_texts(message(), {{"en-US", {{"headline", "Leave <now> & run"}}}}, [&](std::string_view xml) {
    signed_text = xml;
    return std::string(xml) + "<!--signed-->";
  });
  BOOST_TEST(signed_text.find("Leave &lt;now&gt; &amp; run") != std::string::npos);
  BOOST_TEST(after.xml == signed_text + "<!--signed-->");
}

BOOST_AUTO_TEST_CASE(what_cap_or_the_message_does_not_have_is_refused) {
  const OutgoingMessage m = message();
  BOOST_CHECK_THROW(with_texts(m, {{"fr-FR", {{"headline", "x"}}}}, {}), Error);
  BOOST_CHECK_THROW(with_texts(m, {{"en-US", {{"level", "Red"}}}}, {}), Error);
  BOOST_CHECK_THROW(with_texts(m, {{"en-US", {{"headline", std::string(140, 'x')}}}}, {}), Error);
  BOOST_CHECK_THROW(with_texts(m, {{"en-US", {{"headline", "same"}, {"description", "same"}}}}, {}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
