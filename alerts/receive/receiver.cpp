#include "alerts/receive/receiver.h"

#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "alerts/channels/body_signature.h"
#include "alerts/channels/receipt_json.h"
#include "engine/core/atomic_file.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {
namespace fs = std::filesystem;
namespace {
using namespace std::chrono_literals;
constexpr std::size_t kMostCallbacks = 100'000, kCallbackBatch = 200;
TimePoint wall_clock() { return std::chrono::floor<Seconds>(std::chrono::system_clock::now()); }

// Identifiers come from outside: what is not fit for a file name is replaced, and its hash keeps two of them apart.
std::string file_name(const std::string& identifier) {
  constexpr std::size_t longest = 150;
  std::string name = identifier.substr(0, longest);
  for (char& c : name)
    if (c == '/' || (c >= 0 && c < ' ')) c = '_';
  if (!name.empty() && name.front() == '.') name.front() = '_';  // neither hidden nor a folder above
  return name == identifier ? name + ".xml" : name + "-" + Hasher().text(identifier).short_hex() + ".xml";
}

// No fsync, so that thousands a second are possible: a file that is missing is written again at the next start.
void write_message(const fs::path& folder, const std::string& identifier, const std::string& xml) {
  const std::string name = file_name(identifier);
  const fs::path file = folder / name, temporary = folder / ("." + name + ".part");
  if (fs::exists(file)) return;
  {
    std::ofstream out(temporary, std::ios::binary);
    out.write(xml.data(), static_cast<std::streamsize>(xml.size()));
    if (!out.flush()) throw Error(temporary.string(), "cannot be written", "is the disk full?");
  }
  fs::rename(temporary, file);
}

std::string made(const std::string& folder) {
  make_folder((fs::path(folder) / "messages").string());
  return folder;
}
}  // namespace

Receiver::Receiver(ReceiverSettings settings, Log log)
    : s_(std::move(settings)), log_(std::move(log)), store_(made(s_.folder) + "/received.db", s_.rules), last_arrival_(wall_clock()), last_beat_(wall_clock()) {
  if (!s_.callback.empty()) check_url(s_.callback, "--receipt-url");
  if (!s_.mqtt && s_.listen.empty()) throw Error("receive", "there is nothing to receive from", "give --mqtt or --listen");
  for (std::string& identifier : store_.identifiers()) unwritten_.push_back(std::move(identifier));
  write_files(unwritten_.size());
  if (s_.mqtt) session_ = std::make_unique<MqttSession>(*s_.mqtt, std::vector<std::string>{s_.topic});
  if (!s_.listen.empty()) server_ = std::make_unique<HttpServer>(s_.listen, [this](const HttpCall& call) { return by_http(call); });
}

std::vector<ArrivalVerdict> Receiver::keep(const std::vector<Arrival>& batch) {
  const std::lock_guard lock(mutex_);
  std::vector<ArrivalVerdict> verdicts;
  try {
    verdicts = store_.take(batch, wall_clock());
    store_fault_.clear();
  } catch (const Error& e) {
    store_fault_ = e.what();
    throw;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!verdicts[i].taken) log_("not taken: " + (verdicts[i].identifier.empty() ? "a message" : verdicts[i].identifier) + ": " + verdicts[i].detail);
    else if (verdicts[i].heartbeat) last_beat_ = wall_clock();
    if (verdicts[i].fresh) unwritten_.push_back(verdicts[i].identifier);
    // A sender that is told none sends again, so that the oldest may go.
    if (s_.callback.empty() || batch[i].key.empty()) continue;
    callbacks_.push_back({verdicts[i].key, wall_clock(), s_.name, verdicts[i].taken, verdicts[i].detail});
    if (callbacks_.size() > kMostCallbacks) callbacks_.pop_front();
  }
  last_arrival_ = wall_clock();
  return verdicts;
}

HttpReply Receiver::by_http(const HttpCall& call) {
  if (call.method == "GET" && call.target == "/health") return health();
  if (call.method != "POST") return {405, "POST a CAP message, or GET /health\n"};
  const std::string key = call.header("x-guyu-key");
  if (!s_.secret.empty()) {
    const auto fault = signature_fault(s_.secret, call.header("x-guyu-timestamp"), key, call.body, call.header("x-guyu-signature"), wall_clock());
    if (fault) return {401, *fault + "\n"};
  }
  const ArrivalVerdict v = keep({{key, call.body}}).front();
  if (!v.taken) return {422, v.detail + "\n"};
  if (!s_.callback.empty() && !key.empty()) return {202, v.fresh ? "kept; the receipt follows\n" : "kept before; the receipt follows\n"};
  HttpReply reply{200, v.fresh ? "kept\n" : "kept before\n"};
  reply.headers[body_headers::receipt] = "delivered";
  return reply;
}

HttpReply Receiver::health() {
  const std::lock_guard lock(mutex_);
  std::string faults;
  if (alarm_) faults += "no heartbeat since " + to_iso(last_beat_) + "; silence does not mean safety\n";
  if (!store_fault_.empty()) faults += "the last messages could not be kept: " + store_fault_ + "\n";
  if (!faults.empty()) return {503, faults};
  return {200, "ok\n"};
}

// Receipts to the sender's address, on a thread of their own: a sender that does not answer holds up nothing else.
void Receiver::call_back() {
  HttpSettings http;
  http.ca_file = s_.callback_ca;
  HttpPoster poster(http);
  bool told = false;
  while (!ended_) {
    const bool went = post_receipts(poster);
    if (!went && !told) log_("receipts are not taken at " + s_.callback + "; they are tried again");
    told = !went;
    for (int i = 0; i < (went ? 1 : 40) && !ended_; ++i) std::this_thread::sleep_for(50ms);
  }
  post_receipts(poster);
}

