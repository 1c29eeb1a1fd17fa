#include <boost/test/unit_test.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;

namespace {
using nlohmann::json;
using Clock = std::chrono::steady_clock;

// A real web server of Python's standard library.
struct WebServer {
  explicit WebServer(const std::string& name, const std::string& scheme_ = "http", const std::vector<std::string>& tls = {})
      : folder(temporary_folder(name)), port(free_port()), scheme(scheme_) {
    std::vector<std::string> words{"python3", "tests/alerts/channels/web_server.py", std::to_string(port), folder};
    words.insert(words.end(), tls.begin(), tls.end());
    process = std::make_unique<Beside>(words, folder + "/log");
    BOOST_REQUIRE(wait_for_port(port));
  }
  std::string url(const std::string& path) const { return scheme + "://localhost:" + std::to_string(port) + path; }
  std::unique_ptr<Channel> hook(const std::string& path, const std::string& more = "") const {
    return channel("webhook", "urls = [\"" + url(path) + "\"]\n" + more);
  }
  std::vector<json> requests() const {
    std::vector<json> all;
    std::istringstream in(read_text_file(folder + "/requests"));
    for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
    return all;
  }
  std::string folder;
  int port;
  std::string scheme;
  std::unique_ptr<Beside> process;
};

Outcome sent(const WebServer& s, const std::string& path, const std::string& more = "") {
  return s.hook(path, more)->deliver(deliveries({"2.49.1"}, s.url(path)))[0];
}
}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_channel)

BOOST_AUTO_TEST_CASE(the_answer_decides_what_becomes_of_a_message) {
  if (!installed("python3")) return;
  const WebServer s("hook_answers");
  for (const auto& [path, verdict] : {std::pair<std::string, Verdict>{"/status/200", Verdict::accepted},
                                      {"/status/202", Verdict::accepted},
                                      {"/status/409", Verdict::accepted},
                                      {"/delivered", Verdict::delivered},
                                      {"/status/408", Verdict::retry},
                                      {"/status/425", Verdict::retry},
                                      {"/status/429", Verdict::retry},
                                      {"/status/500", Verdict::retry},
                                      {"/status/503", Verdict::retry},
                                      {"/status/400", Verdict::refused},
                                      {"/status/401", Verdict::refused},
                                      {"/status/404", Verdict::refused},
                                      {"/moved", Verdict::refused}}) {
    BOOST_TEST_CONTEXT(path)
    BOOST_TEST((sent(s, path).verdict == verdict));
  }
  BOOST_TEST((sent(s, "/status/429").retry_after == Seconds(7)));
  BOOST_TEST(!sent(s, "/status/500").retry_after);
}

BOOST_AUTO_TEST_CASE(the_body_is_the_exact_message_and_its_signature_is_that_of_openssl) {
  if (!installed("python3") || !installed("openssl")) return;
  const WebServer s("hook_signed");
  write_file_atomically(s.folder + "/secret", "county secret\n");
  output_of("chmod 600 " + s.folder + "/secret");
  const auto batch = deliveries({"2.49.1"}, s.url("/ok"));
  BOOST_REQUIRE((s.hook("/ok", "secret_file = \"" + s.folder + "/secret\"\n")->deliver(batch)[0].verdict == Verdict::accepted));
  const json r = s.requests().at(0);
  const json& h = r["headers"];
  BOOST_TEST(h["content-type"].get<std::string>().rfind("application/cap+xml", 0) == 0U);
  BOOST_TEST(h["x-guyu-key"] == batch[0].key);
  write_file_atomically(s.folder + "/body.b64", r["body"].get<std::string>());
  output_of("openssl base64 -d -A -in " + s.folder + "/body.b64 -out " + s.folder + "/body");
  BOOST_TEST(read_text_file(s.folder + "/body") == batch[0].message->xml);
  write_file_atomically(s.folder + "/signed", h["x-guyu-timestamp"].get<std::string>() + "." + batch[0].key + "." + batch[0].message->xml);
  const std::string mac = output_of("openssl dgst -sha256 -hmac 'county secret' -r " + s.folder + "/signed").substr(0, 64);
  BOOST_TEST(h["x-guyu-signature"] == "sha256=" + mac);
}

BOOST_AUTO_TEST_CASE(a_secret_that_others_may_read_is_not_used) {
  const std::string f = temporary_folder("hook_secret");
  write_file_atomically(f + "/secret", "open");
  output_of("chmod 644 " + f + "/secret");
  BOOST_CHECK_THROW(channel("webhook", "urls = [\"http://localhost/\"]\nsecret_file = \"" + f + "/secret\"\n"), Error);
}

BOOST_AUTO_TEST_CASE(addresses_with_passwords_or_other_schemes_are_refused_at_the_start) {
  for (const char* url : {"http://me:secret@host/", "ftp://host/", "file:///etc/passwd", "nonsense"}) {
    BOOST_TEST_CONTEXT(url)
    BOOST_CHECK_THROW(channel("webhook", "urls = [\"" + std::string(url) + "\"]\n"), Error);
  }
}

