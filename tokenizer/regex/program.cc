// Thompson's construction (1968), from the end to the begin: each node is assembled knowing what
// follows it.
#include "tokenizer/regex/program.h"

#include <utility>

#include "tokenizer/message.h"

namespace erato::regex {
namespace {

using Op = Instruction::Op;
using Kind = Node::Kind;

constexpr size_t kMostInstructions = 8192;

class Assembler {
 public:
  // The start of the program for `node` before `next`. Where the program grows too long the result
  // means nothing and too_long() is true.
  uint16_t Add(const Node& node, uint16_t next) {
    if (too_long()) return 0;
    switch (node.kind) {
      case Kind::kEmpty:
        return next;
      case Kind::kSet:
        return Emit({.op = Op::kSet, .set = static_cast<uint16_t>(node.set), .next = next});
      case Kind::kConcat:
        for (size_t i = node.children.size(); i > 0; --i) next = Add(node.children[i - 1], next);
        return next;
      case Kind::kAlternate: {
        uint16_t rest = Add(node.children.back(), next);
        for (size_t i = node.children.size() - 1; i > 0; --i) {
          const uint16_t branch = Add(node.children[i - 1], next);
          rest = Emit({.op = Op::kSplit, .next = branch, .other = rest});
        }
        return rest;
      }
      case Kind::kRepeat:
        return AddRepeat(node, next);
      case Kind::kAhead: {
        const uint16_t body = Add(node.children[0], Emit({.op = Op::kMatch}));
        return Emit({.op = Op::kAhead, .negated = node.negated, .next = next, .other = body});
      }
      case Kind::kBehind:
        return Emit({.op = Op::kBehind,
                     .negated = node.negated,
                     .set = static_cast<uint16_t>(node.set),
                     .next = next});
      case Kind::kTextEnd:
        return Emit({.op = Op::kTextEnd, .next = next});
    }
    return next;
  }

  bool too_long() const { return code_.size() > kMostInstructions; }
  std::vector<Instruction>& code() { return code_; }

 private:
  uint16_t Emit(const Instruction& instruction) {
    if (!too_long()) code_.push_back(instruction);
    return static_cast<uint16_t>(code_.size() - 1);
  }

  void Choose(uint16_t split, bool greedy, uint16_t body, uint16_t exit) {
    code_[split].next = greedy ? body : exit;
    code_[split].other = greedy ? exit : body;
  }

  uint16_t AddRepeat(const Node& node, uint16_t next) {
    const Node& body = node.children[0];
    uint16_t at = next;
    if (node.max < 0) {
      at = Emit({.op = Op::kSplit});
      Choose(at, node.greedy, Add(body, at), next);
    }
    for (int i = node.min; i < node.max && !too_long(); ++i) {
      const uint16_t once = Add(body, at);
      at = Emit({.op = Op::kSplit});
      Choose(at, node.greedy, once, next);
    }
    for (int i = 0; i < node.min && !too_long(); ++i) at = Add(body, at);
    return at;
  }

  std::vector<Instruction> code_;
};

// What an instruction may go to without taking a code point.
std::vector<uint16_t> Followers(const Instruction& i) {
  switch (i.op) {
    case Op::kMatch:
    case Op::kSet:
      return {};
    case Op::kSplit:
    case Op::kAhead:
      return {i.next, i.other};
    default:
      return {i.next};
  }
}

// Depth first, without recursion; false where there is a cycle.
bool Order(const std::vector<Instruction>& code, std::vector<uint16_t>& order) {
  enum class State : uint8_t { kNew, kOpen, kDone };
  std::vector<State> states(code.size(), State::kNew);
  std::vector<uint16_t> stack;
  for (size_t root = 0; root < code.size(); ++root) {
    stack.push_back(static_cast<uint16_t>(root));
    while (!stack.empty()) {
      const uint16_t at = stack.back();
      if (states[at] != State::kNew) {
        if (states[at] == State::kOpen) order.push_back(at);
        states[at] = State::kDone;
        stack.pop_back();
        continue;
      }
      states[at] = State::kOpen;
      for (uint16_t follower : Followers(code[at])) {
        if (states[follower] == State::kOpen) return false;
        if (states[follower] == State::kNew) stack.push_back(follower);
      }
    }
  }
  return true;
}

}  // namespace

absl::StatusOr<Program> Assemble(Pattern pattern) {
  Assembler assembler;
  const uint16_t match = assembler.Add({.kind = Kind::kEmpty}, 0);
  assembler.code().push_back({.op = Op::kMatch});
  Program program;
  program.start = assembler.Add(pattern.root, match);
  if (assembler.too_long()) {
    return message::Wrong("[regex] pattern, got a program of more than ", kMostInstructions,
                          " instructions, expected fewer repeats");
  }
  program.code = std::move(assembler.code());
  program.sets = std::move(pattern.sets);
  if (!Order(program.code, program.order)) {
    return message::Wrong(
        "[regex] pattern, got a repeat of a part that may match nothing, expected one that takes "
        "a code point");
  }
  return program;
}

}  // namespace erato::regex
