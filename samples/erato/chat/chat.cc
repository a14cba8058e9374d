// erato chat MODEL: the chatbot. On a terminal a conversation; with a pipe it answers what comes on
// stdin and leaves.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include "samples/erato/cache.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/json.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

constexpr int64_t kPollMs = 50;
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

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Failure("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
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
      values.json ? ask([](std::string_view, bool) {}) : WriteAnswer(terminal, true, ask);
  if (values.json) {
    std::printf(
        "{\"text\": %s, \"reasoning\": %s, \"finish\": \"%s\", \"prompt_tokens\": %lld, "
        "\"generated_tokens\": %lld}\n",
        DumpText(text).c_str(), DumpText(reasoning).c_str(), erato_finish_name(answer.finish),
        static_cast<long long>(answer.prompt_tokens), static_cast<long long>(answer.tokens));
  }
  return answer.finish == ERATO_FINISH_CANCELLED ? kInterrupted : 0;
}

/// Loads with a line of progress on a terminal, where that takes long enough to be seen. Ctrl-C
/// stops it.
Handle<erato_model> Load(const std::string& path, const erato_options* options,
                         const Terminal& terminal, Interrupts& interrupts) {
  const auto load = Make<erato_load>(erato_load_start, path.c_str(), options);
  const Interrupts::Guard guard(interrupts, [raw = load.get()] { erato_load_cancel(raw); });
  erato_model* model = nullptr;
  for (int polls = 0;; ++polls) {
    const bool shown = terminal.interactive() && polls > 4;
    try {
      const bool done = Call(erato_load_finish, load.get(), kPollMs, &model) == ERATO_OK;
      if (shown) {
        std::printf(done ? "\r                \r" : "\rLoading %3.0f %% ",
                    erato_load_progress(load.get()) * 100);
        std::fflush(stdout);
      }
      if (done) return Handle<erato_model>(model);
    } catch (const Failure&) {
      if (shown) std::puts("");
      throw;
    }
  }
}

int Chat(const Values& values) {
  const Terminal terminal = Terminal::Open();
  std::unique_ptr<LineEditor> editor;
  if (terminal.interactive()) {
    const std::filesystem::path cache = CacheFolder();
    editor = LineEditor::Open(terminal, cache.empty() ? cache : cache / "history",
                              Screen::Completions());
  }
  Interrupts interrupts([&] { editor ? editor->OnSignal() : std::_Exit(kInterrupted); });
  const auto load = [&](const std::string& path) {
    return Load(path, values.model.options(), terminal, interrupts);
  };
  Handle<erato_model> model;
  try {
    model = load(values.model.path());
  } catch (const Failure& failure) {
    if (failure.status() == ERATO_CANCELLED) return kInterrupted;
    throw;
  }
  SetSampling(model.get(), values);
  if (!editor) return AnswerPipe(model.get(), values, terminal, interrupts);
  const std::filesystem::path kept = SessionFile(values);
  Screen screen(terminal, *editor, interrupts, std::move(model), values.options.get(), load, kept);
  const bool known = std::filesystem::exists(kept);
  if (values.resume && !known) throw Failure("[--resume] chat, got none that was kept");
  if ((values.resume || values.session) && known) {
    screen.conversation().SetHistory(ReadFile(kept.string()));
  }
  if (values.system) screen.conversation().SetSystem(*values.system);
  if (values.file) screen.conversation().AddContext(ReadFile(*values.file));
  return screen.Run();
}

}  // namespace

void AddChat(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] { return Chat(*values); });
}

}  // namespace erato::command
