#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <mutex>

#include "alerts/channels/body_signature.h"
#include "alerts/channels/receipt_folder.h"
#include "alerts/channels/receipt_json.h"
#include "alerts/channels/receipt_server.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace fs = std::filesystem;

namespace {
const TimePoint kNow = parse_time("2024-06-18T07:30:00Z");
}

BOOST_AUTO_TEST_SUITE(receipts)

BOOST_AUTO_TEST_CASE(a_receipt_comes_back_as_it_was) {
  const Receipt r{"2.49.1|0|county|", kNow, "乡镇", false, "full \"box\"\n"};
  const Receipt back = read_receipt(to_json(r), TimePoint{});
  BOOST_TEST(back.key == r.key);
  BOOST_TEST((back.at == kNow));
  BOOST_TEST(back.from == r.from);
  BOOST_TEST(!back.taken);
  BOOST_TEST(back.detail == "full \"box\" ");  // one line
}

BOOST_AUTO_TEST_CASE(little_is_asked_of_a_receipt_and_nonsense_is_named) {
  const Receipt least = read_receipt("{\"key\":\"k\"}", kNow);
  BOOST_TEST(least.taken);
  BOOST_TEST((least.at == kNow));
  for (const char* text :
       {"", "[]", "{}", "{\"key\":\"\"}", "{\"key\":7}", "{\"key\":\"k\",\"taken\":\"yes\"}", "{\"key\":\"k\",\"at\":\"noon\"}", "{\"key\":\"\xff\"}"}) {
    BOOST_TEST_CONTEXT(text)
    BOOST_CHECK_THROW(read_receipt(text, kNow), Error);
  }
  const std::string nested(100000, '[');
  BOOST_CHECK_THROW(read_receipt(nested, kNow), Error);
  BOOST_TEST(read_receipt("{\"key\":\"k\",\"detail\":\"" + std::string(9000, 'x') + "\"}", kNow).detail.size() == 500U);
}

BOOST_AUTO_TEST_CASE(receipts_as_files_stay_until_they_are_stored) {
  const std::string f = temporary_folder("receipt_files");
  ReceiptFolder folder(f + "/in");
  for (const char* k : {"a", "b"}) write_file_atomically(f + "/in/" + k + ".json", std::string("{\"key\":\"") + k + "\"}");
  write_file_atomically(f + "/in/nonsense.json", "{");
  write_file_atomically(f + "/in/unfinished.tmp", "{\"key\":\"c\"}");
  BOOST_TEST(folder.read(kNow).size() == 2U);
  BOOST_TEST(folder.problems().size() == 1U);
  BOOST_TEST(fs::exists(f + "/in/bad/nonsense.json"));
  ReceiptFolder another(f + "/in");  // the first was killed before it had stored them
  BOOST_TEST(another.read(kNow).size() == 2U);
  another.remove_read();
  BOOST_TEST(another.read(kNow).empty());
  BOOST_TEST(fs::exists(f + "/in/unfinished.tmp"));
}

BOOST_AUTO_TEST_CASE(the_signature_is_that_of_openssl_and_binds_time_key_and_body) {
  const std::string right = sign_body("secret", "1718695800", "k", "body");
  if (installed("openssl")) BOOST_TEST("sha256=" + output_of("printf '1718695800.k.body' | openssl dgst -sha256 -hmac secret -r").substr(0, 64) == right);
  const TimePoint now{Seconds{1718695800}};
  BOOST_TEST(!signature_fault("secret", "1718695800", "k", "body", right, now));
  BOOST_TEST(signature_fault("other", "1718695800", "k", "body", right, now).has_value());
  BOOST_TEST(signature_fault("secret", "1718695801", "k", "body", right, now).has_value());
  BOOST_TEST(signature_fault("secret", "1718695800", "j", "body", right, now).has_value());
  BOOST_TEST(signature_fault("secret", "1718695800", "k", "bodi", right, now).has_value());
  BOOST_TEST(signature_fault("secret", "1718695800", "k", "body", "", now).has_value());
  BOOST_TEST(signature_fault("secret", "", "k", "body", right, now).has_value());
  BOOST_TEST(signature_fault("secret", "1718695800", "k", "body", right, now + Seconds(301)).has_value());  // an old request again
  const std::string huge = "9223372036854775807";
  BOOST_TEST(signature_fault("secret", huge, "k", "body", sign_body("secret", huge, "k", "body"), now).has_value());
}

BOOST_AUTO_TEST_CASE(receipts_by_http_need_the_right_signature) {
  if (!installed("curl")) return;
  std::mutex mutex;
  std::vector<Receipt> got;
  const auto now = [] { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); };
  const ReceiptServer server("127.0.0.1:0", "secret", now, [&](std::vector<Receipt> r) {
    const std::lock_guard lock(mutex);
    got.insert(got.end(), r.begin(), r.end());
  });
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  const auto post = [&](const std::string& body, const std::string& secret, const std::string& path = "/receipts") {
    const std::string at = unix_seconds(now());
    return output_of("curl -s -o /dev/null -w '%{http_code}' --noproxy '*' -H 'X-Guyu-Timestamp: " + at +
                     "' -H 'X-Guyu-Signature: " + sign_body(secret, at, "", body) + "' --data-binary '" + body + "' " + url + path);
  };
  BOOST_TEST(post("{\"key\":\"k1\",\"from\":\"county\"}", "secret") == "202");
  BOOST_TEST(post("{\"key\":\"k2\"}", "wrong") == "401");
  BOOST_TEST(post("{\"no\":\"key\"}", "secret") == "400");
  BOOST_TEST(post("{\"key\":\"k3\"}", "secret", "/else") == "404");
  const std::lock_guard lock(mutex);
  BOOST_REQUIRE(got.size() == 1U);
  BOOST_TEST(got[0].key == "k1");
}

BOOST_AUTO_TEST_SUITE_END()
