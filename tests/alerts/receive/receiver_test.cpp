#include "alerts/receive/receiver.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "alerts/channels/body_signature.h"
#include "alerts/channels/http_poster.h"
#include "alerts/channels/receipt_server.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;
namespace fs = std::filesystem;

namespace {
// The receiver with its thread.
struct Running {
  explicit Running(ReceiverSettings s)
      : receiver(std::move(s),
                 [this](const std::string& line) {
                   const std::lock_guard lock(mutex);
                   log += line + "\n";
                 }),
        thread([this] { receiver.run(stop); }) {}
  ~Running() { end(); }
  void end() {
    stop = true;
    if (thread.joinable()) thread.join();
  }
  std::string said() {
    const std::lock_guard lock(mutex);
    return log;
  }
  std::mutex mutex;
  std::string log;
  std::atomic<bool> stop{false};
  Receiver receiver;
  std::thread thread;
};

ReceiverSettings by_http(const std::string& folder, const std::string& secret = "") {
  ReceiverSettings s;
  s.folder = folder, s.listen = "127.0.0.1:0", s.secret = secret;
  return s;
}
std::string url(const Running& r) { return "http://127.0.0.1:" + std::to_string(r.receiver.port()) + "/"; }
std::unique_ptr<Channel> hook(const Running& r, const std::string& more = "") { return channel("webhook", "urls = [\"" + url(r) + "\"]\n" + more); }
std::size_t files(const std::string& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder + "/messages"), fs::directory_iterator()));
}

std::string with_identifier(const std::string& identifier) {
  std::string xml = warning("PLACE")->xml;
  return xml.replace(xml.find("PLACE"), 5, identifier);
}
long posted(const Running& r, const std::string& xml, const std::string& key) {
  HttpPoster poster({});
  const HttpRequest request{url(r), {"X-Guyu-Key: " + key}, xml};
  return poster.post({&request, 1}, std::chrono::steady_clock::now() + std::chrono::seconds(5))[0].status;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(receiver)

BOOST_AUTO_TEST_CASE(a_webhook_is_delivered_once_and_a_repeat_is_counted_also_after_a_restart) {
  const std::string f = temporary_folder("receiver_http");
  const auto batch = [](const Running& r) { return deliveries({"2.49.1", "2.49.2"}, url(r)); };
  {
    Running r(by_http(f));
    for (int again = 0; again < 2; ++again)
      for (const Outcome& o : hook(r)->deliver(batch(r))) BOOST_TEST((o.verdict == Verdict::delivered), o.detail);
    BOOST_TEST(wait_until([&] { return files(f) == 2U; }));
    BOOST_TEST(read_text_file(f + "/messages/2.49.1.xml") == warning("2.49.1")->xml);
    r.end();
    BOOST_TEST(r.said().find("kept 2 messages, 2 arrivals were repeats") != std::string::npos, r.said());
  }
  fs::remove(f + "/messages/2.49.1.xml");  // as after a crash before the file was on the disk
  Running r(by_http(f));
  BOOST_TEST(read_text_file(f + "/messages/2.49.1.xml") == warning("2.49.1")->xml);
  BOOST_TEST(posted(r, warning("2.49.1")->xml, "under another key") == 200);
  r.end();
  BOOST_TEST(r.said().find("kept 2 messages") != std::string::npos, r.said());
}

BOOST_AUTO_TEST_CASE(only_the_right_secret_is_believed) {
  const std::string f = temporary_folder("receiver_hmac");
  Running r(by_http(f + "/box", "secret"));
  for (const auto& [name, word] : {std::pair<std::string, std::string>{"right", "secret"}, {"wrong", "guess"}}) {
    write_file_atomically(f + "/" + name, word);
    output_of("chmod 600 " + f + "/" + name);
  }
  const auto with = [&](const std::string& keys) { return hook(r, keys)->deliver(deliveries({"1"}, url(r)))[0].verdict; };
  BOOST_TEST((with("secret_file = \"" + f + "/wrong\"\n") == Verdict::refused));
  BOOST_TEST((with("") == Verdict::refused));
  BOOST_TEST(files(f + "/box") == 0U);
  BOOST_TEST((with("secret_file = \"" + f + "/right\"\n") == Verdict::delivered));
}

BOOST_AUTO_TEST_CASE(exercises_are_refused_unless_asked_for) {
  const std::string f = temporary_folder("receiver_exercise");
  const auto verdict = [&](const Running& r) {
    const Delivery d{"k", url(r), warning("1", RunStatus::exercise), false};
    return hook(r, "accept = [\"exercise\"]\n")->deliver({&d, 1})[0].verdict;
  };
  {
    Running r(by_http(f));
    BOOST_TEST((verdict(r) == Verdict::refused));
    BOOST_TEST(files(f) == 0U);
  }
  ReceiverSettings s = by_http(f);
  s.rules.statuses.emplace_back("Exercise");
  Running r(s);
  BOOST_TEST((verdict(r) == Verdict::delivered));
}

namespace {
// The sender's side of receipts.
struct Taker {
  explicit Taker(int port, const std::string& secret)
      : server(
            "127.0.0.1:" + std::to_string(port), secret, [] { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); },
            [this](std::vector<Receipt> r) {
              const std::lock_guard lock(mutex);
              for (Receipt& x : r) receipts.push_back(std::move(x));
            }) {}
  std::map<std::string, Receipt> by_key() {
    const std::lock_guard lock(mutex);
    std::map<std::string, Receipt> all;
    for (const Receipt& r : receipts) all[r.key] = r;
    return all;
  }
  std::mutex mutex;
  std::vector<Receipt> receipts;
  ReceiptServer server;
};
}  // namespace

