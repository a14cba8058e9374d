// The slash commands that look at the model, or take another.
#include <algorithm>
#include <cstdio>

#include "samples/erato/cache.h"
#include "samples/erato/chat/screen.h"

namespace erato::command {
namespace {

/// Models in the cache, by name: files and folders.
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

std::string Chosen(const std::string& name) {
  const std::vector<std::filesystem::path> models = ModelsAtHand();
  for (size_t i = 0; i < models.size(); ++i) {
    if (name == std::to_string(i + 1) || name == models[i].filename() || name == models[i].stem()) {
      return models[i].string();
    }
  }
  return name;  // a path
}

}  // namespace

std::vector<std::string> Screen::Completions() {
  std::vector<std::string> all;
  for (const Command& command : Commands()) all.emplace_back(command.name);
  for (size_t i = 0; i < erato_option_count(ERATO_OPTIONS_GENERATE); ++i) {
    all.push_back(std::string("/set ") +
                  erato_option_name(erato_option_at(ERATO_OPTIONS_GENERATE, i)));
  }
  for (const auto& path : ModelsAtHand()) all.push_back("/model " + path.stem().string());
  return all;
}

void Screen::Tokens(const std::string& text) {
  if (text.empty()) return Note(std::to_string(conversation_->CountTokens()) + " tokens");
  const erato_model* model = model_.get();
  const auto ids = Make<erato_ids>(erato_model_tokenize, model, text.data(), text.size(),
                                   int32_t{ERATO_TEXT_PLAIN});
  size_t count = 0;
  const int32_t* id = erato_ids_data(ids.get(), &count);
  for (size_t i = 0; i < count; ++i) {
    const std::string piece =
        String(Make<erato_text>(erato_model_piece, model, id[i], int32_t{ERATO_TEXT_SHOW_SPECIAL}));
    Row(std::to_string(id[i]), "'" + piece + "'");
  }
  Note(std::to_string(count) + " tokens");
}

void Screen::Template(const std::string&) {
  const erato_model* model = model_.get();
  WordWrap plain(1 << 20);  // as it is, but for control characters
  std::string shown = plain.Put(String(Make<erato_text>(erato_model_template, model)));
  std::printf("%s%s\n", shown.c_str(), plain.Finish().c_str());
}

void Screen::Model(const std::string& name) {
  if (name.empty()) {
    const std::vector<std::filesystem::path> models = ModelsAtHand();
    for (size_t i = 0; i < models.size(); ++i) {
      Row(std::to_string(i + 1), models[i].filename().string());
    }
    return Note(models.empty() ? "The cache has no models; ./run fetch gets some."
                               : "/model NUMBER goes on with it.");
  }
  Handle<erato_model> model = load_(Chosen(name));
  auto conversation = std::make_unique<Conversation>(model.get(), options_);
  conversation->SetHistory(conversation_->History());
  conversation_ = std::move(conversation);
  model_ = std::move(model);
  Banner();
}

void Screen::Think(const std::string&) {
  show_thinking_ = !show_thinking_;
  Note(show_thinking_ ? "Thinking is shown." : "Thinking is hidden.");
}

}  // namespace erato::command
