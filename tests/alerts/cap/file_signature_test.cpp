#include "alerts/cap/file_signature.h"

#include <boost/test/unit_test.hpp>

#include "engine/core/error.h"
#include "tests/alerts/cap/keys.h"

using namespace guyu;
using guyu::test::Keys;
namespace {
const Keys& keys_of_files() {
  static const Keys keys;
  return keys;
}
const std::string kPack = "name = \"x\"\nthreshold = \"50 mm\"\n";
std::string signed_by(const char* who) {
  return sign_bytes(kPack, keys_of_files().text(std::string(who) + ".key"), keys_of_files().text(std::string(who) + ".pem"));
}
std::string refusal_of(const std::string& bytes, const std::string& signature, const std::string& trusted = keys_of_files().text("ca.pem")) {
  try {
    verify_bytes(bytes, signature, trusted, "pack.toml");
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}
bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }
}  // namespace
BOOST_AUTO_TEST_SUITE(file_signature)

BOOST_AUTO_TEST_CASE(what_was_signed_is_verified_and_any_changed_byte_refused) {
  const std::string signature = signed_by("signer");
  const SignedBytes good = verify_bytes(kPack, signature, keys_of_files().text("ca.pem"), "pack.toml");
  BOOST_TEST(says(good.signer, "CN=Signer"), good.signer);
  for (std::size_t k = 0; k < kPack.size(); ++k) {
    std::string changed = kPack;
    changed[k] = static_cast<char>(changed[k] ^ 1);
    BOOST_TEST(says(refusal_of(changed, signature), "pack.toml: was changed after it was signed"), k);
  }
  BOOST_TEST(says(refusal_of(kPack + "\n", signature), "changed"));
  BOOST_TEST(says(refusal_of("", signature), "changed"));
}

BOOST_AUTO_TEST_CASE(only_a_trusted_signer_counts) {
  BOOST_TEST(says(refusal_of(kPack, signed_by("stranger")), "signed by CN=Stranger,O=Test, who is not trusted"), refusal_of(kPack, signed_by("stranger")));
  BOOST_TEST(refusal_of(kPack, signed_by("signer"), keys_of_files().text("signer.pem")).empty());  // the certificate itself
  BOOST_TEST(refusal_of(kPack, signed_by("stranger"), keys_of_files().text("ca.pem") + keys_of_files().text("stranger.pem")).empty());
  BOOST_TEST(says(refusal_of(kPack, signed_by("signer"), "nothing"), "no certificate"));
  BOOST_CHECK_THROW(sign_bytes(kPack, keys_of_files().text("signer.key"), keys_of_files().text("stranger.pem")), Error);
}

BOOST_AUTO_TEST_CASE(a_signature_file_of_anything_else_is_refused) {
  const std::string signature = signed_by("signer");
  BOOST_TEST(says(refusal_of(kPack, ""), "no detached signature"));
  BOOST_TEST(says(refusal_of(kPack, keys_of_files().text("signer.pem")), "no detached signature"));
  BOOST_TEST(says(refusal_of(kPack, signature.substr(0, signature.size() / 2)), "no detached signature"));
  // No character of it can be exchanged so that other bytes pass.
  for (std::size_t k = 40; k + 40 < signature.size(); k += 37) {
    std::string changed = signature;
    changed[k] = changed[k] == 'A' ? 'B' : 'A';
    BOOST_TEST(!refusal_of(kPack + "x", changed).empty(), k);
  }
}

BOOST_AUTO_TEST_CASE(the_openssl_command_says_the_same) {
  const std::string folder = keys_of_files().folder;
  write_file_atomically(folder + "/p.toml", kPack);
  write_file_atomically(folder + "/p.toml.sig", signed_by("signer"));
  write_file_atomically(folder + "/q.toml", kPack + "#");
  const std::string verify = "cd " + folder + " && openssl cms -verify -binary -inform PEM -in p.toml.sig -CAfile ca.pem -purpose any -out /dev/null -content ";
  BOOST_TEST(Keys::run(verify + "p.toml") == 0);
  BOOST_TEST(Keys::run(verify + "q.toml") != 0);
  // And the other way round.
  BOOST_REQUIRE(Keys::run("cd " + folder + " && openssl cms -sign -binary -in p.toml -signer signer.pem -inkey signer.key -outform PEM -out o.sig") == 0);
  BOOST_TEST(refusal_of(kPack, keys_of_files().text("o.sig")).empty());
}

BOOST_AUTO_TEST_CASE(weak_signatures_prove_nothing) {
  const std::string folder = keys_of_files().folder;
  write_file_atomically(folder + "/p.toml", kPack);
  BOOST_REQUIRE(
      Keys::run("cd " + folder + " && openssl cms -sign -binary -md sha1 -in p.toml -signer signer.pem -inkey signer.key -outform PEM -out weak.sig") == 0);
  BOOST_TEST(!refusal_of(kPack, keys_of_files().text("weak.sig")).empty());
}

BOOST_AUTO_TEST_SUITE_END()
