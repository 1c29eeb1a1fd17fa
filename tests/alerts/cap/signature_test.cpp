#include "alerts/cap/signature.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "alerts/cap/canonical_base64.h"
#include "engine/core/error.h"
#include "tests/alerts/cap/keys.h"
#include "tests/alerts/cap/messages.h"
#include "tests/alerts/lifecycle/timeline.h"

using namespace guyu;
using namespace guyu::test;
BOOST_AUTO_TEST_SUITE(signature)
namespace {

const Keys& keys() {
  static const Keys k;
  return k;
}
TimePoint now() { return std::chrono::time_point_cast<Seconds>(std::chrono::system_clock::now()); }
SignatureOptions pinned(const std::string& ca = "ca.pem") { return {keys().text(ca), now(), false}; }
MessageSigner signer() { return MessageSigner::from_files(keys().file("signer.key"), keys().file("signer.pem")); }

std::string message() {
  Timeline t(3);
  t.at(0, "y..");
  return CapWriter(cap_settings(), t.regions).write(t.at(10, "o..").at(0));
}

// The command line's judgement, which knows nothing of our code.
bool xmlsec1_accepts(const std::string& xml) {
  const std::string file = keys().file("message.xml");
  write_file_atomically(file, xml);
  return Keys::run("xmlsec1 --verify --trusted-pem " + keys().file("ca.pem") + " --enabled-reference-uris empty " + file) == 0;
}
}  // namespace

BOOST_AUTO_TEST_CASE(a_signed_message_verifies_here_and_with_the_xmlsec1_command) {
  const MessageSigner s = signer();
  const std::string xml = message(), signed_xml = s.sign(xml);
  const SignatureVerdict v = verify_signature(signed_xml, pinned());
  BOOST_TEST(v.ok(), v.reason);
  BOOST_TEST(v.signer == "CN=Signer,O=Test");
  BOOST_TEST(s.subject() == v.signer);
  BOOST_TEST((s.valid_until() > now() + std::chrono::hours(24 * 364)));
  BOOST_TEST(verify_signature(signed_xml, {}).ok());  // integrity alone
  BOOST_TEST(xmlsec1_accepts(signed_xml));
  BOOST_TEST((verify_signature(xml, pinned()).state == SignatureState::none));
  // It is still the same message, valid under the schema.
  BOOST_TEST(rules(CapChecker({schema_path()}).check(signed_xml)) == "");
  BOOST_TEST(read_cap(signed_xml).message.identifier == read_cap(xml).message.identifier);
  BOOST_CHECK_THROW(s.sign(signed_xml), Error);
}

BOOST_AUTO_TEST_CASE(a_document_that_was_read_and_checked_is_signed_as_its_bytes_are) {
  const MessageSigner s = signer();
  const std::string xml = message(), of_bytes = s.sign(xml);
  XmlInput read = read_xml(xml);
  BOOST_TEST(rules(CapChecker({schema_path()}).check(read, xml.size())) == "");
  const std::string of_document = s.sign(std::move(read.document));
  const SignatureVerdict v = verify_signature(of_document, pinned());
  BOOST_TEST(v.ok(), v.reason);
  // No two signatures are alike; what they stand in is.
  const auto before = [](const std::string& text) { return text.substr(0, text.find("<SignatureValue>")); };
  BOOST_TEST(before(of_document) == before(of_bytes));
  BOOST_TEST(of_document.size() == of_bytes.size());
}

BOOST_AUTO_TEST_CASE(what_the_xmlsec1_command_signs_verifies_here) {
  std::string xml = message();
  const std::string space = "http://www.w3.org/2000/09/xmldsig#";
  xml.replace(xml.find("</alert>"), 8,
              "<Signature xmlns=\"" + space +
                  "\"><SignedInfo><CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/><SignatureMethod "
                  "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"/><Reference URI=\"\"><Transforms><Transform Algorithm=\"" +
                  space +
                  "enveloped-signature\"/><Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></Transforms><DigestMethod "
                  "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue/></Reference></SignedInfo><SignatureValue/><KeyInfo><X509Data/></"
                  "KeyInfo></Signature></alert>");
  write_file_atomically(keys().file("template.xml"), xml);
  BOOST_REQUIRE(Keys::run("xmlsec1 --sign --privkey-pem " + keys().file("signer.key") + "," + keys().file("signer.pem") + " --output " +
                          keys().file("signed.xml") + " " + keys().file("template.xml")) == 0);
  const SignatureVerdict v = verify_signature(keys().text("signed.xml"), pinned());
  BOOST_TEST(v.ok(), v.reason);
}

