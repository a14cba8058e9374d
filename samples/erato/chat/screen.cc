#include "samples/erato/chat/screen.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "samples/erato/chat/answer_view.h"
#include "samples/erato/chat/word_wrap.h"
#include "samples/erato/json.h"

namespace erato::command {
namespace {

constexpr int kInterrupted = 130;  // what shells report for a program ended by Ctrl-C

std::string Format(const char* format, auto... values) {
  char text[256];
  std::snprintf(text, sizeof(text), format, values...);
  return text;
}

}  // namespace

Screen::Screen(const Terminal& terminal, LineEditor& editor, Interrupts& interrupts,
               Handle<erato_model> model, erato_options* options, Load load,
               std::filesystem::path session_file)
    : terminal_(terminal),
      editor_(editor),
      interrupts_(interrupts),
      model_(std::move(model)),
      options_(options),
      conversation_(std::make_unique<Conversation>(model_.get(), options)),
      load_(std::move(load)),
      session_file_(std::move(session_file)) {}

void Screen::Note(const std::string& text) const {
  WordWrap wrap(Terminal::Width(), terminal_.styled);
  wrap.PutText(text + "\n", kDim);
  std::fputs(wrap.Take().c_str(), stdout);
}

void Screen::Row(const std::string& left, const std::string& help) const {
  WordWrap wrap(Terminal::Width(), terminal_.styled);
  wrap.PutText("  " + left + "  ");
  wrap.Hang(std::string(left.size() + 4, ' '));
  wrap.PutText(help + "\n", kDim);
  std::fputs(wrap.Take().c_str(), stdout);
}

std::string Screen::Info(const std::string& member) const {
  const erato_model* model = model_.get();
  return Member(String(Make<erato_text>(erato_model_info, model)), member);
}

void Screen::Banner() {
  const auto mebibytes = [&](const char* member) {
    return std::strtod(Info(member).c_str(), nullptr) / (1 << 20);
  };
  const int context = erato_model_context_tokens(model_.get());
  const std::string name = Info("name");
  std::printf("%sErato %s%s  %s\n", terminal_.Escape(kBold).c_str(), erato_version(),
              terminal_.Escape(kPlain).c_str(), (name.empty() ? Info("family") : name).c_str());
  Note(Info("device") + Format(", %.0f MiB of weights; context %d tokens, %.0f MiB when full.",
                               mebibytes("weight_bytes"), context,
                               mebibytes("kv_bytes_per_token") * context));
  Note("/help lists commands, Ctrl-C stops an answer, Ctrl-D leaves.");
}

Line Screen::ReadMessage() {
  constexpr std::string_view kFence = "\"\"\"";
  Line line = editor_.Read("> ");
  const bool pasted = line.text.find('\n') != std::string::npos;  // then quotes may be its own
  const bool block = line.text.starts_with(kFence) && (!pasted || line.text.ends_with(kFence));
  if (block) line.text.erase(0, kFence.size());
  const auto open = [&] {
    return block ? !line.text.ends_with(kFence) : line.text.ends_with('\\');
  };
  while (line.kind == Line::Kind::kText && open()) {
    if (!block) line.text.pop_back();
    Line next = editor_.Read(". ");
    line.kind = next.kind;
    line.text += "\n" + next.text;
  }
  if (block && line.text.ends_with(kFence)) line.text.resize(line.text.size() - kFence.size());
  return line;
}

int Screen::Run(bool resumed) {
  Banner();
  if (resumed) ShowLast();
  for (bool warned = false; !leaving_;) {
    const Line line = ReadMessage();
    if (line.kind == Line::Kind::kEnd) {
      std::puts("");
      break;
    }
    if (line.kind == Line::Kind::kInterrupt) {
      if (!line.text.empty()) continue;  // the line is given up
      if (warned) return kInterrupted;
      Note("Ctrl-C once more leaves, and so do Ctrl-D and /quit.");
      warned = true;
      continue;
    }
    warned = false;
    if (line.text.find_first_not_of(" \t\n") == std::string::npos) continue;
    editor_.Remember(line.text);
    Obey(line.text);
  }
  return 0;
}

void Screen::Obey(const std::string& message) {
  const size_t name = message.find_first_of("/ \t\n", 1);
  const bool path = name != std::string::npos && message[name] == '/';  // and no command
  try {
    message.front() == '/' && !path ? Dispatch(message) : Ask(message);
  } catch (const Failure& failure) {
    if (failure.status() == ERATO_CANCELLED) return Note("Stopped.");
    std::printf("%s\n", failure.what());
    if (failure.status() == ERATO_CONTEXT_FULL)
      Note("The model can read no more. /undo or /new make room; /save FILE keeps the chat.");
  } catch (const std::exception& failure) {  // memory, files: the chat goes on
    std::printf("%s\n", failure.what());
  }
}

void Screen::Ask(const std::string& question) {
  Show([&](const Conversation::Write& write) {
    return conversation_->Ask(question, interrupts_, write);
  });
}

void Screen::Show(const Asked& asked, const std::string& begun) {
  const Answer answer = [&] {
    AnswerView view(terminal_, show_thinking_);
    view.Resume(begun);
    return view.Run(asked);
  }();
  Keep();
  const bool stopped = answer.finish == ERATO_FINISH_CANCELLED;
  if (stopped && answer.tokens == 0) return Note("stopped before the answer began");
  std::string note = stopped                                  ? "stopped, "
                     : answer.finish == ERATO_FINISH_DEADLINE ? "out of time, "
                     : answer.finish == ERATO_FINISH_LENGTH   ? "at the most tokens, "
                                                              : "";
  note += std::to_string(answer.tokens) + " tokens";
  if (answer.reasoning_tokens > 0)
    note += " (" + std::to_string(answer.reasoning_tokens) + " thinking)";
  if (answer.tokens > 1 && answer.seconds > 0) {
    note += Format(", %.0f a second", static_cast<double>(answer.tokens - 1) / answer.seconds);
  }
  if (answer.tokens > 0) note += Format(", first after %.2f s", answer.prompt_seconds);
  Note(note + ", context " + std::to_string(answer.prompt_tokens + answer.tokens) + " of " +
       std::to_string(erato_model_context_tokens(model_.get())));
}

void Screen::ShowMessage(const std::string& role, const std::string& text) const {
  if (role == "assistant") {
    AnswerView view(terminal_, show_thinking_);
    view.Put(text, false);
    return view.Finish();
  }
  WordWrap wrap(Terminal::Width(), terminal_.styled);
  wrap.PutText(role == "user" ? "> " : role + ": ", kBold);
  wrap.PutText(text + "\n");
  std::fputs(wrap.Take().c_str(), stdout);
}

void Screen::ShowLast() const {
  const std::vector<std::string> messages = Elements(conversation_->History());
  const size_t shown = std::min<size_t>(messages.size(), 2);
  for (size_t i = messages.size() - shown; i < messages.size(); ++i) {
    ShowMessage(Member(messages[i], "role"), Member(messages[i], "content"));
  }
  // Keys and values of a chat live as long as its session.
  Note("The chat goes on after " + std::to_string(messages.size()) + " messages; the next " +
       "answer reads their " + std::to_string(conversation_->CountTokens()) + " tokens anew.");
}

}  // namespace erato::command
