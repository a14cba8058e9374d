// The slash commands that look at the model, or take another.
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "samples/erato/chat/models_at_hand.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/chat/word_wrap.h"
#include "samples/erato/files.h"
#include "samples/erato/json.h"

namespace erato::command {
namespace {

struct Candidate {
  std::string path, name, about;
};

/// Those at hand that can chat, as far as their files tell without being loaded.
std::vector<Candidate> Candidates() {
  std::vector<Candidate> candidates;
  for (const std::filesystem::path& path : ModelsAtHand()) {
    try {
      const std::string info = String(Make<erato_text>(erato_file_info, path.string().c_str()));
      // Of a folder only loading tells whether it has a template; encoders keep no keys and values.
      const bool file = path.extension() == ".gguf";
      if (file ? Member(info, "has_template") != "true" : Member(info, "kv_bytes_per_token") == "0")
        continue;
      char size[32];
      std::snprintf(size, sizeof(size), ", %.0f MiB",
                    std::strtod(Member(info, "file_bytes").c_str(), nullptr) / (1 << 20));
      candidates.push_back({path.string(), path.stem().string(), Member(info, "family") + size});
    } catch (const Failure&) {  // not a model for chats
    }
  }
  return candidates;
}

}  // namespace

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
    Row(std::to_string(id[i]), DumpText(piece));
  }
  Note(std::to_string(count) + " tokens");
}

void Screen::Template(const std::string&) {
  const erato_model* model = model_.get();
  WordWrap plain(Terminal::Width());  // as it is, but for control characters
  plain.Verbatim(true);
  plain.PutText(String(Make<erato_text>(erato_model_template, model)) + "\n");
  std::fputs(plain.Take().c_str(), stdout);
}

void Screen::Device(const std::string&) {
  Row("this chat", Info("device"));
  const auto padded = [](std::string name) {
    return name.append(9 - std::min<size_t>(9, name.size()), ' ');
  };
  const std::string library = String(Make<erato_text>(erato_library_info));
  for (const std::string& device : Elements(Member(library, "devices"))) {
    const bool usable = Member(device, "usable") == "true";
    Row(padded(Member(device, "name")),
        Member(device, "detail") + (usable ? "" : " (not usable here)"));
  }
  Note("--device and --threads choose at the start.");
}

std::string Screen::Choose(const std::string& name) {
  if (name.find_first_not_of("0123456789") != std::string::npos) return ModelPath(PathOf(name));
  const std::vector<Candidate> candidates = Candidates();
  if (candidates.empty()) throw Failure("The cache has no models; ./run fetch gets some.");
  if (!name.empty()) {
    const size_t number = std::strtoul(name.c_str(), nullptr, 10);
    if (number >= 1 && number <= candidates.size()) return candidates[number - 1].path;
    throw Failure("[/model] number, got " + name + ", expected 1 to " +
                  std::to_string(candidates.size()));
  }
  size_t widest = 0;
  for (const Candidate& candidate : candidates) widest = std::max(widest, candidate.name.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    const std::string blank(widest - candidates[i].name.size(), ' ');
    Row(std::to_string(i + 1) + "  " + candidates[i].name + blank, candidates[i].about);
  }
  const Line line = editor_.Read("Which one (Enter: none)? ");
  if (line.kind != Line::Kind::kText || line.text.empty()) return "";
  return Choose(line.text);
}

void Screen::Model(const std::string& name) {
  const std::string path = Choose(name);
  if (path.empty()) return Note("Nothing has changed.");
  Handle<erato_model> model = load_(path);
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
