// The slash commands that tell what is going on.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

#include "samples/erato/chat/loading.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/json.h"

namespace erato::command {
namespace {

constexpr int kBarColumns = 40;

/// Memory of this process in RAM; 0 where the system does not tell.
double ResidentMebibytes() {
  int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double Rate(int64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

int Percent(int64_t part, int64_t whole) {
  return whole > 0 ? static_cast<int>((part * 100 + whole / 2) / whole) : 0;
}

void Print(const char* format, auto... values) { std::printf(format, values...); }

}  // namespace

void Screen::Stats(const std::string&) {
  const Conversation::Totals& all = conversation_->totals();
  const auto used = static_cast<int64_t>(conversation_->CountTokens());
  const int most = std::max(erato_model_context_tokens(model_.get()), 1);
  const double filled = static_cast<double>(used) / most;
  Print("  context   %s %lld of %d tokens (%d %%)\n", Bar(filled, kBarColumns / 2).c_str(),
        static_cast<long long>(used), most, Percent(used, most));
  Print("  answers   %lld, %lld tokens, %.1f a second\n", static_cast<long long>(all.answers),
        static_cast<long long>(all.tokens), Rate(all.tokens - all.answers, all.seconds));
  Print("  prompts   %lld tokens, %lld of them from the cache (%d %%), %.1f a second\n",
        static_cast<long long>(all.prompt_tokens), static_cast<long long>(all.reused_tokens),
        Percent(all.reused_tokens, all.prompt_tokens),
        Rate(all.prompt_tokens - all.reused_tokens, all.prompt_seconds));
  if (all.answers > 0) {
    Print("  waiting   %.2f s until the first token, on average\n",
          all.prompt_seconds / static_cast<double>(all.answers));
  }
  const erato_model* model = model_.get();
  const std::string stats = String(Make<erato_text>(erato_model_stats, model));
  Print("  memory    %.0f MiB, %s blocks of keys and values among them\n", ResidentMebibytes(),
        Member(stats, "kv_blocks_used").c_str());
}

void Screen::Context(const std::string&) {
  struct Part {
    char letter;
    const char* name;
    int64_t tokens;
  };
  std::array<Part, 5> parts = {{{'s', "system message", 0},
                                {'q', "your messages", 0},
                                {'a', "answers", 0},
                                {'t', "template around them", 0},
                                {'.', "free", 0}}};
  const erato_model* model = model_.get();
  int64_t counted = 0;
  for (const std::string& message : Elements(conversation_->History())) {
    const std::string role = Member(message, "role"), text = Member(message, "content");
    size_t tokens = 0;
    Call(erato_model_count_tokens, model, text.data(), text.size(), int32_t{ERATO_TEXT_PLAIN},
         &tokens);
    parts[role == "system"      ? 0
          : role == "assistant" ? 2
                                : 1]
        .tokens += static_cast<int64_t>(tokens);
    counted += static_cast<int64_t>(tokens);
  }
  const auto used = static_cast<int64_t>(conversation_->CountTokens());
  const int64_t most = std::max(erato_model_context_tokens(model), 1);
  parts[3].tokens = std::max<int64_t>(0, used - counted);
  parts[4].tokens = std::max<int64_t>(0, most - used);
  std::string bar;
  int64_t before = 0;
  for (const Part& part : parts) {  // borders are rounded, so that the bar keeps its length
    const auto at = [&](int64_t tokens) { return (tokens * kBarColumns + most / 2) / most; };
    bar.append(static_cast<size_t>(std::max<int64_t>(
                   0, std::min<int64_t>(kBarColumns, at(before + part.tokens)) - at(before))),
               part.letter);
    before += part.tokens;
  }
  Print("  [%s] %lld of %lld tokens (%d %%)\n", bar.c_str(), static_cast<long long>(used),
        static_cast<long long>(most), Percent(used, most));
  for (const Part& part : parts) {
    Print("  %c %-21s %7lld\n", part.letter, part.name, static_cast<long long>(part.tokens));
  }
}

}  // namespace erato::command