BOOST_AUTO_TEST_CASE(receipts_are_posted_to_the_sender_and_wait_for_it_while_it_is_away_or_does_not_believe_them) {
  const std::string f = temporary_folder("receiver_callback");
  const int port = free_port();
  ReceiverSettings s = by_http(f);
  s.name = "county-07";
  s.callback = "http://127.0.0.1:" + std::to_string(port) + "/receipts", s.callback_secret = "shared";
  Running r(s);
  const auto batch = deliveries({"2.49.1", "2.49.2", "2.49.3"}, url(r));
  for (const Outcome& o : hook(r, "receipts = true\n")->deliver(batch)) BOOST_TEST((o.verdict == Verdict::accepted), o.detail);  // its receipt follows
  const Delivery drill{"drill", url(r), warning("2.49.4", RunStatus::exercise), false};
  BOOST_TEST((hook(r, "accept = [\"exercise\"]\n")->deliver({&drill, 1})[0].verdict == Verdict::refused));
  BOOST_TEST(wait_until([&] { return r.said().find("receipts are not taken") != std::string::npos; }));
  {
    Taker stranger(port, "another secret");
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    BOOST_TEST(stranger.by_key().empty());
  }
  Taker sender(port, "shared");
  BOOST_TEST(wait_until([&] { return sender.by_key().size() == 4U; }, 10000));
  const auto receipts = sender.by_key();
  for (const Delivery& d : batch) {
    BOOST_REQUIRE(receipts.count(d.key) == 1U);
    BOOST_TEST(receipts.at(d.key).taken);
    BOOST_TEST(receipts.at(d.key).from == "county-07");
  }
  BOOST_REQUIRE(receipts.count("drill") == 1U);
  BOOST_TEST(!receipts.at("drill").taken);
  r.end();
  BOOST_TEST(files(f) == 3U);
  BOOST_CHECK_THROW(Receiver(
                        [&] {
                          ReceiverSettings bad = by_http(f);
                          bad.callback = "ftp://somewhere/";
                          return bad;
                        }(),
                        [](const std::string&) {}),
                    Error);
}

BOOST_AUTO_TEST_CASE(the_health_page_says_whether_heartbeats_come) {
  ReceiverSettings s = by_http(temporary_folder("receiver_health"));
  s.heartbeat_every = Seconds(2);
  Running r(s);
  const auto page = [&] { return output_of("curl -s -w ' %{http_code}' " + url(r) + "health"); };
  if (!installed("curl")) return;
  BOOST_TEST(page() == "ok\n 200");
  BOOST_TEST(wait_until([&] { return page().find("no heartbeat since") != std::string::npos; }, 8000));
  BOOST_TEST(page().find(" 503") != std::string::npos);
  BOOST_TEST(output_of("curl -s -o /dev/null -w '%{http_code}' " + url(r)) == "405");
  BOOST_TEST(posted(r, warning("2.49.1")->xml, "k") == 200);  // and takes warnings all the same
}

