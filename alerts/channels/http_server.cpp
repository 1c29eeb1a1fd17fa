#include "alerts/channels/http_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <thread>

#include "engine/core/error.h"

namespace guyu {
namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
constexpr std::chrono::seconds kPatience{10};
constexpr std::uint64_t kLargest = 4U * 1024 * 1024;

tcp::endpoint endpoint_of(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  boost::system::error_code ec;
  const auto address = asio::ip::make_address(listen.substr(0, colon), ec);
  int port = -1;
  if (colon != std::string::npos && listen.size() - colon <= 6 && listen.size() > colon + 1) port = std::atoi(listen.c_str() + colon + 1);
  if (ec || port < 0 || port > 65535) throw Error("", "'" + listen + "' is no address to listen on", "write it as 127.0.0.1:9187");
  return {address, static_cast<unsigned short>(port)};
}

std::string text_of(beast::string_view s) { return {s.data(), s.size()}; }
}  // namespace

std::string HttpCall::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

struct HttpServer::Server {
  // One connection; it ends by itself or by the stream's timeout.
  struct Session : std::enable_shared_from_this<Session> {
    Session(tcp::socket socket, Server& s) : stream(std::move(socket)), server(s) {}
    void read() {
      parser.emplace();
      parser->body_limit(kLargest);
      stream.expires_after(kPatience);
      http::async_read(stream, buffer, *parser, [self = shared_from_this()](beast::error_code ec, std::size_t) {
        if (!ec) self->answer();
      });
    }
    void answer() {
      const auto& request = parser->get();
      HttpCall call{text_of(request.method_string()), text_of(request.target()), request.body(), {}};
      for (const auto& field : request) {
        std::string name = text_of(field.name_string());
        for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        call.headers[name] = text_of(field.value());
      }
      HttpReply answered;
      try {
        answered = server.reply(call);
      } catch (const std::exception& e) {
        answered = {500, std::string(e.what()) + "\n"};
      }
      response = {};
      response.version(request.version());
      response.keep_alive(request.keep_alive());
      response.result(static_cast<unsigned>(answered.status));
      for (const auto& [name, value] : answered.headers) response.set(name, value);
      response.body() = std::move(answered.body);
      response.prepare_payload();
      http::async_write(stream, response, [self = shared_from_this()](beast::error_code ec, std::size_t) {
        if (ec) return;
        if (self->response.keep_alive()) return self->read();
        beast::error_code ignored;
        self->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
      });
    }
    beast::tcp_stream stream;
    Server& server;
    beast::flat_buffer buffer;
    std::optional<http::request_parser<http::string_body>> parser;
    http::response<http::string_body> response;
  };

  Server(const std::string& listen, std::function<HttpReply(const HttpCall&)> answer) : reply(std::move(answer)), acceptor(io) {
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
      if (!ec) std::make_shared<Session>(std::move(socket), *this)->read();
      if (ec != asio::error::operation_aborted) accept();
    });
  }

  std::function<HttpReply(const HttpCall&)> reply;
  asio::io_context io{1};
  tcp::acceptor acceptor;
  std::thread thread;
};

HttpServer::HttpServer(const std::string& listen, std::function<HttpReply(const HttpCall&)> answer)
    : server_(std::make_unique<Server>(listen, std::move(answer))) {}
HttpServer::~HttpServer() = default;
int HttpServer::port() const { return server_->acceptor.local_endpoint().port(); }

}  // namespace guyu
