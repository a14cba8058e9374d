// The slash commands of the chatbot: one function each, and the table that names them.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <utility>

#include "samples/erato/arguments.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/json.h"

namespace erato::command {
namespace {

/// Letters to change, add or drop from one word to the other (Levenshtein 1965).
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

std::string Value(const erato_options* options, erato_option key) {
  switch (erato_option_type_of(key)) {
    case ERATO_OPTION_INT: {
      int64_t value = 0;
      Call(erato_options_get_int, options, key, &value);
      return std::to_string(value);
    }
    case ERATO_OPTION_FLOAT: {
      double value = 0;
      Call(erato_options_get_float, options, key, &value);
      char text[32];
      std::snprintf(text, sizeof(text), "%g", value);
      return text;
    }
    case ERATO_OPTION_BOOL: {
      int32_t value = 0;
      Call(erato_options_get_bool, options, key, &value);
      return value ? "true" : "false";
    }
    default: {
      std::string all;
      const char* text = nullptr;
      size_t bytes = 0;
      for (size_t i = 0;
           erato_options_get_text(options, key, i, &text, &bytes, nullptr) == ERATO_OK; ++i) {
        all += (i ? " | " : "") + std::string(text, bytes);
        if (erato_option_type_of(key) == ERATO_OPTION_TEXT) break;
      }
      return all;
    }
  }
}

/// Memory of this process in RAM.
double ResidentMebibytes() {
  long long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

double Rate(int64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

}  // namespace

const std::vector<Screen::Command>& Screen::Commands() {
  static const std::vector<Command> kCommands = {
      {"/help", "", "this list", &Screen::Help},
      {"/new", "", "forget the chat, keep the system message", &Screen::New},
      {"/system", "TEXT", "set the system message; without TEXT drop it", &Screen::System},
      {"/set", "NAME VALUE", "set an option of the answers; alone: show them", &Screen::Set},
      {"/stats", "", "context, speed and memory", &Screen::Stats},
      {"/save", "FILE", "write the chat to a file", &Screen::Save},
      {"/load", "FILE", "go on with a chat from a file", &Screen::LoadChat},
      {"/retry", "", "another answer to the last question", &Screen::Retry},
      {"/continue", "", "go on with the last answer", &Screen::Continue},
      {"/undo", "", "take the last question and its answer back", &Screen::Undo},
      {"/edit", "", "change the last question in $EDITOR and ask again", &Screen::Edit},
      {"/export", "FILE", "write the chat as Markdown, or as JSON (FILE.json)", &Screen::Export},
      {"/tokens", "TEXT", "the tokens of TEXT; alone: how many the chat has", &Screen::Tokens},
      {"/template", "", "show the model's chat template", &Screen::Template},
      {"/model", "NAME", "go on with another model; alone: those in the cache", &Screen::Model},
      {"/think", "", "show or hide the thinking of models that do", &Screen::Think},
      {"/quit", "", "leave", &Screen::Quit},
  };
  return kCommands;
}

void Screen::Dispatch(const std::string& line) {
  const std::string name = line.substr(0, line.find_first_of(" \t\n"));
  const size_t begin = line.find_first_not_of(" \t\n", name.size());
  const std::string arguments =
      begin == std::string::npos ? ""
                                 : line.substr(begin, line.find_last_not_of(" \t\n") + 1 - begin);
  for (const Command& command : Commands()) {
    if (name == command.name) return (this->*command.run)(arguments);
  }
  const auto nearest = std::min_element(Commands().begin(), Commands().end(),
                                        [&](const Command& a, const Command& b) {
                                          return Distance(name, a.name) < Distance(name, b.name);
                                        });
  std::printf("There is no %s. Did you mean %s? /help lists all.\n", name.c_str(), nearest->name);
}

void Screen::Help(const std::string&) {
  for (const Command& command : Commands()) {
    char left[32];
    std::snprintf(left, sizeof(left), "%-8s %-10s", command.name, command.arguments);
    Row(left, command.help);
  }
  Note("A line that ends with \\ goes on; \"\"\" begins and ends a text of several lines.");
}

void Screen::New(const std::string&) {
  conversation_->Clear();
  Note("A new chat.");
}

void Screen::System(const std::string& text) {
  conversation_->SetSystem(text);
  Note(text.empty() ? "No system message." : "The system message is set.");
}

void Screen::Set(const std::string& arguments) {
  if (arguments.empty()) return ShowOptions();
  const std::string name = arguments.substr(0, arguments.find_first_of(" \t="));
  const size_t begin = arguments.find_first_not_of(" \t=", name.size());
  if (begin == std::string::npos)
    throw Failure("/set " + name + " needs a value; /set alone shows the options");
  SetOption(options_, name, arguments.substr(begin));
  erato_option key = 0;
  Call(erato_option_find, erato_options_kind{ERATO_OPTIONS_GENERATE}, name.data(), name.size(),
       &key);
  Note(name + " is " + Value(options_, key));
}

void Screen::ShowOptions() const {
  for (size_t i = 0; i < erato_option_count(ERATO_OPTIONS_GENERATE); ++i) {
    const erato_option key = erato_option_at(ERATO_OPTIONS_GENERATE, i);
    char left[128];
    std::snprintf(left, sizeof(left), "%-18s %-6s", erato_option_name(key),
                  Value(options_, key).c_str());
    Row(left, erato_option_help(key));
  }
}

void Screen::Stats(const std::string&) {
  constexpr int kBar = 20;
  const Conversation::Totals& all = conversation_->totals();
  const auto used = static_cast<int>(conversation_->CountTokens());
  const int most = std::max(erato_model_context_tokens(model_.get()), 1);
  const int filled = std::min(kBar, (used * kBar + most - 1) / most);
  std::printf("  context   %d of %d tokens [%s%s]\n", used, most, std::string(filled, '#').c_str(),
              std::string(kBar - filled, '.').c_str());
  std::printf("  answers   %lld, %lld tokens, %.1f a second\n", static_cast<long long>(all.answers),
              static_cast<long long>(all.tokens), Rate(all.tokens - all.answers, all.seconds));
  std::printf("  prompts   %lld tokens, %lld of them from the cache, %.1f a second\n",
              static_cast<long long>(all.prompt_tokens), static_cast<long long>(all.reused_tokens),
              Rate(all.prompt_tokens - all.reused_tokens, all.prompt_seconds));
  std::printf("  memory    %.0f MiB\n", ResidentMebibytes());
}

void Screen::Save(const std::string& file) {
  if (file.empty()) throw Failure("/save needs the name of a file");
  Write(file, Indented(conversation_->History()) + "\n");
  Note("Saved to " + file + ".");
}

void Screen::LoadChat(const std::string& file) {
  if (file.empty()) throw Failure("/load needs the name of a file");
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Failure("cannot read " + file);
  conversation_->SetHistory({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  const size_t messages = CountElements(conversation_->History());
  Note("The chat goes on after " + std::to_string(messages) + " messages.");
}

void Screen::Quit(const std::string&) { leaving_ = true; }

}  // namespace erato::command