BOOST_AUTO_TEST_CASE(an_event_keeps_its_order_and_waits_for_its_earlier_message) {
  if (!installed("python3")) return;
  const WebServer s("hook_order");
  // All messages of warning() are of one event.
  const auto fine = deliveries({"1", "2", "3", "4"}, s.url("/slow"));
  for (const Outcome& o : s.hook("/slow")->deliver(fine)) BOOST_TEST((o.verdict == Verdict::accepted), o.detail);
  std::vector<std::string> keys;
  for (const json& r : s.requests()) keys.push_back(r["headers"]["x-guyu-key"]);
  BOOST_TEST(keys == (std::vector<std::string>{fine[0].key, fine[1].key, fine[2].key, fine[3].key}), boost::test_tools::per_element());
  const auto outcomes = s.hook("/first-fails")->deliver(deliveries({"1", "2"}, s.url("/first-fails")));
  BOOST_TEST((outcomes[0].verdict == Verdict::retry));
  BOOST_TEST((outcomes[1].verdict == Verdict::retry));
  BOOST_TEST(s.requests().size() == 5U);  // the second was not even tried
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_holds_a_batch_no_longer_than_its_timeout_and_not_the_others) {
  if (!installed("python3")) return;
  const WebServer s("hook_stuck");
  auto batch = deliveries({"1"}, s.url("/stuck"));
  batch.push_back(deliveries({"2"}, s.url("/delivered"))[0]);
  const auto c = channel("webhook", "urls = [\"" + s.url("/stuck") + "\", \"" + s.url("/delivered") + "\"]\ntimeout = \"1 s\"\n");
  const auto start = Clock::now();
  const auto outcomes = c->deliver(batch);
  BOOST_TEST((Clock::now() - start < std::chrono::milliseconds(2500)));
  BOOST_TEST((outcomes[0].verdict == Verdict::retry));
  BOOST_TEST((outcomes[1].verdict == Verdict::delivered));
}

BOOST_AUTO_TEST_CASE(hundreds_a_second_flow_over_kept_connections) {
  if (!installed("python3")) return;
  const WebServer s("hook_many");
  const auto xml = warning("1");
  std::vector<Delivery> batch;
  for (int k = 0; k < 500; ++k) {
    auto m = std::make_shared<OutgoingMessage>(*xml);
    m->event = "event-" + std::to_string(k);
    batch.push_back({"k" + std::to_string(k), s.url("/ok"), m, false});
  }
  const auto c = s.hook("/ok");
  const auto start = Clock::now();
  for (const Outcome& o : c->deliver(batch)) BOOST_REQUIRE_MESSAGE(o.verdict == Verdict::accepted, o.detail);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  BOOST_TEST_MESSAGE("webhook: " << 500 / seconds << " messages a second");
  BOOST_TEST(seconds < 5.0);
  std::set<int> connections;
  for (const json& r : s.requests()) connections.insert(r["from"].get<int>());
  BOOST_TEST(connections.size() <= 16U);
}

BOOST_AUTO_TEST_CASE(tls_needs_the_right_authority_and_a_client_certificate_where_asked) {
  if (!installed("python3") || !installed("openssl")) return;
  const std::string f = temporary_folder("hook_keys");
  make_certificates(f);
  const WebServer s("hook_tls", "https", {f + "/server.pem", f + "/server.key"});
  BOOST_TEST((sent(s, "/delivered", "ca_file = \"" + f + "/ca.pem\"\n").verdict == Verdict::delivered));
  BOOST_TEST((sent(s, "/delivered", "ca_file = \"" + f + "/other.pem\"\n").verdict == Verdict::retry));
  BOOST_TEST((sent(s, "/delivered").verdict == Verdict::retry));  // the system does not know this authority
  const WebServer mutual("hook_mutual", "https", {f + "/server.pem", f + "/server.key", f + "/ca.pem"});
  const std::string ca = "ca_file = \"" + f + "/ca.pem\"\n";
  const auto with = [&](const std::string& who) { return ca + "cert_file = \"" + f + "/" + who + ".pem\"\nkey_file = \"" + f + "/" + who + ".key\"\n"; };
  BOOST_TEST((sent(mutual, "/delivered", with("client")).verdict == Verdict::delivered));
  BOOST_TEST((sent(mutual, "/delivered", ca).verdict == Verdict::retry));
  BOOST_TEST((sent(mutual, "/delivered", with("other")).verdict == Verdict::retry));
  BOOST_TEST(mutual.requests().size() == 1U);
  BOOST_CHECK_THROW(sent(mutual, "/ok", ca + "cert_file = \"" + f + "/client.pem\"\n"), Error);
}

BOOST_AUTO_TEST_CASE(an_exercise_does_not_leave) {
  const Delivery d{"k", "http://localhost:9/", warning("1", RunStatus::exercise), false};
  BOOST_TEST((channel("webhook", "urls = [\"http://localhost:9/\"]\n")->deliver({&d, 1})[0].verdict == Verdict::refused));
}

BOOST_AUTO_TEST_SUITE_END()
