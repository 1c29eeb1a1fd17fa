// HTTP webhook: POST of the CAP bytes, signed (body_signature.h), the key in X-Guyu-Key. The answer's status decides:
//   2xx            accepted; delivered when it has X-Guyu-Receipt: delivered
//   409            accepted: the receiver has this key already
//   408 425 429 5xx, no answer   retry, after Retry-After where given
//   any other      refused (redirects too: a warning goes where it is configured to go)
#include <set>

#include "alerts/cap/secret_file.h"
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/body_signature.h"
#include "alerts/channels/http_poster.h"
#include "alerts/channels/registry.h"
#include "engine/core/error.h"

namespace guyu {
namespace {
using Clock = std::chrono::steady_clock;

Outcome outcome_of(const HttpAnswer& answer) {
  if (answer.status == 0) return {Verdict::retry, answer.error, {}};
  const std::string detail = "HTTP " + std::to_string(answer.status) + (answer.body.empty() ? "" : ": " + answer.body);
  if (answer.status == 409) return {Verdict::accepted, detail, {}};
  if (answer.status >= 200 && answer.status < 300) return {answer.receipt == "delivered" ? Verdict::delivered : Verdict::accepted, detail, {}};
  const bool later = answer.status == 408 || answer.status == 425 || answer.status == 429 || answer.status >= 500;
  return {later ? Verdict::retry : Verdict::refused, detail, later ? answer.retry_after : std::nullopt};
}

class WebhookChannel : public Channel {
 public:
  WebhookChannel(const ConfigTable& t, const ChannelContext& context)
      : status_(t), now_(context.now), timeout_(t.duration("timeout")), confirms_(t.flag("receipts")),
        poster_({t.text("ca_file"), t.text("cert_file"), t.text("key_file"), static_cast<int>(t.integer("parallel"))}) {
    for (const std::string& url : t.texts("urls")) check_url(url, t.place("urls"));
    if (!t.text("secret_file").empty()) secret_ = read_secret_word(t.text("secret_file"));
  }

  bool confirms() const override { return confirms_; }
  bool needs_texts() const override { return false; }

  // Requests run side by side, but those of one event to one target one after the other; when one must be tried again, the later ones wait for it.
  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    const Clock::time_point deadline = Clock::now() + timeout_;
    std::vector<Outcome> outcomes(batch.size());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (auto refusal = status_.refusal(*batch[i].message)) outcomes[i] = *refusal;
      else open.push_back(i);
    }
    std::set<std::pair<std::string, std::string>> stopped;
    while (!open.empty()) {
      std::set<std::pair<std::string, std::string>> busy;
      std::vector<std::size_t> wave, later;
      for (const std::size_t i : open) {
        const std::pair chain(batch[i].message->event, batch[i].target);
        if (stopped.count(chain)) outcomes[i] = {Verdict::retry, "an earlier message of the event has to go first", {}};
        else (busy.insert(chain).second ? wave : later).push_back(i);
      }
      std::vector<HttpRequest> requests;
      for (const std::size_t i : wave) requests.push_back(request(batch[i]));
      const std::vector<HttpAnswer> answers = poster_.post(requests, deadline);
      for (std::size_t k = 0; k < wave.size(); ++k) {
        const Delivery& d = batch[wave[k]];
        outcomes[wave[k]] = outcome_of(answers[k]);
        if (outcomes[wave[k]].verdict == Verdict::retry) stopped.emplace(d.message->event, d.target);
      }
      open = std::move(later);
    }
    return outcomes;
  }

 private:
  HttpRequest request(const Delivery& d) const {
    HttpRequest r{d.target, {"Content-Type: application/cap+xml; charset=utf-8", std::string(body_headers::key) + ": " + d.key}, d.message->xml};
    if (!secret_.empty()) {
      const std::string timestamp = unix_seconds(now_());
      r.headers.push_back(std::string(body_headers::timestamp) + ": " + timestamp);
      r.headers.push_back(std::string(body_headers::signature) + ": " + sign_body(secret_, timestamp, d.key, d.message->xml));
    }
    return r;
  }

  AcceptedStatus status_;
  std::function<TimePoint()> now_;
  Seconds timeout_;
  bool confirms_;
  HttpPoster poster_;
  std::string secret_;
};

}  // namespace

ChannelKind webhook_kind() {
  using P = ParamType;
  TableSpec spec{"webhook",
                 "HTTP POST of the CAP bytes to one or more addresses.",
                 true,
                 false,
                 {{"urls", P::text_list, "Where to; each address is a target of its own"},
                  {"ca_file", P::text, "Authority (PEM) that the server's certificate must come from; empty: the system's", ""},
                  {"cert_file", P::text, "Client certificate (PEM) for mutual TLS", ""},
                  {"key_file", P::text, "Key (PEM) of the client certificate", ""},
                  {"secret_file", P::text, "File with the secret that signs each body (HMAC-SHA256); empty: unsigned", ""},
                  {"receipts", P::boolean, "Receipts are expected: what is accepted without one is sent again", "false"},
                  {"parallel", P::integer, "Requests under way at once", "16", "", 1, 256},
                  {"timeout", P::duration, "The longest that one batch may take", "20 s", "", 1, 600},
                  AcceptedStatus::param()}};
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<WebhookChannel>(t, c); },
          [](const ConfigTable& t) { return t.texts("urls"); }};
}

}  // namespace guyu
