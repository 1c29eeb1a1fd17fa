#pragma once
#include <functional>
#include <memory>
#include <string>

namespace guyu {

// A page for those who watch over the dispatcher: GET /metrics (Prometheus text) and GET /health (200 "ok", or 503 with the alarms).
// One thread of its own; a slow reader holds nobody up but other readers, and that for two seconds at most.
class StatusServer {
 public:
  // `listen`: "address:port" (port 0: any). The functions are called from its thread. Throws Error when the address cannot be listened on.
  StatusServer(const std::string& listen, std::function<std::string()> metrics, std::function<std::string()> alarms);
  ~StatusServer();
  int port() const;

 private:
  struct Server;
  std::unique_ptr<Server> server_;
};

}  // namespace guyu