BOOST_AUTO_TEST_CASE(a_change_of_any_kind_of_byte_is_found) {
  const std::string xml = signer().sign(message());
  const auto changed = [&](const std::string& after, char to) {
    std::string other = xml;
    const std::size_t at = other.find(after) + after.size();
    BOOST_REQUIRE(at < other.size());
    other[at] = other[at] == to ? static_cast<char>(to + 1) : to;
    return other;
  };
  const std::vector<std::pair<std::string, std::string>> tampered{
      {"a letter of a text", changed("<headline>", 'X')},
      {"a digit of a time", changed("<expires>201", '8')},
      {"a digit of a polygon", changed("<polygon>3", '9')},
      {"a digit of a geocode", changed("<value>r0", '9')},
      {"an enumeration", replaced(xml, "<severity>Severe</severity>", "<severity>Minor</severity>")},
      {"white space between elements", replaced(xml, "<info>", " <info>")},
      {"an attribute", replaced(xml, "<info>", "<info x=\"1\">")},
      {"an element more", replaced(xml, "</info>", "<contact>me</contact></info>")},
      {"an element less", replaced(xml, "<urgency>Immediate</urgency>", "")},
      {"a processing instruction", replaced(xml, "<info>", "<?x y?><info>")},
      {"one before the root", replaced(xml, "<alert ", "<?x y?><alert ")},
      {"the namespace", replaced(xml, "cap:1.2", "cap:1.1")},
      {"the digest", changed("<DigestValue>", 'A')},
      {"the signature value", changed("<SignatureValue>", 'A')},
      {"the algorithm", replaced(xml, "ecdsa-sha256", "ecdsa-sha512")},
  };
  for (const auto& [what, text] : tampered) {
    BOOST_TEST((verify_signature(text, pinned()).state == SignatureState::invalid), what);
    BOOST_TEST((verify_signature(text, {{}, {}, true}).state == SignatureState::invalid), what + ", without CA"
                                                                                              << " " << verify_signature(text, {{}, {}, true}).reason);
    BOOST_TEST(!xmlsec1_accepts(text), what + ", by the command");
  }
  // A comment is no part of what is signed, in CAP as little as here.
  BOOST_TEST(verify_signature(replaced(xml, "<info>", "<!-- x --><info>"), pinned()).ok());
}

BOOST_AUTO_TEST_CASE(every_single_byte_of_the_signed_part_matters) {
  const std::string xml = signer().sign(message());
  const std::size_t begin = xml.find("<alert"), end = xml.find("<KeyInfo>");
  int accepted = 0, tried = 0;
  for (std::size_t at = begin; at < end; at += 7) {
    std::string other = xml;
    other[at] = static_cast<char>(other[at] ^ 1);
    ++tried;
    if (verify_signature(other, pinned()).ok()) {
      ++accepted;
      BOOST_TEST_MESSAGE("accepted with a change at '" << xml.substr(at > 20 ? at - 20 : 0, 40) << "'");
    }
  }
  BOOST_TEST(tried > 500);
  BOOST_TEST(accepted == 0);
}

BOOST_AUTO_TEST_CASE(only_the_pinned_authority_counts_and_only_in_its_time) {
  const MessageSigner stranger = MessageSigner::from_files(keys().file("stranger.key"), keys().file("stranger.pem"));
  const std::string foreign = stranger.sign(message());
  const SignatureVerdict v = verify_signature(foreign, pinned());
  BOOST_TEST((v.state == SignatureState::invalid));
  BOOST_TEST(v.reason.find("not trusted") != std::string::npos, v.reason);
  BOOST_TEST(verify_signature(foreign, {}).ok());  // whole, but by whom is not proven
  BOOST_TEST(verify_signature(foreign, pinned("stranger.pem")).ok());
  const std::string xml = signer().sign(message());
  SignatureOptions late = pinned();
  late.at = now() + std::chrono::hours(24 * 400);
  BOOST_TEST(verify_signature(xml, late).reason.find("expired") != std::string::npos, verify_signature(xml, late).reason);
  late.at = now() - std::chrono::hours(24);
  BOOST_TEST(!verify_signature(xml, late).ok());
  // A certificate of the right authority in place of the signer's own.
  std::string other = xml;
  const std::string pem = keys().text("ca.pem");
  const std::size_t a = other.find("<X509Certificate>") + 17, b = other.find("</X509Certificate>");
  other.replace(a, b - a, pem.substr(pem.find('\n') + 1, pem.find("-----END") - pem.find('\n') - 1));
  BOOST_TEST(!verify_signature(other, pinned()).ok());
}

