#include "samples/erato/chat/models_at_hand.h"

#include <algorithm>

#include "samples/erato/cache.h"

namespace erato::command {

std::vector<std::filesystem::path> ModelsAtHand() {
  std::vector<std::filesystem::path> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(CacheFolder() / "models", ignored)) {
    const bool folder = std::filesystem::exists(entry.path() / "config.json", ignored);
    if (folder || entry.path().extension() == ".gguf") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string ModelPath(const std::string& name) {
  std::error_code ignored;
  if (std::filesystem::exists(name, ignored)) return name;
  for (const std::filesystem::path& path : ModelsAtHand()) {
    if (name == path.filename() || name == path.stem()) return path.string();
  }
  return name;
}

}  // namespace erato::command