BOOST_AUTO_TEST_CASE(names_that_no_file_can_have_harm_nobody) {
  const std::string f = temporary_folder("receiver_names");
  Running r(by_http(f));
  const std::string longest(900, 'x');
  for (const std::string& name :
       {longest, longest + "y", std::string("../../out"), std::string("a/b"), std::string("a_b"), std::string(".."), std::string("..."), std::string("暴雨")}) {
    BOOST_TEST_CONTEXT(name) {
      const long status = posted(r, with_identifier(name), "key of " + std::to_string(name.size()) + name.substr(0, 9));
      BOOST_TEST((status == 200 || status == 422), status);
      if (status == 200) BOOST_TEST(posted(r, with_identifier(name), "again") == 200);
    }
  }
  BOOST_TEST(!fs::exists(f + "/../out.xml"));
  BOOST_TEST((hook(r)->deliver(deliveries({"after"}, url(r)))[0].verdict == Verdict::delivered));
  r.end();
  BOOST_TEST(files(f) == 9U);  // one for each, also for the two that differ in their last letter
  Running again(by_http(f));   // and starts again
  BOOST_TEST((hook(again)->deliver(deliveries({"later"}, url(again)))[0].verdict == Verdict::delivered));
}

BOOST_AUTO_TEST_CASE(other_bytes_under_a_known_identifier_are_not_taken) {
  Running r(by_http(temporary_folder("receiver_edit")));
  const std::string xml = warning("1")->xml;
  BOOST_TEST(posted(r, xml, "k1") == 200);
  BOOST_TEST(posted(r, xml, "k2") == 200);  // by another channel
  BOOST_TEST(posted(r, xml + "\n", "k3") == 422);
}

BOOST_AUTO_TEST_CASE(nonsense_is_refused_with_a_reason) {
  Running r(by_http(temporary_folder("receiver_nonsense")));
  for (const char* text : {"", "not XML", "<alert/>", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><alert>&x;</alert>"}) BOOST_TEST_CONTEXT(text)
  BOOST_TEST(posted(r, text, "k") == 422);
}

BOOST_AUTO_TEST_CASE(a_missing_heartbeat_is_an_alarm) {
  ReceiverSettings s = by_http(temporary_folder("receiver_silence"));
  s.heartbeat_every = Seconds(1);
  Running r(s);
  BOOST_TEST(wait_until([&] { return r.said().find("ALARM: no heartbeat") != std::string::npos; }));
  r.end();
  BOOST_TEST(r.receiver.alarm());
}

BOOST_AUTO_TEST_CASE(every_message_of_a_burst_by_mqtt_is_kept_once_and_receipted) {
  if (!installed("mosquitto")) return;
  const std::string f = temporary_folder("receiver_mqtt");
  const int port = free_port();
  write_file_atomically(f + "/m.conf", "listener " + std::to_string(port) + " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n");
  Beside broker({"mosquitto", "-c", f + "/m.conf"}, f + "/log");
  BOOST_REQUIRE(wait_for_port(port));
  ReceiverSettings s;
  s.folder = f + "/box", s.receipt_topic = "guyu/receipts";
  s.mqtt = MqttSettings{};
  s.mqtt->host = "127.0.0.1", s.mqtt->port = port, s.mqtt->client_id = "receiver";
  const auto c = channel("mqtt", "host = \"127.0.0.1\"\nport = " + std::to_string(port) + "\nreceipt_topic = \"guyu/receipts\"\n");
  c->receipts();  // its subscription is there first
  Running r(s);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  constexpr int kMany = 4000;
  const auto one = warning("PLACE");
  std::vector<Delivery> batch;
  for (int k = 0; k < kMany; ++k) {
    auto m = std::make_shared<OutgoingMessage>(*one);
    m->identifier = "2.49." + std::to_string(k);
    m->xml.replace(m->xml.find("PLACE"), 5, m->identifier);
    batch.push_back({m->identifier + "|0|test|", "", m, false});
  }
  batch.push_back(batch.front());  // one twice
  const auto start = std::chrono::steady_clock::now();
  for (const Outcome& o : c->deliver(batch)) BOOST_REQUIRE_MESSAGE(o.verdict == Verdict::accepted, o.detail);
  const double sent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::map<std::string, int> receipts;
  BOOST_TEST(wait_until(
      [&] {
        for (const Receipt& x : c->receipts()) {
          BOOST_TEST(x.taken);
          ++receipts[x.key];
        }
        return receipts.size() == kMany;
      },
      20000));
  const double back = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  BOOST_TEST_MESSAGE("mqtt, " << one->xml.size() << " bytes: " << kMany * 60 / sent << " a minute acknowledged, " << kMany * 60 / back
                              << " a minute with receipts");
  BOOST_TEST(receipts.size() == static_cast<std::size_t>(kMany));
  BOOST_TEST(kMany * 60 / back > 30000);  // the bar of 100,000 is for the burst of ./dev soak, on a machine that does nothing else
  r.end();
  BOOST_TEST(files(s.folder) == static_cast<std::size_t>(kMany));
  BOOST_TEST(r.said().find("kept 4000 messages, 1 arrivals were repeats") != std::string::npos, r.said());
}

BOOST_AUTO_TEST_SUITE_END()
