// The user's cache: where ./run fetch puts models, and where the chatbot keeps what was typed.
#ifndef ERATO_SAMPLES_ERATO_CACHE_H_
#define ERATO_SAMPLES_ERATO_CACHE_H_

#include <cstdlib>
#include <filesystem>

namespace erato::command {

/// ${XDG_CACHE_HOME:-~/.cache}/erato; empty where neither is known. Perhaps not there yet.
inline std::filesystem::path CacheFolder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/') {
    return std::filesystem::path(cache) / "erato";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::filesystem::path(home) / ".cache" / "erato";
  }
  return {};
}

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CACHE_H_
