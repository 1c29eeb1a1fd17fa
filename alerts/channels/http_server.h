#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace guyu {

struct HttpCall {
  std::string method, target, body;
  std::map<std::string, std::string> headers;                    // names in lower case
  std::string header(const std::string& lower_case_name) const;  // empty when absent
};
struct HttpReply {
  int status = 200;
  std::string body;
  std::map<std::string, std::string> headers{{"Content-Type", "text/plain; charset=utf-8"}};
};

// A small HTTP/1.1 server (Boost.Beast) for metrics, receipts and the reference receiver: one thread, connections side by side, each request answered before
// the next of the same connection. Bodies up to 4 MB; a silent connection is closed. No TLS: bind it to the loopback address, or put a proxy before it.
class HttpServer {
 public:
  // `listen`: "address:port" (port 0: any). `answer` is called from the server's thread; an exception becomes 500. Throws Error when the address cannot be
  // listened on.
  HttpServer(const std::string& listen, std::function<HttpReply(const HttpCall&)> answer);
  ~HttpServer();
  int port() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace guyu
