#include <boost/test/unit_test.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/core/atomic_file.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;

namespace {
// A real mosquitto.
struct Broker {
  explicit Broker(const std::string& name, const std::string& more = "allow_anonymous true\n") : folder(temporary_folder(name)), port(free_port()) {
    write_file_atomically(folder + "/m.conf", "listener " + std::to_string(port) + " 127.0.0.1\n" + more);
    start();
  }
  void start() {
    process = std::make_unique<Beside>(std::vector<std::string>{"mosquitto", "-c", folder + "/m.conf"}, folder + "/log");
    BOOST_REQUIRE(wait_for_port(port));
  }
  std::string keys(const std::string& more = "", int seconds = 3) const {
    return "host = \"127.0.0.1\"\nport = " + std::to_string(port) + "\ntimeout = \"" + std::to_string(seconds) + " s\"\n" + more;
  }
  std::string folder;
  int port;
  std::unique_ptr<Beside> process;
};
std::string subscriber(const Broker& b, const std::string& topic, int count, const std::string& file) {
  return "mosquitto_sub -h 127.0.0.1 -p " + std::to_string(b.port) + " -q 1 -t '" + topic + "' -C " + std::to_string(count) + " -W 8 > " + file;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(mqtt_channel)

BOOST_AUTO_TEST_CASE(messages_reach_a_subscriber_with_key_and_exact_bytes) {
  if (!installed("mosquitto") || !installed("mosquitto_sub")) return;
  const Broker b("mqtt_plain");
  Beside sub({"sh", "-c", subscriber(b, "guyu/#", 2, b.folder + "/got")});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto c = channel("mqtt", b.keys());
  BOOST_TEST(!c->confirms());
  const auto batch = deliveries({"2.49.1", "2.49.2"});
  const auto outcomes = c->deliver(batch);
  for (const Outcome& o : outcomes) BOOST_TEST((o.verdict == Verdict::accepted), o.detail);
  BOOST_REQUIRE(wait_until([&] {
    const std::string t = read_text_file(b.folder + "/got");
    return std::count(t.begin(), t.end(), '\n') == 2;
  }));
  const std::string got = read_text_file(b.folder + "/got");
  const auto first = nlohmann::json::parse(got.substr(0, got.find('\n')));
  BOOST_TEST(first["key"] == "2.49.1|0|test|");
  BOOST_TEST(first["cap"].get<std::string>() == batch[0].message->xml);
}

BOOST_AUTO_TEST_CASE(without_a_broker_nothing_is_accepted_and_with_it_all_is) {
  if (!installed("mosquitto")) return;
  Broker b("mqtt_away");
  const auto c = channel("mqtt", b.keys());
  b.process->kill(SIGKILL);
  for (const Outcome& o : c->deliver(deliveries({"1", "2"}))) BOOST_TEST((o.verdict == Verdict::retry));
  b.start();
  for (const Outcome& o : c->deliver(deliveries({"1", "2"}))) BOOST_TEST((o.verdict == Verdict::accepted), o.detail);
}

BOOST_AUTO_TEST_CASE(a_broker_killed_in_mid_batch_leaves_the_rest_to_be_tried_again) {
  if (!installed("mosquitto")) return;
  Broker b("mqtt_killed");
  const auto c = channel("mqtt", b.keys("window = 5\n"));
  BOOST_REQUIRE((c->deliver(deliveries({"0"}))[0].verdict == Verdict::accepted));
  std::vector<Delivery> many;
  const auto m = warning("9");
  for (int k = 0; k < 20000; ++k) many.push_back({"k" + std::to_string(k), "", m, false});
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    b.process->kill(SIGKILL);
  });
  const auto outcomes = c->deliver(many);
  killer.join();
  BOOST_REQUIRE(outcomes.size() == many.size());
  const auto accepted = std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.verdict == Verdict::accepted; });
  const auto retry = std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.verdict == Verdict::retry; });
  BOOST_TEST(accepted + retry == 20000);
  BOOST_TEST(retry > 0);
}

BOOST_AUTO_TEST_CASE(receipts_come_by_their_topic_and_nonsense_there_is_ignored) {
  if (!installed("mosquitto") || !installed("mosquitto_pub")) return;
  const Broker b("mqtt_receipts");
  const auto c = channel("mqtt", b.keys("receipt_topic = \"guyu/receipts\"\n"));
  BOOST_TEST(c->confirms());
  BOOST_REQUIRE((c->deliver(deliveries({"5"}))[0].verdict == Verdict::accepted));
  const std::string pub = "mosquitto_pub -h 127.0.0.1 -p " + std::to_string(b.port) + " -q 1 -t guyu/receipts -m ";
  output_of(pub + "nonsense");
  output_of(pub + "'{\"key\":\"5|0|test|\",\"from\":\"county\",\"taken\":true}'");
  std::vector<Receipt> got;
  BOOST_TEST(wait_until([&] {
    for (Receipt& r : c->receipts()) got.push_back(r);
    return !got.empty();
  }));
  BOOST_REQUIRE(got.size() == 1U);
  BOOST_TEST(got[0].key == "5|0|test|");
  BOOST_TEST(got[0].from == "county");
}

