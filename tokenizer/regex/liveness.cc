#include "tokenizer/regex/liveness.h"

#include <map>
#include <unordered_map>
#include <utility>

#include "absl/hash/hash.h"
#include "tokenizer/message.h"
#include "tokenizer/utf8.h"

namespace erato::regex {
namespace {

using Op = Instruction::Op;

constexpr size_t kMostStates = 16384;
// Bounds the time and memory of compiling.
constexpr size_t kMostSteps = size_t{1} << 26;

}  // namespace

// The live set before a code point of `char_class` (at the text's end where `after` is null), with
// a code point of `kind` before it.
Liveness::Bits Liveness::Step(const Program& program, const Bits* after, size_t char_class,
                              size_t kind) const {
  Bits live(words_);
  auto test = [](const Bits& bits, size_t i) { return (bits[i / 64] >> (i % 64) & 1) != 0; };
  for (uint16_t at : program.order) {
    const Instruction& i = program.code[at];
    bool is_live = false;
    switch (i.op) {
      case Op::kMatch:
        is_live = true;
        break;
      case Op::kSet:
        is_live = after != nullptr && classes_.InSet(char_class, i.set) && test(*after, i.next);
        break;
      case Op::kSplit:
        is_live = test(live, i.next) || test(live, i.other);
        break;
      case Op::kBehind:
        is_live = (kind == 0 ? i.negated : classes_.InSet(class_of_kind_[kind], i.set)) &&
                  test(live, i.next);
        break;
      case Op::kAhead:
        is_live = test(live, i.other) != i.negated && test(live, i.next);
        break;
      case Op::kTextEnd:
        is_live = after == nullptr && test(live, i.next);
        break;
    }
    if (is_live) live[at / 64] |= uint64_t{1} << (at % 64);
  }
  return live;
}

void Liveness::FindKinds(const Program& program) {
  std::vector<uint16_t> behind;
  bool tells_begin = false;
  for (const Instruction& i : program.code) {
    if (i.op != Op::kBehind) continue;
    behind.push_back(i.set);
    tells_begin = true;
  }
  std::map<std::vector<bool>, uint8_t> numbers;
  class_of_kind_ = {0};
  for (size_t c = 0; c < classes_.size(); ++c) {
    std::vector<bool> members;
    members.reserve(behind.size());
    for (uint16_t set : behind) members.push_back(classes_.InSet(c, set));
    const auto [place, is_new] =
        numbers.try_emplace(members, static_cast<uint8_t>(class_of_kind_.size()));
    if (is_new) class_of_kind_.push_back(c);
    kind_of_class_.push_back(tells_begin ? place->second : 0);
  }
  if (!tells_begin) class_of_kind_.resize(1);
  kinds_ = class_of_kind_.size();
}

absl::StatusOr<Liveness> Liveness::Create(const Program& program) {
  absl::StatusOr<CharClasses> classes = CharClasses::Create(program.sets);
  if (!classes.ok()) return classes.status();
  Liveness l;
  l.classes_ = *std::move(classes);
  l.FindKinds(program);
  l.words_ = (program.code.size() + 63) / 64;

  std::unordered_map<Bits, State, absl::Hash<Bits>> numbers;
  std::vector<const Bits*> found;  // keys of `numbers`, which do not move
  auto number = [&](Bits bits) {
    const auto [place, is_new] =
        numbers.try_emplace(std::move(bits), static_cast<State>(found.size()));
    if (is_new) found.push_back(&place->first);
    return place->second;
  };
  for (size_t kind = 0; kind < l.kinds_; ++kind) {
    l.at_end_.push_back(number(l.Step(program, nullptr, 0, kind)));
  }
  size_t steps = 0;
  for (size_t state = 0; state < found.size(); ++state) {
    l.next_.resize((state + 1) * l.classes_.size() * l.kinds_);
    for (size_t c = 0; c < l.classes_.size(); ++c) {
      for (size_t kind = 0; kind < l.kinds_; ++kind) {
        steps += program.code.size() + l.words_;
        if (found.size() > kMostStates || steps > kMostSteps) {
          return message::Wrong(
              "[regex] pattern, got an automaton above its limit of states, expected a simpler "
              "pattern");
        }
        const State next = number(l.Step(program, found[state], c, kind));
        l.Next(state, c, kind) = next;
      }
    }
  }
  for (const Bits* bits : found) l.sets_.insert(l.sets_.end(), bits->begin(), bits->end());
  return l;
}

void Liveness::Read(std::string_view text, std::vector<State>& states) const {
  states.resize(text.size() + 1);
  auto begin_before = [&](size_t at) {
    do --at;
    while ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    return at;
  };
  auto class_at = [&](size_t at) { return classes_.Of(DecodeCodePoint(text, at).value); };
  size_t at = text.size();
  if (at == 0) {
    states[0] = at_end_[0];
    return;
  }
  size_t before = begin_before(at);
  uint8_t char_class = class_at(before);
  State state = states[at] = at_end_[kind_of_class_[char_class]];
  const size_t row = classes_.size() * kinds_;
  while (true) {
    at = before;
    const size_t here = char_class;
    size_t kind = 0;
    if (at > 0) {
      before = begin_before(at);
      char_class = class_at(before);
      kind = kind_of_class_[char_class];
    }
    state = states[at] = next_[state * row + here * kinds_ + kind];
    if (at == 0) return;
  }
}

}  // namespace erato::regex
