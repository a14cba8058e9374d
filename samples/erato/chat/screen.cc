#include "samples/erato/chat/screen.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "samples/erato/json.h"
#include "samples/erato/lines.h"

namespace erato::command {
namespace {

constexpr int kInterrupted = 130;  // what shells report for a program ended by Ctrl-C

std::string Format(const char* format, auto... values) {
  char text[256];
  std::snprintf(text, sizeof(text), format, values...);
  return text;
}

/// `text` in lines that begin at column `indent`, the first one's already there.
std::string Wrapped(const std::string& text, int indent) {
  WordWrap wrap(Terminal::Width() - indent);
  std::string lines = wrap.Put(text);
  lines += wrap.Finish();
  for (size_t i = lines.find('\n'); i != std::string::npos; i = lines.find('\n', i + 1)) {
    lines.insert(i + 1, indent, ' ');
  }
  return lines;
}

}  // namespace

Answer WriteAnswer(const Terminal& terminal, bool show_thinking,
                   const std::function<Answer(const Conversation::Write&)>& ask) {
  const QuietInput quiet;
  WordWrap wrap(Terminal::Width(), terminal.bold, terminal.reset);
  bool line_start = true, thinking = false;
  const auto write = [&](std::string_view text) {
    command::Write(text);
    if (!text.empty()) line_start = text.back() == '\n';
  };
  const auto end = [&] {
    if (terminal.output) write(wrap.Finish());
    if (thinking) command::Write(terminal.reset);
    if (!line_start) write("\n");
    thinking = false;
  };
  try {
    const Answer answer = ask([&](std::string_view piece, bool thinks) {
      if (!terminal.output) return write(thinks ? std::string_view() : piece);
      if (thinks && !show_thinking) return;
      if (thinks != thinking) {
        end();
        if (thinks) command::Write(terminal.dim);
        thinking = thinks;
      }
      write(wrap.Put(piece));
    });
    end();
    return answer;
  } catch (const Failure&) {
    end();
    throw;
  }
}

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
  std::printf("%s%s%s\n", terminal_.dim, Wrapped(text, 0).c_str(), terminal_.reset);
}

void Screen::Row(const std::string& left, const std::string& help) const {
  std::printf("  %s  %s%s%s\n", left.c_str(), terminal_.dim,
              Wrapped(help, static_cast<int>(left.size()) + 4).c_str(), terminal_.reset);
}

void Screen::Banner() {
  const std::string info =
      String(Make<erato_text>(erato_model_info, static_cast<const erato_model*>(model_.get())));
  const std::string name = Member(info, "name");
  const double mebibytes = std::strtod(Member(info, "weight_bytes").c_str(), nullptr) / (1 << 20);
  std::printf("%sErato %s%s  %s\n", terminal_.bold, erato_version(), terminal_.reset,
              (name.empty() ? Member(info, "family") : name).c_str());
  Note(Member(info, "device") + Format(", context %d tokens, %.0f MiB of weights.",
                                       erato_model_context_tokens(model_.get()), mebibytes));
  Note("/help lists commands, Ctrl-C stops an answer, Ctrl-D leaves.");
}

Line Screen::ReadMessage() {
  constexpr std::string_view kFence = "\"\"\"";
  Line line = editor_.Read("> ");
  const bool block = line.text.starts_with(kFence);
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

int Screen::Run() {
  Banner();
  for (bool warned = false; !leaving_;) {
    const Line line = ReadMessage();
    if (line.kind == Line::Kind::kEnd) {
      std::puts("");
      break;
    }
    if (line.kind == Line::Kind::kInterrupt) {
      if (warned) return kInterrupted;
      Note("Ctrl-C once more leaves, and so do Ctrl-D and /quit.");
      warned = true;
      continue;
    }
    warned = false;
    if (line.text.find_first_not_of(" \t\n") == std::string::npos) continue;
    try {
      line.text.front() == '/' ? Dispatch(line.text) : Ask(line.text);
    } catch (const Failure& failure) {
      std::printf("%s\n", failure.what());
      if (failure.status() == ERATO_CONTEXT_FULL)
        Note("/new begins anew; /save FILE keeps this chat first.");
    }
  }
  return 0;
}

void Screen::Ask(const std::string& question) {
  Show([&](const Conversation::Write& write) {
    return conversation_->Ask(question, interrupts_, write);
  });
}

void Screen::Show(const std::function<Answer(const Conversation::Write&)>& ask) {
  const Answer answer = WriteAnswer(terminal_, show_thinking_, ask);
  Keep();
  std::string note = answer.finish == ERATO_FINISH_CANCELLED  ? "stopped, "
                     : answer.finish == ERATO_FINISH_DEADLINE ? "out of time, "
                     : answer.finish == ERATO_FINISH_LENGTH   ? "at the most tokens, "
                                                              : "";
  note += std::to_string(answer.tokens) + " tokens";
  if (answer.tokens > 1 && answer.seconds > 0) {
    note += Format(", %.0f a second", static_cast<double>(answer.tokens - 1) / answer.seconds);
  }
  if (answer.tokens > 0) note += Format(", first after %.2f s", answer.prompt_seconds);
  Note(note + ", context " + std::to_string(answer.prompt_tokens + answer.tokens) + " of " +
       std::to_string(erato_model_context_tokens(model_.get())));
}

}  // namespace erato::command
