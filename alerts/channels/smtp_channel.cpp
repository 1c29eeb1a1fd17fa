// Electronic mail (RFC 5321, 5322, 2045 to 2047) by libcurl: the words of every language as text, the CAP bytes as an attachment. One target is one recipient.
// What the server took is "accepted": nobody knows who reads it. What it says for good of sender, recipient or message (550 to 556) is a refusal; all else is
// tried again. The Message-ID is made from the delivery's key, so that mail programs see that a repeat is one.
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <mutex>

#include "alerts/cap/canonical_base64.h"
#include "alerts/cap/secret_file.h"
#include "alerts/channels/accepted_status.h"
#include "alerts/channels/message_template.h"
#include "alerts/channels/registry.h"
#include "engine/core/error.h"
#include "engine/core/hash.h"

namespace guyu {
namespace {
using Clock = std::chrono::steady_clock;

// RFC 2047: words of at most 75 characters, cut between UTF-8 characters.
std::string encoded_header(const std::string& text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; }) && text.size() < 70) return text;
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = std::min(begin + 42, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    out += (out.empty() ? "" : "\r\n ") + std::string("=?UTF-8?B?") + encode_base64(std::string_view(text).substr(begin, end - begin)) + "?=";
    begin = end;
  }
  return out;
}

std::string mail_date(TimePoint t) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day d(day);
  const std::chrono::hh_mm_ss clock(t - day);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(d.day()),
                     kMonths[static_cast<unsigned>(d.month()) - 1], static_cast<int>(d.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

bool is_address(const std::string& a) {
  const std::size_t at = a.find('@');
  return at != std::string::npos && at > 0 && at + 1 < a.size() && a.find_first_of(" <>,;|\r\n\t\"") == std::string::npos;
}

std::string plain_text(const OutgoingMessage& m) {
  std::string text;
  for (const OutgoingText& t : m.texts) {
    if (!text.empty()) text += "\r\n----\r\n\r\n";
    text += t.headline + "\r\n\r\n" + t.description + "\r\n\r\n" + t.instruction + "\r\n";
    if (!t.area.empty()) text += "\r\n" + t.area + "\r\n";
  }
  return text + "\r\n" + m.identifier + "\r\n";
}

class SmtpChannel : public Channel {
 public:
  SmtpChannel(const ConfigTable& t, const ChannelContext& context)
      : status_(t), now_(context.now), subject_(t.text("subject"), t.place("subject")), from_(t.text("from")), user_(t.text("user")), ca_(t.text("ca_file")),
        security_(t.text("security")), timeout_(t.duration("timeout")) {
    if (!is_address(from_)) throw Error(t.place("from"), "'" + from_ + "' is no mail address");
    for (const std::string& to : t.texts("to"))
      if (!is_address(to)) throw Error(t.place("to"), "'" + to + "' is no mail address");
    if (!t.text("password_file").empty()) password_ = read_secret_word(t.text("password_file"));
    url_ = fmt::format("{}://{}:{}", security_ == "tls" ? "smtps" : "smtp", t.text("host"), t.integer("port"));
    static std::once_flag once;
    std::call_once(once, [] {
      curl_global_init(CURL_GLOBAL_DEFAULT);
      std::signal(SIGPIPE, SIG_IGN);  // with CURLOPT_NOSIGNAL libcurl leaves it to us
    });
    easy_.reset(curl_easy_init());
    if (!easy_) throw Error(t.place("host"), "libcurl cannot be started");
  }

  std::vector<Outcome> deliver(std::span<const Delivery> batch) override {
    const Clock::time_point deadline = Clock::now() + timeout_;
    std::vector<Outcome> outcomes;
    for (const Delivery& d : batch) {
      if (auto refusal = status_.refusal(*d.message)) {
        outcomes.push_back(*refusal);
        continue;
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      outcomes.push_back(left.count() > 0 ? send(d, left) : Outcome{Verdict::retry, "no time left in this batch", {}});
    }
    return outcomes;
  }

 private:
  Outcome send(const Delivery& d, std::chrono::milliseconds left) {
    CURL* c = easy_.get();
    curl_easy_reset(c);  // connections are kept
    char why[CURL_ERROR_SIZE] = {};
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(c, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    if (security_ != "none") curl_easy_setopt(c, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    if (!ca_.empty()) {
      curl_easy_setopt(c, CURLOPT_CAINFO, ca_.c_str());
      curl_easy_setopt(c, CURLOPT_CAPATH, nullptr);  // this authority and no other
    }
    if (!user_.empty()) {
      curl_easy_setopt(c, CURLOPT_USERNAME, user_.c_str());
      curl_easy_setopt(c, CURLOPT_PASSWORD, password_.c_str());
    }
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, from_.c_str());
    const List to(curl_slist_append(nullptr, d.target.c_str()), curl_slist_free_all);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to.get());
    curl_slist* headers = nullptr;
    const std::string domain = from_.substr(from_.find('@') + 1);
    for (const std::string& h : {"From: <" + from_ + ">", "To: <" + d.target + ">", "Subject: " + encoded_header(subject(d)), "Date: " + mail_date(now_()),
                                 "Message-ID: <" + Hasher().text(d.key).short_hex() + "@" + domain + ">", "X-Guyu-Key: " + encoded_header(d.key),
                                 std::string("Auto-Submitted: auto-generated")})
      headers = curl_slist_append(headers, h.c_str());
    const List kept(headers, curl_slist_free_all);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    const std::unique_ptr<curl_mime, decltype(&curl_mime_free)> mime(curl_mime_init(c), curl_mime_free);
    const std::string text = plain_text(*d.message);
    curl_mimepart* words = curl_mime_addpart(mime.get());
    curl_mime_data(words, text.data(), text.size());
    curl_mime_type(words, "text/plain; charset=utf-8");
    curl_mime_encoder(words, "base64");
    curl_mimepart* cap = curl_mime_addpart(mime.get());
    curl_mime_data(cap, d.message->xml.data(), d.message->xml.size());
    curl_mime_type(cap, "application/cap+xml");
    curl_mime_filename(cap, (d.message->identifier + ".xml").c_str());
    curl_mime_encoder(cap, "base64");  // the signature holds for these very bytes
    curl_easy_setopt(c, CURLOPT_MIMEPOST, mime.get());
    const CURLcode code = curl_easy_perform(c);
    long answer = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer);
    curl_easy_setopt(c, CURLOPT_MIMEPOST, nullptr);
    if (code == CURLE_OK) return {Verdict::accepted, "taken by the mail server", {}};
    const std::string detail = fmt::format("{}{}", why[0] ? why : curl_easy_strerror(code), answer > 0 ? fmt::format(" ({})", answer) : "");
    // Only what the server says of sender, recipient or message (550 to 556) is final; a password that is wrong or missing (530, 534, 535) and a certificate
    // can be put right.
    const bool final = answer >= 550 && answer <= 556 && code != CURLE_LOGIN_DENIED && code != CURLE_USE_SSL_FAILED;
    return {final ? Verdict::refused : Verdict::retry, detail, {}};
  }

  std::string subject(const Delivery& d) const {
    std::string text = subject_.fill(d);
    std::replace_if(
        text.begin(), text.end(), [](char ch) { return ch == '\r' || ch == '\n'; }, ' ');
    return text;
  }

  using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
  AcceptedStatus status_;
  std::function<TimePoint()> now_;
  MessageTemplate subject_;
  std::string from_, user_, password_, ca_, security_, url_;
  Seconds timeout_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_{nullptr, curl_easy_cleanup};
};

}  // namespace

