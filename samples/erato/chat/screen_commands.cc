// The slash commands of the chatbot: one function each, and the table that names them.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "samples/erato/arguments.h"
#include "samples/erato/chat/models_at_hand.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/files.h"

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

/// Files and folders whose path begins with `typed`.
std::vector<std::string> FilesLike(const std::string& typed) {
  const size_t slash = typed.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : typed.substr(0, slash + 1);
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder.empty() ? "." : PathOf(folder), ignored)) {
    const std::string name = entry.path().filename().string();
    const bool hidden = name.front() == '.' && typed.substr(folder.size(), 1) != ".";
    if (!hidden) found.push_back(folder + name + (entry.is_directory(ignored) ? "/" : ""));
  }
  std::sort(found.begin(), found.end());
  return found;
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

/// What other chatbots call a command.
constexpr std::pair<std::string_view, const char*> kElsewhere[] = {
    {"/?", "/help"},    {"/exit", "/quit"},   {"/bye", "/quit"},
    {"/clear", "/new"}, {"/regen", "/retry"}, {"/read", "/file"},
};

}  // namespace

const std::vector<Screen::Command>& Screen::Commands() {
  static const std::vector<Command> kCommands = {
      {"/help", "", "this list", &Screen::Help},
      {"/new", "", "forget the chat, keep the system message", &Screen::New},
      {"/retry", "", "another answer to the last question", &Screen::Retry},
      {"/continue", "", "go on with the last answer", &Screen::Continue},
      {"/undo", "", "take the last question and its answer back", &Screen::Undo},
      {"/edit", "", "change the last question in $EDITOR and ask again", &Screen::Edit},
      {"/file", "FILE", "put a text file before the next question", &Screen::File},
      {"/system", "TEXT", "set the system message; without TEXT drop it", &Screen::System},
      {"/set", "NAME VALUE", "set an option of the answers (VALUE default: back); alone: show them",
       &Screen::Set},
      {"/think", "", "show or hide the thinking of models that do", &Screen::Think},
      {"/model", "NAME", "go on with another model; alone: choose one of the cache",
       &Screen::Model},
      {"/history", "", "show the chat so far", &Screen::History},
      {"/save", "FILE", "write the chat to a file", &Screen::Save},
      {"/load", "FILE", "go on with a chat from a file", &Screen::LoadChat},
      {"/export", "FILE", "write the chat as Markdown, or as JSON (FILE.json)", &Screen::Export},
      {"/context", "", "what fills the context", &Screen::Context},
      {"/stats", "", "speed, cache and memory", &Screen::Stats},
      {"/tokens", "TEXT", "the tokens of TEXT; alone: how many the chat has", &Screen::Tokens},
      {"/template", "", "show the model's chat template", &Screen::Template},
      {"/device", "", "what computes", &Screen::Device},
      {"/quit", "", "leave", &Screen::Quit},
  };
  return kCommands;
}

void Screen::Dispatch(const std::string& line) {
  std::string name = line.substr(0, line.find_first_of(" \t\n"));
  const size_t begin = line.find_first_not_of(" \t\n", name.size());
  const std::string arguments =
      begin == std::string::npos ? ""
                                 : line.substr(begin, line.find_last_not_of(" \t\n") + 1 - begin);
  for (const auto& [theirs, ours] : kElsewhere) {
    if (name == theirs) name = ours;
  }
  for (const Command& command : Commands()) {
    if (name == command.name) return (this->*command.run)(arguments);
  }
  const auto nearest = std::min_element(Commands().begin(), Commands().end(),
                                        [&](const Command& a, const Command& b) {
                                          return Distance(name, a.name) < Distance(name, b.name);
                                        });
  const bool near = Distance(name, nearest->name) <= name.size() / 2;
  std::printf("There is no %s. %s%s%s/help lists all.\n", name.c_str(), near ? "Did you mean " : "",
              near ? nearest->name : "", near ? "? " : "");
}

void Screen::Help(const std::string&) {
  for (const Command& command : Commands()) {
    char left[32];
    std::snprintf(left, sizeof(left), "%-9s %-10s", command.name, command.arguments);
    Row(left, command.help);
  }
  Note("Names from elsewhere work too: /exit /bye /clear /regen /read /?");
  Note(
      "A line that ends with \\ goes on; \"\"\" begins and ends a text of several lines; what is "
      "pasted is one text. Tab completes, Up and Ctrl-R find what was typed before.");
}

/// What Tab offers after a command and a space: option names, models, files.
std::vector<std::string> Screen::Completions(const std::string& typed) {
  std::vector<std::string> all;
  for (const Command& command : Commands()) all.emplace_back(command.name);
  const std::string name = typed.substr(0, typed.find(' '));
  if (name == "/set") {
    for (size_t i = 0; i < erato_option_count(ERATO_OPTIONS_GENERATE); ++i) {
      all.push_back("/set " +
                    std::string(erato_option_name(erato_option_at(ERATO_OPTIONS_GENERATE, i))));
    }
  }
  if (name == "/model") {
    for (const auto& path : ModelsAtHand()) all.push_back("/model " + path.stem().string());
  }
  if (name == "/save" || name == "/load" || name == "/export" || name == "/file") {
    const std::string command = name + " ";
    for (const std::string& file : FilesLike(typed.substr(std::min(typed.size(), command.size()))))
      all.push_back(command + file);
  }
  std::erase_if(all,
                [&](const std::string& line) { return typed.empty() || !line.starts_with(typed); });
  return all;
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
  erato_option key = 0;
  Call(erato_option_find, erato_options_kind{ERATO_OPTIONS_GENERATE}, name.data(), name.size(),
       &key);
  if (arguments.substr(begin) == "default") {
    Call(erato_options_reset, options_, key);
  } else {
    SetOption(options_, name, arguments.substr(begin));
  }
  Note(name + " is " + Value(options_, key));
}

void Screen::ShowOptions() const {
  for (size_t i = 0; i < erato_option_count(ERATO_OPTIONS_GENERATE); ++i) {
    const erato_option key = erato_option_at(ERATO_OPTIONS_GENERATE, i);
    char left[128];
    std::snprintf(left, sizeof(left), "%-18s %-8s", erato_option_name(key),
                  Value(options_, key).c_str());
    Row(left, erato_option_help(key));
  }
}

void Screen::Quit(const std::string&) { leaving_ = true; }

}  // namespace erato::command
