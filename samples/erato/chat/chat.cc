// erato chat MODEL: the chatbot. On a terminal a conversation; with a pipe it answers what comes on
// stdin and leaves.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <utility>

#include "samples/erato/cache.h"
#include "samples/erato/chat/answer_view.h"
#include "samples/erato/chat/loading.h"
#include "samples/erato/chat/models_at_hand.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/files.h"
#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

constexpr int kInterrupted = 130;

struct Values {
  explicit Values(Arguments& arguments) : model(arguments) {
    options = arguments.LibraryOptions(ERATO_OPTIONS_GENERATE, &given);
    arguments.Text("--system", "the system message", &system);
    arguments.Text("--file", "a text file that stands before the first question", &file);
    arguments.Text("--session", "name of a chat to go on with, kept after each answer", &session);
    arguments.Flag("--resume", "go on with the chat before this one", &resume);
    arguments.Flag("--json", "from a pipe: one JSON object for the answer", &json);
    arguments.AtMostOne("--session", "--resume");
    arguments.Footer(
        "Ends with 0; 1 where it could not be done, and a line on stderr says why; 2 for a command "
        "line that makes no sense; 130 after Ctrl-C. MODEL may be a name in the cache.");
  }
  ModelArgument model;
  Handle<erato_options> options;
  std::set<std::string> given;  // options that the line sets
  std::optional<std::string> system, file, session;
  bool resume = false, json = false;
};

/// What the model's makers recommend, else what suits small chat models, wherever the line does not
/// say otherwise.
void SetSampling(const erato_model* model, const Values& values) {
  const std::string info = String(Make<erato_text>(erato_model_info, model));
  const std::string recommended = Member(info, "sampling");
  const auto set = [&](const std::string& name, const std::string& value) {
    if (values.given.count(name) == 0) SetOption(values.options.get(), name, value);
  };
  const std::vector<std::string> names = MemberNames(recommended);
  for (const std::string& name : names) {
    const std::string value = Member(recommended, name);
    set(name, value.ends_with(".0") ? value.substr(0, value.size() - 2) : value);
  }
  if (!names.empty()) return;
  set("temperature", "0.2");
  set("top_p", "0.9");
  set("repetition_penalty", "1.1");  // small models fall into loops
}

/// Where the chat is kept: the named one, or the last one.
std::filesystem::path SessionFile(const Values& values) {
  const std::filesystem::path cache = CacheFolder();
  const std::string name = values.session.value_or("last");
  if (name.empty() || name.find('/') != std::string::npos || name.front() == '.') {
    throw Failure("[--session] name, got \"" + name + "\", expected one without slashes");
  }
  return cache.empty() ? cache : cache / "sessions" / (name + ".json");
}

/// One question from a pipe: the answer on stdout and nothing else.
int AnswerPipe(const erato_model* model, const Values& values, const Terminal& terminal,
               Interrupts& interrupts) {
  Conversation conversation(model, values.options.get());
  if (values.system) conversation.SetSystem(*values.system);
  std::string question = ReadAllInput();
  while (!question.empty() && question.back() == '\n') question.pop_back();
  if (values.file) question = ReadFile(*values.file) + "\n\n" + question;
  if (question.empty()) throw Failure("[stdin] question, got nothing, expected text");
  std::string text, reasoning;
  const auto ask = [&](const Conversation::Write& write) {
    return conversation.Ask(question, interrupts, [&](std::string_view piece, bool thinking) {
      (thinking ? reasoning : text) += piece;
      if (!values.json) write(piece, thinking);
    });
  };
  const Answer answer =
      values.json ? ask([](std::string_view, bool) {}) : AnswerView(terminal, true).Run(ask);
  if (values.json) {
    std::printf(
        "{\"text\": %s, \"reasoning\": %s, \"finish\": \"%s\", \"prompt_tokens\": %lld, "
        "\"generated_tokens\": %lld}\n",
        DumpText(text).c_str(), DumpText(reasoning).c_str(), erato_finish_name(answer.finish),
        static_cast<long long>(answer.prompt_tokens), static_cast<long long>(answer.tokens));
  }
  return answer.finish == ERATO_FINISH_CANCELLED ? kInterrupted : 0;
}

/// Ends at once, with the terminal as it was. Chats and history are on disk already.
[[noreturn]] void Leave(const Terminal& terminal, int signal) {
  Terminal::Restore();
  if (terminal.interactive() && !terminal.dumb) {
    constexpr std::string_view kPlainAgain = "\033[0m\033[?2004l\n";
    [[maybe_unused]] const ssize_t written =
        write(STDOUT_FILENO, kPlainAgain.data(), kPlainAgain.size());
  }
  std::_Exit(128 + signal);  // as shells report it
}

int Chat(const Values& values) {
  const Terminal terminal = Terminal::Open();
  std::unique_ptr<LineEditor> editor;
  if (terminal.interactive()) {
    const std::filesystem::path cache = CacheFolder();
    editor =
        LineEditor::Open(terminal, cache.empty() ? cache : cache / "history", Screen::Completions);
  }
  Interrupts interrupts([&] { editor ? editor->OnSignal() : std::_Exit(kInterrupted); },
                        [&](int signal) { Leave(terminal, signal); });
  const auto load = [&](const std::string& path) {
    return Load(path, values.model.options(), terminal, interrupts);
  };
  Handle<erato_model> model;
  try {
    model = load(ModelPath(values.model.path()));
  } catch (const Failure& failure) {
    if (failure.status() == ERATO_CANCELLED) return kInterrupted;
    throw;
  }
  // A model that the chat takes later has its own.
  Call(erato_options_reset, values.model.options(), erato_option{ERATO_LOAD_TEMPLATE});
  SetSampling(model.get(), values);
  if (!editor) return AnswerPipe(model.get(), values, terminal, interrupts);
  const std::filesystem::path kept = SessionFile(values);
  Screen screen(terminal, *editor, interrupts, std::move(model), values.options.get(), load, kept);
  const bool known = std::filesystem::exists(kept);
  if (values.resume && !known) throw Failure("[--resume] chat, got none that was kept");
  const bool resumed = (values.resume || values.session) && known;
  if (resumed) {
    screen.conversation().SetHistory(ReadFile(kept.string()));
  }
  if (values.system) screen.conversation().SetSystem(*values.system);
  if (values.file) screen.conversation().AddContext(ReadFile(*values.file));
  return screen.Run(resumed);
}

}  // namespace

void AddChat(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] { return Chat(*values); });
}

}  // namespace erato::command