BOOST_AUTO_TEST_CASE(signatures_of_another_form_are_refused) {
  const std::string xml = signer().sign(message());
  const std::size_t a = xml.find("<Signature "), b = xml.find("</Signature>") + 12;
  const std::string whole = xml.substr(a, b - a);
  std::string bare = xml;
  bare.erase(a, b - a);
  const std::vector<std::pair<std::string, std::string>> forms{
      {"two signatures", replaced(xml, whole, whole + whole)},
      {"inside an info", replaced(bare, "</info>", whole + "</info>")},
      {"not last", replaced(bare, "<info>", whole + "<info>")},
      {"a reference to a part", replaced(xml, "URI=\"\"", "URI=\"#part\"")},
      {"a reference to a file", replaced(xml, "URI=\"\"", "URI=\"file:///etc/passwd\"")},
      {"no reference address", replaced(xml, " URI=\"\"", "")},
      {"an XPath transform", replaced(xml, "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
                                      "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><XPath>false()</XPath></Transform>")},
      {"an XSLT transform", replaced(xml, "<Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
                                     "<Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>")},
      {"HMAC", replaced(xml, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")},
      {"SHA-1", replaced(xml, "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1")},
      {"an object", replaced(xml, "</KeyInfo>", "</KeyInfo><Object/>")},
      {"no certificate", replaced(replaced(xml, "<X509Certificate>", "<X509Thing>"), "</X509Certificate>", "</X509Thing>")},
      {"DOCTYPE", replaced(xml, "<alert ", "<!DOCTYPE alert><alert ")},
  };
  for (const auto& [what, text] : forms) BOOST_TEST((verify_signature(text, pinned()).state == SignatureState::invalid), what);
}

BOOST_AUTO_TEST_CASE(base64_has_one_spelling) {
  for (const char* good : {"", "QQ==", "QUI=", "QUJD", "QU\nJD", "////"}) BOOST_TEST(decode_canonical_base64(good).has_value(), good);
  for (const char* bad : {"Q", "QQ", "QQ=", "QQ===", "QR==", "QUJ=", "QUK=", "QU-D", "Q=Q=", "QUJD=", "Q\xC3\xA9=="})
    BOOST_TEST(!decode_canonical_base64(bad).has_value(), bad);
  std::string bytes;
  for (int i = 0; i < 200; ++i) {
    BOOST_TEST(*decode_canonical_base64(encode_base64(bytes, 64)) == bytes);
    bytes += static_cast<char>(i * 7);
  }
  // The spare bits of the last letter carry nothing: the bytes are the same, the text is not, and that is refused.
  std::string xml = signer().sign(message());
  const std::size_t end = xml.find("</DigestValue>") - 2;  // the letter before "="
  xml[end] = static_cast<char>(xml[end] + 1);
  BOOST_TEST(verify_signature(xml, pinned()).reason.find("canonical base64") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(unfit_keys_are_named) {
  const Keys other("P-384");
  BOOST_CHECK_THROW(MessageSigner::from_files(other.file("signer.key"), other.file("signer.pem")), Error);
  BOOST_CHECK_THROW(MessageSigner::from_files(keys().file("signer.key"), keys().file("stranger.pem")), Error);
  BOOST_CHECK_THROW(MessageSigner("", keys().text("signer.pem")), Error);
  BOOST_CHECK_THROW(MessageSigner(keys().text("signer.key"), "x"), Error);
  Keys::run("chmod 644 " + other.file("ca.key"));
  BOOST_CHECK_EXCEPTION(MessageSigner::from_files(other.file("ca.key"), other.file("ca.pem")), Error,
                        [](const Error& e) { return e.remedy().find("chmod 600") == 0; });
  BOOST_CHECK_THROW(verify_signature(signer().sign(message()), {std::string("no PEM"), now(), false}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
