#include "alerts/channels/http_server.h"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "engine/core/error.h"
#include "tests/alerts/channels/outside_case.h"

using namespace guyu;
using namespace guyu::test;

namespace {
HttpReply echo(const HttpCall& c) {
  if (c.target == "/throw") throw std::runtime_error("broken");
  return {200, c.method + " " + c.target + " " + c.header("x-word") + " " + c.body, {{"X-Back", "yes"}}};
}
}  // namespace
BOOST_AUTO_TEST_SUITE(http_server)

BOOST_AUTO_TEST_CASE(a_call_reaches_the_answer_and_the_answer_the_caller) {
  if (!installed("curl")) return;
  const HttpServer server("127.0.0.1:0", echo);
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  BOOST_TEST(output_of("curl -s -H 'X-Word: hello' -d body " + base + "/a?b=c") == "POST /a?b=c hello body");
  BOOST_TEST(output_of("curl -s -o /dev/null -D - " + base + "/a").find("X-Back: yes") != std::string::npos);
  BOOST_TEST(output_of("curl -s -o /dev/null -w '%{http_code}' " + base + "/throw") == "500");
  // Two requests on one connection.
  BOOST_TEST(output_of("curl -s " + base + "/1 " + base + "/2 -w '|%{num_connects}|'") == "GET /1  |1|GET /2  |0|");
}

BOOST_AUTO_TEST_CASE(a_silent_or_broken_caller_keeps_nobody_waiting) {
  if (!installed("curl") || !installed("bash")) return;
  const HttpServer server("127.0.0.1:0", echo);
  const std::string port = std::to_string(server.port());
  // One connection says nothing, one says nonsense, a third is served.
  BOOST_TEST(output_of("bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + port + "; exec 4<>/dev/tcp/127.0.0.1/" + port +
                       "; printf \"\\0\\1nonsense\\r\\n\\r\\n\" >&4; curl -s -m 5 http://127.0.0.1:" + port + "/x'") == "GET /x  ");
  // Too large a body is not read to its end.
  BOOST_TEST(output_of("head -c 6000000 /dev/zero | curl -s -m 10 -o /dev/null -w '%{http_code}' --data-binary @- http://127.0.0.1:" + port + "/x || true") !=
             "200");
}

BOOST_AUTO_TEST_CASE(an_address_that_is_taken_or_none_is_an_error) {
  const HttpServer server("127.0.0.1:0", echo);
  BOOST_CHECK_THROW(HttpServer("127.0.0.1:" + std::to_string(server.port()), echo), Error);
  for (const char* bad : {"", "127.0.0.1", "nowhere:x", "127.0.0.1:99999"}) BOOST_CHECK_THROW(HttpServer(bad, echo), Error);
}

BOOST_AUTO_TEST_SUITE_END()
