// Models that a chat can go on with by name.
#ifndef ERATO_SAMPLES_ERATO_CHAT_MODELS_AT_HAND_H_
#define ERATO_SAMPLES_ERATO_CHAT_MODELS_AT_HAND_H_

#include <filesystem>
#include <string>
#include <vector>

namespace erato::command {

/// In the user's cache, sorted by name: .gguf files, and folders with a config.json.
std::vector<std::filesystem::path> ModelsAtHand();
/// The path of a model that is named as in the cache; anything else is a path itself.
std::string ModelPath(const std::string& name);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_MODELS_AT_HAND_H_
