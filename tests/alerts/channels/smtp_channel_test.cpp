#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <thread>

#include "engine/core/atomic_file.h"
#include "tests/alerts/channels/outside_case.h"
#include "tests/support/test_data.h"

using namespace guyu;
using namespace guyu::test;

namespace {
std::string keys(int port, const std::string& more = "") {
  return "host = \"127.0.0.1\"\nport = " + std::to_string(port) + "\nsecurity = \"none\"\nfrom = \"warnings@example.org\"\nto = [\"duty@example.org\"]\n" +
         more;
}
}  // namespace

BOOST_AUTO_TEST_SUITE(smtp_channel)

BOOST_AUTO_TEST_CASE(a_mail_carries_the_words_and_the_exact_bytes) {
  const std::string python = python_with("aiosmtpd");
  if (python.empty()) return;
  const std::string folder = temporary_folder("smtp");
  const int port = free_port();
  Beside server({python, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Mailbox", folder + "/box", "-l", "127.0.0.1:" + std::to_string(port)},
                folder + "/log");
  BOOST_REQUIRE(wait_for_port(port));
  const auto batch = deliveries({"2.49.1", "2.49.2"}, "duty@example.org");
  for (const Outcome& o : channel("smtp", keys(port))->deliver(batch)) BOOST_TEST((o.verdict == Verdict::accepted), o.detail);
  write_file_atomically(folder + "/read.py",
                        "import email, email.policy, os, sys\n"
                        "box = sys.argv[1] + '/box/new'\n"
                        "for name in sorted(os.listdir(box)):\n"
                        "    m = email.message_from_bytes(open(box + '/' + name, 'rb').read(), policy=email.policy.default)\n"
                        "    for part in m.iter_attachments():\n"
                        "        open(sys.argv[1] + '/' + part.get_filename(), 'wb').write(part.get_payload(decode=True))\n"
                        "    body = m.get_body(('plain',)).get_content()\n"
                        "    print(m['Subject'], '|', m['To'], '|', m['X-Guyu-Key'], '|', m['Auto-Submitted'], '|', '请' in body or '停止' in body or '人员' "
                        "in body, '|', m['Message-ID'])\n");
  const std::string told = output_of("python3 " + folder + "/read.py " + folder);
  BOOST_TEST(std::count(told.begin(), told.end(), '\n') == 2);
  BOOST_TEST(told.find("暴雨橙色预警") != std::string::npos, told);
  BOOST_TEST(told.find("| duty@example.org |") != std::string::npos, told);
  BOOST_TEST(told.find("2.49.1|0|test|duty@example.org") != std::string::npos, told);
  BOOST_TEST(told.find("auto-generated | True") != std::string::npos, told);
  BOOST_TEST(read_text_file(folder + "/2.49.2.xml") == batch[1].message->xml);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_away_or_silent_is_tried_again_and_a_refusal_is_final) {
  const int away = free_port();
  BOOST_TEST((channel("smtp", keys(away))->deliver(deliveries({"1"}, "duty@example.org"))[0].verdict == Verdict::retry));
  const std::string python = python_with("aiosmtpd");
  if (python.empty()) return;
  const std::string folder = temporary_folder("smtp_refuses");
  const int port = free_port();
  write_file_atomically(folder + "/handlers.py",
                        "class Handler:\n"
                        "    async def handle_RCPT(self, server, session, envelope, address, options):\n"
                        "        if address.startswith('nobody'): return '550 no such mailbox'\n"
                        "        if address.startswith('later'): return '451 try again later'\n"
                        "        envelope.rcpt_tos.append(address)\n"
                        "        return '250 OK'\n"
                        "    async def handle_DATA(self, server, session, envelope): return '250 taken'\n");
  Beside server({"env", "PYTHONPATH=" + folder, python, "-m", "aiosmtpd", "-n", "-c", "handlers.Handler", "-l", "127.0.0.1:" + std::to_string(port)},
                folder + "/log");
  BOOST_REQUIRE(wait_for_port(port));
  const auto c = channel("smtp", keys(port));
  BOOST_TEST((c->deliver(deliveries({"1"}, "nobody@example.org"))[0].verdict == Verdict::refused));
  BOOST_TEST((c->deliver(deliveries({"1"}, "later@example.org"))[0].verdict == Verdict::retry));
  BOOST_TEST((c->deliver(deliveries({"1"}, "duty@example.org"))[0].verdict == Verdict::accepted));
}

BOOST_AUTO_TEST_CASE(an_upgraded_connection_needs_the_right_authority_and_the_password) {
  const std::string python = python_with("aiosmtpd");
  if (python.empty() || !installed("openssl")) return;
  const std::string f = temporary_folder("smtp_tls");
  make_certificates(f);
  output_of("cd " + f + " && printf secret > right && printf guess > wrong && chmod 600 right wrong && touch mails");
  const int port = free_port();
  Beside server({python, "tests/alerts/channels/mail_server.py", std::to_string(port), f, f + "/server.pem", f + "/server.key", "guyu", "secret"}, f + "/log");
  BOOST_REQUIRE(wait_for_port(port));
  const auto sent = [&](const std::string& security, const std::string& ca, const std::string& password) {
    const std::string table = "host = \"localhost\"\nport = " + std::to_string(port) +
                              "\nfrom = \"warnings@example.org\"\nto = [\"duty@example.org\"]\nsecurity = \"" + security + "\"\nca_file = \"" + f + "/" + ca +
                              "\"\ntimeout = \"3 s\"\n" + (password.empty() ? "" : "user = \"guyu\"\npassword_file = \"" + f + "/" + password + "\"\n");
    return channel("smtp", table)->deliver(deliveries({"1"}, "duty@example.org"))[0];
  };
  const Outcome fine = sent("starttls", "ca.pem", "right");
  BOOST_TEST((fine.verdict == Verdict::accepted), fine.detail);
  BOOST_TEST(read_text_file(f + "/mails") == "duty@example.org\n");
  for (const auto& [security, ca, password] : {std::array<std::string, 3>{"starttls", "ca.pem", "wrong"},
                                               {"starttls", "other.pem", "right"},
                                               {"starttls", "ca.pem", ""},
                                               {"none", "ca.pem", ""},
                                               {"tls", "ca.pem", "right"}}) {
    const Outcome o = sent(security, ca, password);  // settings that people can put right: no warning is given up for them
    BOOST_TEST((o.verdict == Verdict::retry), security << " " << ca << " " << password << ": " << o.detail);
    BOOST_TEST(o.detail.find("guess") == std::string::npos);
  }
  BOOST_TEST(read_text_file(f + "/mails") == "duty@example.org\n");
}

BOOST_AUTO_TEST_CASE(a_server_without_tls_gets_nothing_where_tls_is_asked_for) {
  const std::string python = python_with("aiosmtpd");
  if (python.empty()) return;
  const std::string folder = temporary_folder("smtp_plain");
  const int port = free_port();
  Beside server({python, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Mailbox", folder + "/box", "-l", "127.0.0.1:" + std::to_string(port)},
                folder + "/log");
  BOOST_REQUIRE(wait_for_port(port));
  std::string table = keys(port);
  table.replace(table.find("none"), 4, "starttls");
  BOOST_TEST((channel("smtp", table)->deliver(deliveries({"1"}, "duty@example.org"))[0].verdict == Verdict::retry));
  BOOST_TEST(std::filesystem::is_empty(folder + "/box/new"));
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_holds_a_batch_no_longer_than_its_timeout) {
  if (!installed("python3")) return;
  const int port = free_port();
  Beside silent({"python3", "-c",
                 "import socket,time\ns=socket.socket();s.setsockopt(socket.SOL_SOCKET,socket.SO_REUSEADDR,1);s.bind(('127.0.0.1'," + std::to_string(port) +
                     "));s.listen(9)\nwhile True: time.sleep(1)"});
  BOOST_REQUIRE(wait_for_port(port));
  const auto start = std::chrono::steady_clock::now();
  for (const Outcome& o : channel("smtp", keys(port, "timeout = \"1 s\"\n"))->deliver(deliveries({"1", "2"}, "duty@example.org")))
    BOOST_TEST((o.verdict == Verdict::retry));
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(4)));
}

BOOST_AUTO_TEST_SUITE_END()
