#include "alerts/cap/xml_input.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "alerts/cap/cap_verdict.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(xml_input)
namespace {

// A file and an address that tell whether anybody came.
struct Trap {
  std::string folder = temporary_folder("trap"), file = folder + "/secret.txt", url;
  int watch = ::inotify_init1(IN_NONBLOCK), listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

  Trap() {
    std::ofstream(file) << "the secret";
    BOOST_REQUIRE(::inotify_add_watch(watch, folder.c_str(), IN_OPEN | IN_ACCESS) >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    BOOST_REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
    BOOST_REQUIRE(::listen(listener, 16) == 0);
    BOOST_REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/x";
  }
  ~Trap() {
    ::close(watch);
    ::close(listener);
  }
  bool file_opened() const {
    char buffer[4096];
    return ::read(watch, buffer, sizeof buffer) > 0;
  }
  bool called() const {
    const int c = ::accept(listener, nullptr, nullptr);
    if (c >= 0) ::close(c);
    return c >= 0;
  }
};

std::string message() {
  Timeline t(1);
  return CapWriter(cap_settings(), t.regions).write(t.at(0, "y").at(0));
}
}  // namespace

BOOST_AUTO_TEST_CASE(the_trap_itself_works) {
  const Trap trap;
  std::ifstream(trap.file).get();
  BOOST_TEST(trap.file_opened());
  BOOST_TEST(!trap.file_opened());
  BOOST_TEST(!trap.called());
}

BOOST_AUTO_TEST_CASE(no_document_makes_us_open_a_file_or_a_connection) {
  const Trap trap;
  const std::string xml = message(), root = "<alert ";
  const std::string file = "file://" + trap.file;
  const auto with = [&](const std::string& before) { return replaced(xml, root, before + root); };
  const auto inside = [&](const std::string& doctype) { return replaced(with(doctype), "<scope>Public", "<note>&x;</note><scope>Public"); };
  const std::vector<std::string> doctypes{
      inside("<!DOCTYPE alert [<!ENTITY x SYSTEM \"" + file + "\">]>"),
      inside("<!DOCTYPE alert [<!ENTITY x SYSTEM \"" + trap.url + "\">]>"),
      inside("<!DOCTYPE alert [<!ENTITY x PUBLIC \"-//A//B\" \"" + trap.file + "\">]>"),
      with("<!DOCTYPE alert SYSTEM \"" + trap.url + "\">"),
      with("<!DOCTYPE alert SYSTEM \"" + file + "\">"),
      with("<!DOCTYPE alert PUBLIC \"-//A//B\" \"" + trap.file + "\">"),
      with("<!DOCTYPE alert [<!ENTITY % p SYSTEM \"" + trap.url + "\"> %p;]>"),
      with("<!DOCTYPE alert [<!ENTITY % p SYSTEM \"" + file + "\"> %p;]>"),
      with("<!DOCTYPE alert [<!ENTITY % f SYSTEM \"" + file + "\"><!ENTITY % e \"<!ENTITY &#37; s SYSTEM '" + trap.url + "?%f;'>\"> %e; %s;]>"),
      inside("<!DOCTYPE alert [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY x \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>"),
      with("<!DOCTYPE alert>"),
  };
  CapJudgeOptions options;
  options.check.schema_path = schema_path();
  const CapJudge strict(options);
  options.lenient = true;
  const CapJudge lenient(options);
  for (const std::string& text : doctypes) {
    for (const CapJudge* judge : {&strict, &lenient}) {
      const CapVerdict v = judge->judge(text);
      BOOST_TEST(!v.valid);
      BOOST_REQUIRE(v.findings.size() == 1U);
      BOOST_TEST(v.findings[0].rule == "doctype");
    }
    BOOST_TEST((verify_signature(text, {}).state == SignatureState::invalid));
  }
  // Without a DOCTYPE nothing can ask for a file or an address either, though some of these are well-formed.
  const std::string xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ";
  for (const std::string& text : {
           replaced(xml, "<note>", "<note>&x;"),
           with("<?xml-stylesheet type=\"text/xsl\" href=\"" + trap.url + "\"?>"),
           replaced(xml, root, root + xsi + "xsi:schemaLocation=\"urn:a " + trap.url + " urn:b " + file + "\" "),
           replaced(xml, root, root + xsi + "xsi:noNamespaceSchemaLocation=\"" + trap.file + "\" "),
           replaced(xml, "<info>", "<info " + xsi + "xsi:schemaLocation=\"urn:a " + trap.file + "\">"),
           replaced(xml, "<scope>", "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"" + file + "\"/><scope>"),
           replaced(xml, "</alert>",
                    "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo><CanonicalizationMethod "
                    "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><SignatureMethod "
                    "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/><Reference URI=\"" +
                        trap.url +
                        "\"><Transforms><Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/></Transforms><DigestMethod "
                        "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>AAAA</DigestValue></Reference></SignedInfo><SignatureValue>AAAA</"
                        "SignatureValue><KeyInfo><RetrievalMethod URI=\"" +
                        file + "\"/></KeyInfo></Signature></alert>"),
       }) {
    strict.judge(text);
    lenient.judge(text);
  }
  BOOST_TEST(!trap.file_opened());
  BOOST_TEST(!trap.called());
}

BOOST_AUTO_TEST_CASE(what_is_no_xml_is_refused_by_name) {
  const std::string xml = message();
  const auto rule = [](const std::string& bytes) { return read_xml(bytes).rule; };
  BOOST_TEST(rule(xml) == "");
  BOOST_TEST(rule("") == "xml");
  BOOST_TEST(rule("hello") == "xml");
  BOOST_TEST(rule(xml.substr(0, xml.size() / 2)) == "xml");
  BOOST_TEST(rule(xml + xml) == "xml");
  BOOST_TEST(rule(std::string("\0\0\0", 3)) == "xml");
  BOOST_TEST(rule(xml + std::string(kLargestXml, ' ')) == "size");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  BOOST_TEST(rule(deep) == "xml");
  std::string bad = xml;
  bad[bad.find("<note>") + 6] = '\xFF';
  BOOST_TEST(rule(bad) == "xml");
}

BOOST_AUTO_TEST_CASE(other_encodings_and_line_ends_are_the_same_message) {
  const CapReading plain = read_cap(message());
  std::string bom = "\xEF\xBB\xBF" + message(), lines;
  for (const char c : message()) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  std::u16string wide = u"\uFEFF<?xml version=\"1.0\" encoding=\"UTF-16\"?>";
  const std::string body = message().substr(message().find("<alert"));
  for (std::size_t i = 0; i < body.size();) {  // only letters of one to three bytes stand in it
    const auto u = static_cast<unsigned char>(body[i]);
    const auto next = [&](std::size_t k) { return static_cast<unsigned>(static_cast<unsigned char>(body[i + k]) & 63U); };
    const unsigned letter = u < 0x80 ? u : u < 0xE0 ? ((u & 31U) << 6U) | next(1) : ((u & 15U) << 12U) | (next(1) << 6U) | next(2);
    i += u < 0x80 ? 1 : u < 0xE0 ? 2 : 3;
    wide += static_cast<char16_t>(letter);
  }
  for (const std::string& text : {bom, lines, std::string(reinterpret_cast<const char*>(wide.data()), wide.size() * 2)}) {
    const CapReading r = read_cap(text);
    BOOST_REQUIRE(r.unreadable.empty());
    BOOST_TEST(r.deviations.empty());
    BOOST_TEST(r.message.infos.at(0).headline == plain.message.infos.at(0).headline);
    BOOST_TEST(r.message.identifier == plain.message.identifier);
  }
}

BOOST_AUTO_TEST_SUITE_END()
