#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <pugixml.hpp>

#include "alerts/cap/cap_writer.h"
#include "alerts/channels/broadcast_numbers.h"
#include "alerts/channels/sm2_signer.h"
#include "alerts/channels/speech.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/alerts/lifecycle/timeline.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace fs = std::filesystem;

namespace {
const std::string kCodes = "source = \"24401000000000101010101\"\ndestination = \"24400000000000101010101\"\n";
}
BOOST_AUTO_TEST_SUITE(emergency_broadcast)

BOOST_AUTO_TEST_CASE(sm3_gives_the_standards_example) {
  BOOST_TEST(sm3_hex("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");  // GB/T 32905-2016, A.1
}

BOOST_AUTO_TEST_CASE(a_package_holds_what_it_says_signed_and_spoken) {
  if (!installed("openssl") || !installed("tar") || !installed("espeak-ng")) return;
  const std::string f = temporary_folder("broadcast");
  output_of("cd " + f + " && openssl genpkey -algorithm SM2 -out key.pem 2>/dev/null && chmod 600 key.pem && openssl pkey -in key.pem -pubout -out pub.pem");
  const auto c = channel("emergency_broadcast", kCodes + "key_file = \"" + f + "/key.pem\"\n", f);
  const auto batch = deliveries({"2.49.0.1.156.0.20190610000000.1"});
  const Outcome o = c->deliver(batch)[0];
  BOOST_REQUIRE((o.verdict == Verdict::delivered));
  BOOST_REQUIRE((c->deliver(batch)[0].detail == o.detail));  // the same package, not a second one
  output_of("mkdir " + f + "/x && tar xf " + o.detail + " -C " + f + "/x");
  std::string body, signature;
  const std::string source = "24401000000000101010101";
  BOOST_TEST(fs::path(o.detail).filename().string().rfind("EBDT_10" + source, 0) == 0U);
  BOOST_TEST(fs::path(o.detail).filename().string().size() == std::string("EBDT_.tar").size() + 41);
  int sounds = 0;
  for (const auto& e : fs::directory_iterator(f + "/x")) {
    const std::string name = e.path().filename().string();
    if (name.rfind("EBDB_", 0) == 0) body = e.path().string();
    if (name.rfind("EBDS_EBDB_", 0) == 0) signature = e.path().string();
    sounds += e.path().extension() == ".wav";
  }
  BOOST_REQUIRE(sounds == 2);
  pugi::xml_document d, s;
  BOOST_REQUIRE(d.load_file(body.c_str()));
  BOOST_REQUIRE(s.load_file(signature.c_str()));
  const pugi::xml_node ebm = d.child("EBD").child("EBM"), basic = ebm.child("MsgBasicInfo");
  BOOST_TEST(ebm.child_value("EBMID") == source + "201906100001");  // the sender, the day, the first of it
  BOOST_TEST(basic.child_value("Severity") == std::string("2"));    // orange
  BOOST_TEST(basic.child_value("EventType") == std::string("11B03"));
  BOOST_TEST(basic.child_value("MsgType") == std::string("1"));
  BOOST_TEST(ebm.child("MsgContent").child_value("LanguageCode") == std::string("zho"));
  for (const pugi::xml_node& content : ebm.children("MsgContent")) {
    const std::string wav = f + "/x/" + content.child("Auxiliary").child_value("AuxiliaryDesc");
    BOOST_TEST(output_of("openssl dgst -sm3 -r " + wav).substr(0, 64) == content.child("Auxiliary").child_value("Digest"));
  }
  write_file_atomically(f + "/sig.b64", s.child("Signature").child_value("SignatureValue"));
  output_of("openssl base64 -d -A -in " + f + "/sig.b64 -out " + f + "/sig.der");
  BOOST_TEST(output_of("openssl pkeyutl -verify -pubin -inkey " + f + "/pub.pem -rawin -digest sm3 -pkeyopt distid:1234567812345678 -sigfile " + f +
                       "/sig.der -in " + body)
                 .find("Success") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cancel_names_the_message_that_it_ends_also_after_a_restart) {
  const std::string f = temporary_folder("broadcast_cancel"), keys = kCodes + "speech = false\n";
  const auto content = [&](Channel& c, const Delivery& d) {
    const Outcome o = c.deliver({&d, 1})[0];
    BOOST_REQUIRE_MESSAGE(o.verdict == Verdict::delivered, o.detail);
    pugi::xml_document x;
    BOOST_REQUIRE(x.load_string(output_of("tar xOf " + o.detail + " --wildcards 'EBDB_*'").c_str()));
    const pugi::xml_node ebm = x.child("EBD").child("EBM");
    return std::array<std::string, 3>{ebm.child_value("EBMID"), ebm.child("RelatedInfo").child_value("EBMID"),
                                      ebm.child("MsgBasicInfo").child_value("MsgType")};
  };
  const auto first = content(*channel("emergency_broadcast", keys, f), deliveries({"2.49.1"})[0]);
  BOOST_TEST(first[1].empty());
  Timeline t(2);
  t.at(0, "oo");
  std::vector<Decision> end;
  for (int minute = 10; end.empty() || end[0].action != Action::cancel; minute += 10) end = t.at(minute, "..");
  end[0].identifier = "2.49.2";
  end[0].references[0].identifier = "2.49.1";
  CapSettings settings = cap_settings();
  settings.status = RunStatus::actual;
  const CapWriter writer(settings, t.regions);
  const auto message = std::make_shared<OutgoingMessage>(outgoing_message(end[0], writer, writer.write(end[0])));
  const auto cancel = content(*channel("emergency_broadcast", keys, f), {"k", "", message, false});
  BOOST_TEST(cancel[0] != first[0]);
  BOOST_TEST(cancel[1] == first[0]);
  BOOST_TEST(cancel[2] == "2");
}

BOOST_AUTO_TEST_CASE(numbers_count_within_a_day_and_survive) {
  const std::string file = temporary_folder("broadcast_numbers") + "/n";
  {
    BroadcastNumbers n(file);
    BOOST_TEST(n.give("a", "20240618") == "202406180001");
    BOOST_TEST(n.give("b", "20240618") == "202406180002");
    BOOST_TEST(n.give("a", "20240619") == "202406180001");  // keeps what it has
    BOOST_TEST(n.give("c", "20240619") == "202406190001");
  }
  BroadcastNumbers n(file);
  BOOST_TEST(n.give("d", "20240618") == "202406180003");
  BOOST_TEST(*n.known("c") == "202406190001");
  BOOST_TEST(!n.known("e"));
  n.give("f", "20270101");
  BOOST_TEST(!BroadcastNumbers(file).known("a"));
  write_file_atomically(file, "something else entirely\n");
  BOOST_CHECK_THROW(BroadcastNumbers{file}, Error);
}

BOOST_AUTO_TEST_CASE(speech_is_a_wave_file_of_a_sensible_length_and_not_silent) {
  if (!installed("espeak-ng")) return;
  for (const auto& [text, language] : {std::pair<std::string, std::string>{"清源镇暴雨橙色预警，请立即转移到安全的地方。", "zh-CN"},
                                       {"Orange rainstorm warning. Move to a safe place now.", "en-US"}}) {
    const std::string wav = spoken(text, language);
    const auto number = [&](std::size_t at, int bytes) {
      unsigned v = 0;
      for (int i = 0; i < bytes; ++i) v |= static_cast<unsigned>(static_cast<unsigned char>(wav[at + static_cast<std::size_t>(i)])) << (8 * i);
      return v;
    };
    BOOST_TEST(number(4, 4) == wav.size() - 8);
    BOOST_TEST(number(40, 4) == wav.size() - 44);
    const double seconds = static_cast<double>(wav.size() - 44) / number(28, 4);
    BOOST_TEST((seconds > 1.5 && seconds < 20), seconds);
    double power = 0;
    for (std::size_t i = 44; i + 1 < wav.size(); i += 2) power += std::pow(static_cast<double>(static_cast<short>(number(i, 2))), 2);
    BOOST_TEST(std::sqrt(power / (static_cast<double>(wav.size()) / 2)) > 300);
  }
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_work_are_named) {
  BOOST_CHECK_THROW(channel("emergency_broadcast", "source = \"1\"\ndestination = \"2\"\n", temporary_folder("broadcast_bad")), Error);
  BOOST_CHECK_THROW(Sm2Signer("nonsense"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
