#include "tokenizer/regex/regex.h"

#include <utility>

#include "absl/memory/memory.h"
#include "tokenizer/regex/liveness.h"
#include "tokenizer/regex/program.h"
#include "tokenizer/regex/syntax.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

using regex::Instruction;
using regex::Liveness;
using regex::Program;
using Op = Instruction::Op;

size_t NextCodePoint(std::string_view text, size_t at) {
  return at < text.size() ? at + DecodeCodePoint(text, at).bytes : at + 1;
}

class CompiledRegex final : public Regex {
 public:
  CompiledRegex(Program program, Liveness liveness)
      : program_(std::move(program)), liveness_(std::move(liveness)) {}

  void FindAll(std::string_view text, std::vector<Match>& out) const override {
    std::vector<Liveness::State> states;
    liveness_.Read(text, states);
    size_t last_end = std::string_view::npos;
    for (size_t at = 0; at <= text.size();) {
      if (!liveness_.IsLive(states[at], program_.start)) {
        at = NextCodePoint(text, at);
        continue;
      }
      const size_t end = Walk(text, states, at);
      if (end == at && end == last_end) {
        at = NextCodePoint(text, at);
        continue;
      }
      out.push_back({at, end});
      last_end = at = end;
    }
  }

 private:
  // From a live start every first live choice leads to a match.
  size_t Walk(std::string_view text, const std::vector<Liveness::State>& states, size_t at) const {
    for (uint16_t i = program_.start;;) {
      const Instruction& instruction = program_.code[i];
      switch (instruction.op) {
        case Op::kMatch:
          return at;
        case Op::kSplit:
          i = liveness_.IsLive(states[at], instruction.next) ? instruction.next : instruction.other;
          break;
        case Op::kSet:
          at = NextCodePoint(text, at);
          i = instruction.next;
          break;
        default:
          i = instruction.next;
      }
    }
  }

  const Program program_;
  const Liveness liveness_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Regex>> Regex::Compile(std::string_view pattern) {
  absl::StatusOr<regex::Pattern> tree = regex::Parse(pattern);
  if (!tree.ok()) return tree.status();
  absl::StatusOr<Program> program = regex::Assemble(*std::move(tree));
  if (!program.ok()) return program.status();
  absl::StatusOr<Liveness> liveness = Liveness::Create(*program);
  if (!liveness.ok()) return liveness.status();
  return std::make_unique<const CompiledRegex>(*std::move(program), *std::move(liveness));
}

void Regex::Split(std::string_view text, std::vector<Piece>& out) const {
  std::vector<Match> matches;
  FindAll(text, matches);
  size_t at = 0;
  for (const Match& match : matches) {
    if (match.begin > at) out.push_back({match.begin, false});
    if (match.end > match.begin) out.push_back({match.end, true});
    at = match.end;
  }
  if (at < text.size()) out.push_back({text.size(), false});
}

}  // namespace erato