ChannelKind smtp_kind() {
  using P = ParamType;
  TableSpec spec{"smtp",
                 "Electronic mail with the CAP message attached.",
                 true,
                 false,
                 {{"host", P::text, "Mail server"},
                  {"port", P::integer, "Its port", "587", "", 1, 65535},
                  {"security",
                   P::text,
                   "starttls: the connection must be upgraded; tls: encrypted from the start; none: only within a trusted network",
                   "starttls",
                   "",
                   0,
                   0,
                   {"starttls", "tls", "none"}},
                  {"ca_file", P::text, "Authority (PEM) that the server's certificate must come from; empty: the system's", ""},
                  {"user", P::text, "User at the server; empty: none", ""},
                  {"password_file", P::text, "File with the user's password", ""},
                  {"from", P::text, "Sender's address"},
                  {"to", P::text_list, "Recipients; each is a target of its own"},
                  {"subject", P::text, "Subject; may hold {headline} {level} {hazard} {region} {msg_type} ...", "{headline}"},
                  {"timeout", P::duration, "The longest that one batch may take", "60 s", "", 1, 600},
                  AcceptedStatus::param()}};
  return {std::move(spec), [](const ConfigTable& t, const ChannelContext& c) { return std::make_unique<SmtpChannel>(t, c); },
          [](const ConfigTable& t) { return t.texts("to"); }};
}

}  // namespace guyu
