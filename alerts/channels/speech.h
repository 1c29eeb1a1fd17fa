#pragma once
#include <chrono>
#include <string>

namespace guyu {

// Speech as a WAV file (PCM, 16 bit, one channel) by espeak-ng, in its own process: a text must not bring the dispatcher down or hold it up. `language` is BCP
// 47; zh... is spoken as Mandarin. Throws Error when espeak-ng is not installed, fails, says nothing, or takes longer than `most`.
std::string spoken(const std::string& text, const std::string& language, std::chrono::seconds most = std::chrono::seconds(20));

}  // namespace guyu
