#include "alerts/dispatch/status_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

#include "engine/core/error.h"

namespace guyu {
namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
constexpr std::chrono::seconds kPatience{2};

tcp::endpoint endpoint_of(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(listen.substr(0, colon), ec);
  int port = -1;
  if (colon != std::string::npos && listen.size() - colon <= 6) port = std::atoi(listen.c_str() + colon + 1);
  if (ec || port < 0 || port > 65535) throw Error("", "'" + listen + "' is no address to listen on", "write it as 127.0.0.1:9187");
  return {address, static_cast<unsigned short>(port)};
}
}  // namespace

struct StatusServer::Server {
  // One request on one connection; it ends by itself or by the stream's timeout.
  struct Session : std::enable_shared_from_this<Session> {
    Session(tcp::socket socket, Server& s) : stream(std::move(socket)), server(s) {}
    void run() {
      stream.expires_after(kPatience);
      http::async_read(stream, buffer, request, [self = shared_from_this()](beast::error_code ec, std::size_t) {
        if (!ec) self->answer();
      });
    }
    void answer() {
      response.version(request.version());
      response.keep_alive(false);
      response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
      if (request.method() != http::verb::get) {
        response.result(http::status::method_not_allowed);
      } else if (request.target() == "/metrics") {
        response.body() = server.metrics();
      } else if (request.target() == "/health") {
        const std::string alarms = server.alarms();
        response.result(alarms.empty() ? http::status::ok : http::status::service_unavailable);
        response.body() = alarms.empty() ? "ok\n" : alarms;
      } else {
        response.result(http::status::not_found);
        response.body() = "/metrics or /health\n";
      }
      response.prepare_payload();
      http::async_write(stream, response, [self = shared_from_this()](beast::error_code, std::size_t) {
        beast::error_code ignored;
        self->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
      });
    }
    beast::tcp_stream stream;
    Server& server;
    beast::flat_buffer buffer{8192};
    http::request<http::empty_body> request;
    http::response<http::string_body> response;
  };

  Server(const std::string& listen, std::function<std::string()> m, std::function<std::string()> a) : metrics(std::move(m)), alarms(std::move(a)), acceptor(io) {
    const tcp::endpoint at = endpoint_of(listen);
    boost::system::error_code ec;
    acceptor.open(at.protocol(), ec);
    if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec) acceptor.bind(at, ec);
    if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (ec) throw Error("", "cannot listen on " + listen + ": " + ec.message(), "choose another port, or stop what uses it");
    accept();
    thread = std::thread([this] { io.run(); });
  }
  ~Server() {
    io.stop();
    thread.join();
  }
  void accept() {
    acceptor.async_accept([this](beast::error_code ec, tcp::socket socket) {
      if (!ec) std::make_shared<Session>(std::move(socket), *this)->run();
      accept();
    });
  }

  std::function<std::string()> metrics, alarms;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::thread thread;
};

StatusServer::StatusServer(const std::string& listen, std::function<std::string()> metrics, std::function<std::string()> alarms)
    : server_(std::make_unique<Server>(listen, std::move(metrics), std::move(alarms))) {}
StatusServer::~StatusServer() = default;
int StatusServer::port() const { return server_->acceptor.local_endpoint().port(); }

}  // namespace guyu
