#include "capi/src/stop_strings.h"

#include <algorithm>

namespace erato::capi {
namespace {

// Bytes at the end of `text` that are the begin of `stop`, less than all of it.
size_t HopefulTail(std::string_view text, std::string_view stop) {
  size_t bytes = std::min(text.size(), stop.size() - 1);
  while (bytes > 0 && text.substr(text.size() - bytes) != stop.substr(0, bytes)) --bytes;
  return bytes;
}

}  // namespace

bool StopStrings::Push(std::string_view text, std::string& out) {
  held_.append(text);
  // The one that is complete first, and of those that are at once the longest: as if letters came
  // one by one, however the text was cut.
  size_t begin = std::string::npos, end = std::string::npos, tail = 0;
  for (const std::string& stop : stops_) {
    tail = std::max(tail, HopefulTail(held_, stop));
    const size_t found = held_.find(stop);
    if (found == std::string::npos) continue;
    const size_t found_end = found + stop.size();
    if (found_end < end || (found_end == end && found < begin)) begin = found, end = found_end;
  }
  if (begin != std::string::npos) {
    out.append(held_, 0, begin);
    held_.clear();
    return true;
  }
  out.append(held_, 0, held_.size() - tail);
  held_.erase(0, held_.size() - tail);
  return false;
}

void StopStrings::Flush(std::string& out) {
  out += held_;
  held_.clear();
}

}  // namespace erato::capi
