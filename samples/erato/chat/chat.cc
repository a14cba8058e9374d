// erato chat MODEL: the chatbot. On a terminal a conversation; with a pipe it answers what comes on
// stdin and leaves.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "samples/erato/cache.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/lines.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

constexpr int64_t kPollMs = 50;
constexpr int kInterrupted = 130;

struct Values {
  explicit Values(Arguments& arguments) : model(arguments) {
    options = arguments.LibraryOptions(ERATO_OPTIONS_GENERATE);
    arguments.Text("--system", "the system message", &system);
  }
  ModelArgument model;
  Handle<erato_options> options;
  std::optional<std::string> system;
};

/// Loads with a line of progress on a terminal, where that takes long enough to be seen. Ctrl-C
/// stops it.
Handle<erato_model> Load(const ModelArgument& argument, const Terminal& terminal,
                         Interrupts& interrupts) {
  const auto load = Make<erato_load>(erato_load_start, argument.path().c_str(), argument.options());
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
  std::vector<std::string> names;
  for (const Screen::Command& command : Screen::Commands()) names.emplace_back(command.name);
  if (terminal.interactive()) {
    const std::filesystem::path cache = CacheFolder();
    editor =
        LineEditor::Open(terminal, cache.empty() ? cache : cache / "history", std::move(names));
  }
  Interrupts interrupts([&] { editor ? editor->OnSignal() : std::_Exit(kInterrupted); });
  Handle<erato_model> model;
  try {
    model = Load(values.model, terminal, interrupts);
  } catch (const Failure& failure) {
    if (failure.status() == ERATO_CANCELLED) return kInterrupted;
    throw;
  }
  Conversation conversation(model.get(), values.options.get());
  if (values.system) conversation.SetSystem(*values.system);
  if (editor) {
    return Screen(terminal, *editor, interrupts, model.get(), values.options.get(), conversation)
        .Run();
  }
  std::string question = ReadAllInput();
  while (!question.empty() && question.back() == '\n') question.pop_back();
  if (question.empty()) throw Failure("[stdin] question, got nothing, expected text");
  const Answer answer = WriteAnswer(conversation, question, terminal, interrupts);
  return answer.finish == ERATO_FINISH_CANCELLED ? kInterrupted : 0;
}

}  // namespace

void AddChat(Arguments& arguments) {
  auto values = std::make_shared<Values>(arguments);
  arguments.Run([values] { return Chat(*values); });
}

}  // namespace erato::command