BOOST_AUTO_TEST_CASE(tls_needs_the_right_authority_and_the_password) {
  if (!installed("mosquitto") || !installed("openssl") || !installed("mosquitto_passwd")) return;
  const std::string f = temporary_folder("mqtt_tls_keys");
  make_certificates(f);
  output_of("cd " + f +
            " && printf secret > pw && printf wrong > wrong && chmod 600 pw wrong && mosquitto_passwd -b -c users guyu secret && chmod 644 users server.key && "
            "chmod 755 .");
  const std::string tls = "cafile " + f + "/ca.pem\ncertfile " + f + "/server.pem\nkeyfile " + f + "/server.key\n";
  const Broker b("mqtt_tls", "allow_anonymous false\nuser root\npassword_file " + f + "/users\n" + tls);
  const auto verdict = [&](const Broker& to, const std::string& keys) { return channel("mqtt", to.keys(keys, 1))->deliver(deliveries({"1"}))[0].verdict; };
  const auto as = [&](const std::string& ca, const std::string& password) {
    return "user = \"guyu\"\npassword_file = \"" + f + "/" + password + "\"\nca_file = \"" + f + "/" + ca + "\"\n";
  };
  BOOST_TEST((verdict(b, as("ca.pem", "pw")) == Verdict::accepted));
  BOOST_TEST((verdict(b, as("ca.pem", "wrong")) == Verdict::retry));
  BOOST_TEST((verdict(b, as("other.pem", "pw")) == Verdict::retry));
  const Broker mutual("mqtt_mutual", "allow_anonymous true\nuser root\nrequire_certificate true\n" + tls);
  const auto with = [&](const std::string& who) {
    return "ca_file = \"" + f + "/ca.pem\"\ncert_file = \"" + f + "/" + who + ".pem\"\nkey_file = \"" + f + "/" + who + ".key\"\n";
  };
  BOOST_TEST((verdict(mutual, with("client")) == Verdict::accepted));
  BOOST_TEST((verdict(mutual, with("other")) == Verdict::retry));
  BOOST_TEST((verdict(mutual, "ca_file = \"" + f + "/ca.pem\"\n") == Verdict::retry));
}

BOOST_AUTO_TEST_CASE(a_broker_that_never_answers_holds_a_batch_no_longer_than_its_timeout) {
  if (!installed("python3")) return;
  const int port = free_port();
  Beside silent(
      {"python3", "-c", "import socket,time\ns=socket.socket();s.bind(('127.0.0.1'," + std::to_string(port) + "));s.listen(9)\nwhile True: time.sleep(1)"});
  BOOST_REQUIRE(wait_for_port(port));
  const std::string keys = "host = \"127.0.0.1\"\nport = " + std::to_string(port) + "\ntimeout = \"1 s\"\n";
  for (const char* more : {"", "tls = true\n"}) {
    const auto c = channel("mqtt", keys + more);
    const auto start = std::chrono::steady_clock::now();
    for (const Outcome& o : c->deliver(deliveries({"1", "2"}))) BOOST_TEST((o.verdict == Verdict::retry));
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::milliseconds(1500)));
    const auto poll = std::chrono::steady_clock::now();
    c->receipts();
    BOOST_TEST((std::chrono::steady_clock::now() - poll < std::chrono::milliseconds(300)));
  }
}

BOOST_AUTO_TEST_CASE(an_exercise_does_not_leave) {
  if (!installed("mosquitto")) return;
  const Broker b("mqtt_exercise");
  const Delivery d{"k", "", warning("1", RunStatus::exercise), false};
  BOOST_TEST((channel("mqtt", b.keys())->deliver({&d, 1})[0].verdict == Verdict::refused));
  BOOST_TEST((channel("mqtt", b.keys("accept = [\"exercise\"]\n"))->deliver({&d, 1})[0].verdict == Verdict::accepted));
}

BOOST_AUTO_TEST_CASE(a_wis2_notification_tells_where_the_file_is_and_what_its_digest_is) {
  if (!installed("mosquitto") || !installed("mosquitto_sub") || !installed("openssl")) return;
  const Broker b("wis2");
  Beside sub({"sh", "-c", subscriber(b, "origin/#", 2, b.folder + "/got")});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto c = channel("wis2", b.keys("base_url = \"https://alerts.example.org/cap\"\n"));
  const auto batch = deliveries({"2.49.7"});
  BOOST_REQUIRE((c->deliver(batch)[0].verdict == Verdict::accepted));
  BOOST_REQUIRE((c->deliver(batch)[0].verdict == Verdict::accepted));
  BOOST_REQUIRE(wait_until([&] {
    const std::string t = read_text_file(b.folder + "/got");
    return std::count(t.begin(), t.end(), '\n') == 2;
  }));
  const std::string got = read_text_file(b.folder + "/got");
  const auto n = nlohmann::json::parse(got.substr(0, got.find('\n')));
  BOOST_TEST(nlohmann::json::parse(got.substr(got.find('\n') + 1))["id"] == n["id"]);
  write_file_atomically(b.folder + "/cap.xml", batch[0].message->xml);
  const std::string digest = output_of("openssl dgst -sha512 -binary " + b.folder + "/cap.xml | openssl base64 -A");
  BOOST_TEST(n["properties"]["integrity"]["value"] == digest);
  BOOST_TEST(n["links"][0]["href"] == "https://alerts.example.org/cap/2.49.7.xml");
  BOOST_TEST(n["links"][0]["length"] == batch[0].message->xml.size());
  BOOST_TEST(n["geometry"]["type"] == "Polygon");
  BOOST_TEST(n["geometry"]["coordinates"][0].size() == 5U);
  const std::string data = real_data(), python = python_with("jsonschema");
  if (data.empty() || python.empty()) return;
  write_file_atomically(b.folder + "/n.json", n.dump());
  output_of(python + " -c \"import json,jsonschema,sys; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))\" " + b.folder +
            "/n.json " + data + "/cap/wis2/schemas/wis2-notification-message-bundled.json");
}

BOOST_AUTO_TEST_SUITE_END()
