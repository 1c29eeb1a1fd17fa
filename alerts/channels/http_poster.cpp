#include "alerts/channels/http_poster.h"

#include <curl/curl.h>
#include <unistd.h>

#include <csignal>
#include <mutex>

#include "alerts/channels/body_signature.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostBody = 500;

void need_file(const std::string& path) {
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0) throw Error(path, "cannot be read");
}

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* to) {
  std::string& body = *static_cast<std::string*>(to);
  body.append(data, std::min(size * count, kMostBody - body.size()));
  return size * count;  // the rest is let go
}
}  // namespace

struct HttpPoster::State {
  // One request under way.
  struct Transfer {
    CURL* easy = nullptr;
    curl_slist* headers = nullptr;
    std::size_t number = 0;
    std::string body;
    char error[CURL_ERROR_SIZE] = {};
  };

  HttpSettings settings;
  CURLM* multi = nullptr;
  std::vector<std::unique_ptr<Transfer>> transfers;
  std::vector<Transfer*> idle;

  void start(Transfer& t, const HttpRequest& request, std::size_t number, Clock::time_point deadline) {
    t.number = number;
    t.body.clear();
    t.error[0] = '\0';
    for (const std::string& h : request.headers) t.headers = curl_slist_append(t.headers, h.c_str());
    t.headers = curl_slist_append(t.headers, "Expect:");  // no round trip for a body of some kilobytes
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    curl_easy_setopt(t.easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(t.easy, CURLOPT_HTTPHEADER, t.headers);
    curl_easy_setopt(t.easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(t.easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(t.easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(left, 1)));
    curl_multi_add_handle(multi, t.easy);
  }

  void end(Transfer& t) {
    curl_multi_remove_handle(multi, t.easy);
    curl_slist_free_all(t.headers);
    t.headers = nullptr;
    idle.push_back(&t);
  }

  HttpAnswer answer(Transfer& t, CURLcode code) {
    HttpAnswer a;
    if (code != CURLE_OK) {
      a.error = t.error[0] != '\0' ? t.error : curl_easy_strerror(code);
      return a;
    }
    curl_easy_getinfo(t.easy, CURLINFO_RESPONSE_CODE, &a.status);
    curl_off_t wait = 0;
    if (curl_easy_getinfo(t.easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0) a.retry_after = Seconds(wait);
    curl_header* header = nullptr;
    if (curl_easy_header(t.easy, body_headers::receipt, 0, CURLH_HEADER, -1, &header) == CURLHE_OK) a.receipt = header->value;
    a.body = t.body;
    for (char& c : a.body) {
      if (c >= 0 && c < ' ') c = ' ';
    }
    return a;
  }

  ~State() {
    for (const auto& t : transfers) {
      curl_multi_remove_handle(multi, t->easy);
      curl_slist_free_all(t->headers);
      curl_easy_cleanup(t->easy);
    }
    if (multi) curl_multi_cleanup(multi);
  }
};

HttpPoster::HttpPoster(HttpSettings settings) : state_(std::make_unique<State>()) {
  static std::once_flag once;
  std::call_once(once, [] {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    std::signal(SIGPIPE, SIG_IGN);  // with CURLOPT_NOSIGNAL libcurl leaves it to us
  });
  for (const std::string* file : {&settings.ca_file, &settings.cert_file, &settings.key_file}) need_file(*file);
  if (settings.cert_file.empty() != settings.key_file.empty())
    throw Error(settings.cert_file + settings.key_file, "a client certificate needs its key, and a key its certificate");
  state_->settings = std::move(settings);
  const HttpSettings& s = state_->settings;
  state_->multi = curl_multi_init();
  curl_multi_setopt(state_->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(s.parallel));
  for (int i = 0; i < s.parallel; ++i) {
    auto t = std::make_unique<State::Transfer>();
    t->easy = curl_easy_init();
    if (!state_->multi || !t->easy) throw Error("", "libcurl cannot be used");
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(t->easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "guyu");
    curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, &t->body);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t.get());
    if (!s.ca_file.empty()) {
      curl_easy_setopt(t->easy, CURLOPT_CAINFO, s.ca_file.c_str());
      curl_easy_setopt(t->easy, CURLOPT_CAPATH, nullptr);  // this authority and no other
    }
    if (!s.cert_file.empty()) {
      curl_easy_setopt(t->easy, CURLOPT_SSLCERT, s.cert_file.c_str());
      curl_easy_setopt(t->easy, CURLOPT_SSLKEY, s.key_file.c_str());
    }
    state_->idle.push_back(t.get());
    state_->transfers.push_back(std::move(t));
  }
}

HttpPoster::~HttpPoster() = default;

std::vector<HttpAnswer> HttpPoster::post(std::span<const HttpRequest> requests, Clock::time_point deadline) {
  std::vector<HttpAnswer> answers(requests.size());
  for (HttpAnswer& a : answers) a.error = "no time was left to send it";
  State& s = *state_;
  std::size_t next = 0, under_way = 0;
  while (next < requests.size() || under_way > 0) {
    while (next < requests.size() && !s.idle.empty() && Clock::now() < deadline) {
      State::Transfer& t = *s.idle.back();
      s.idle.pop_back();
      s.start(t, requests[next], next, deadline);
      ++next, ++under_way;
    }
    if (under_way == 0) break;  // the deadline has passed
    int running = 0;
    curl_multi_perform(s.multi, &running);
    int left = 0;
    bool ended = false;
    while (CURLMsg* message = curl_multi_info_read(s.multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      State::Transfer* t = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
      answers[t->number] = s.answer(*t, code);
      s.end(*t);
      --under_way, ended = true;
    }
    if (!ended) curl_multi_poll(s.multi, nullptr, 0, 100, nullptr);
  }
  return answers;
}

void check_url(const std::string& url, const std::string& place) {
  CURLU* parts = curl_url();
  const bool fine = parts && curl_url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK;
  char *scheme = nullptr, *user = nullptr;
  if (fine) {
    curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0);
    curl_url_get(parts, CURLUPART_USER, &user, 0);
  }
  const std::string word = scheme ? scheme : "";
  const bool named = user != nullptr;
  curl_free(scheme), curl_free(user);
  curl_url_cleanup(parts);
  if (word != "http" && word != "https") throw Error(place, "\"" + url + "\" is no http or https address");
  if (named) throw Error(place, "the address holds a user name or password", "put the secret into a file");
}

}  // namespace guyu