// False: some must be tried again.
bool Receiver::post_receipts(HttpPoster& poster) {
  for (;;) {
    std::vector<Receipt> batch;
    {
      const std::lock_guard lock(mutex_);
      for (; !callbacks_.empty() && batch.size() < kCallbackBatch; callbacks_.pop_front()) batch.push_back(std::move(callbacks_.front()));
    }
    if (batch.empty()) return true;
    std::vector<std::string> bodies;
    for (const Receipt& r : batch) bodies.push_back(to_json(r));
    std::vector<HttpRequest> requests;
    for (const std::string& body : bodies) {
      HttpRequest request{s_.callback, {"Content-Type: application/json"}, body};
      if (!s_.callback_secret.empty()) {
        const std::string timestamp = unix_seconds(wall_clock());
        request.headers.push_back(std::string(body_headers::timestamp) + ": " + timestamp);
        request.headers.push_back(std::string(body_headers::signature) + ": " + sign_body(s_.callback_secret, timestamp, "", body));
      }
      requests.push_back(std::move(request));
    }
    const std::vector<HttpAnswer> answers = poster.post(requests, std::chrono::steady_clock::now() + 5s);
    bool all = true;
    const std::lock_guard lock(mutex_);
    for (std::size_t i = batch.size(); i-- > 0;) {
      const long status = answers[i].status;
      if (status >= 200 && status < 300) continue;
      if (status == 400 || status == 413 || status == 422) {  // it will never be taken
        log_("a receipt was refused: HTTP " + std::to_string(status) + " " + answers[i].body);
        continue;
      }
      callbacks_.push_front(std::move(batch[i]));
      all = false;
    }
    if (!all) return false;
  }
}

// One turn of the session: what came in is kept, then receipted. Returns whether anything came.
bool Receiver::by_mqtt() {
  session_->serve(50ms);
  std::vector<Arrival> batch;
  for (MqttMessage& m : session_->take_messages()) {
    Arrival a;
    const nlohmann::json j = nlohmann::json::parse(m.payload, nullptr, false);
    if (j.is_object() && j.contains("cap") && j["cap"].is_string()) {
      a.xml = j["cap"].get<std::string>();
      if (j.contains("key") && j["key"].is_string()) a.key = j["key"].get<std::string>();
    } else {
      a.xml = std::move(m.payload);  // bare CAP
    }
    batch.push_back(std::move(a));
  }
  if (!batch.empty()) {
    for (const ArrivalVerdict& v : keep(batch)) {
      if (s_.receipt_topic.empty() || v.key.empty()) continue;
      receipts_.push_back({s_.receipt_topic, to_json(Receipt{v.key, wall_clock(), s_.name, v.taken, v.detail})});
    }
  }
  if (!receipts_.empty()) {
    const auto faults = session_->publish(receipts_, std::chrono::steady_clock::now() + s_.mqtt->timeout);
    std::vector<MqttMessage> left;
    for (std::size_t i = 0; i < receipts_.size(); ++i)
      if (faults[i]) left.push_back(std::move(receipts_[i]));
    receipts_ = std::move(left);
  }
  return !batch.empty();
}

// The file is a convenience, the store is the proof: receipts do not wait for files, and a disk that takes none is no reason to stop receiving.
void Receiver::write_files(std::size_t most) {
  for (; most > 0; --most) {
    const std::lock_guard lock(mutex_);
    if (unwritten_.empty() || wall_clock() < write_again_) return;
    try {
      write_message(fs::path(s_.folder) / "messages", unwritten_.front(), store_.xml(unwritten_.front()));
    } catch (const std::exception& e) {
      log_(std::string("a file is not written: ") + e.what());
      write_again_ = wall_clock() + 5s;
      return;
    }
    unwritten_.pop_front();
  }
}

void Receiver::watch() {
  if (s_.heartbeat_every <= 0s) return;
  const std::lock_guard lock(mutex_);
  const bool silent = wall_clock() - last_beat_ > s_.heartbeat_every;
  if (silent != alarm_) log_(silent ? "ALARM: no heartbeat since " + to_iso(last_beat_) + "; silence does not mean safety" : "heartbeats are back");
  alarm_ = silent;
}

void Receiver::run(const std::atomic<bool>& stop) {
  std::thread caller;
  if (!s_.callback.empty()) caller = std::thread([this] { call_back(); });
  // Also when what follows throws: the thread looks at this object.
  const std::unique_ptr<std::thread, std::function<void(std::thread*)>> join(&caller, [this](std::thread* t) {
    ended_ = true;
    if (t->joinable()) t->join();
  });
  while (!stop) {
    const bool busy = session_ && by_mqtt();
    if (!session_) std::this_thread::sleep_for(20ms);
    write_files(busy ? 20 : 500);
    watch();
    const std::lock_guard lock(mutex_);
    if (s_.until_idle > 0s && wall_clock() - last_arrival_ > s_.until_idle && receipts_.empty() && callbacks_.empty()) break;
  }
  write_files(std::numeric_limits<std::size_t>::max());
  const std::lock_guard lock(mutex_);
  log_("kept " + std::to_string(store_.messages()) + " messages, " + std::to_string(store_.duplicates()) + " arrivals were repeats");
}

}  // namespace guyu
