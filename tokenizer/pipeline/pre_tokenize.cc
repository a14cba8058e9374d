#include "tokenizer/pipeline/pre_tokenize.h"

#include <string>

#include "tokenizer/byte_alphabet.h"
#include "tokenizer/pipeline/letter_class.h"
#include "tokenizer/pipeline/pattern.h"
#include "tokenizer/pre_tokenizers/pre_tokenizer.h"
#include "tokenizer/utf8.h"

namespace erato {
namespace {

using Kind = PreTokenizerSpec::Kind;
using Prefix = PreTokenizerSpec::Prefix;

/// Cuts every word further; cut(word, splitter's view) appends what it becomes.
template <typename Cut>
class Cutter final : public PreTokenizerStep {
 public:
  explicit Cutter(Cut cut) : cut_(std::move(cut)) {}
  void Apply(CutText& text) const override {
    std::vector<Word> words;
    words.reserve(text.words.size() * 2);
    for (const Word& word : text.words) cut_(text.View(word), word.begin, words);
    text.words.swap(words);
  }

 private:
  const Cut cut_;
};

template <typename Cut>
std::unique_ptr<const PreTokenizerStep> NewCutter(Cut cut) {
  return std::make_unique<Cutter<Cut>>(std::move(cut));
}

/// Each letter that `is_match` is a match of its own.
template <typename IsMatch>
std::unique_ptr<const PreTokenizerStep> NewLetterCutter(SplitBehavior behavior, IsMatch is_match) {
  return NewCutter([=](std::string_view text, size_t base, std::vector<Word>& out) {
    Splitter splitter(behavior, /*invert=*/false, base, out);
    for (size_t at = 0; at < text.size();) {
      const CodePoint c = DecodeCodePoint(text, at);
      if (is_match(c.value)) splitter.Match(base + at, base + at + c.bytes);
      at += c.bytes;
    }
    splitter.Finish(base + text.size());
  });
}

// \w+|[^\w\s]+
void CutWhitespace(std::string_view text, size_t base, std::vector<Word>& out) {
  enum Class { kNone, kWord, kSign };
  Class open = kNone;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeCodePoint(text, at);
    const Class now = letter::IsWord(c.value) ? kWord : letter::IsSpace(c.value) ? kNone : kSign;
    if (now != kNone && now == open) {
      out.back().end = base + at + c.bytes;
    } else if (now != kNone) {
      out.push_back({base + at, base + at + c.bytes});
    }
    open = now;
    at += c.bytes;
  }
}

// White space removed, each punctuation a word.
void CutBert(std::string_view text, size_t base, std::vector<Word>& out) {
  bool open = false;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = DecodeCodePoint(text, at);
    const bool apart = letter::IsPunctuation(c.value);
    const size_t begin = base + at;
    at += c.bytes;
    if (!apart && letter::IsSpace(c.value)) {
      open = false;
    } else if (!apart && open) {
      out.back().end = base + at;
    } else {
      out.push_back({begin, base + at});
      open = !apart;
    }
  }
}

class Metaspace final : public PreTokenizerStep {
 public:
  explicit Metaspace(const PreTokenizerSpec& spec)
      : replacement_(spec.replacement), prefix_(spec.prefix), split_(spec.split) {}

  void Apply(CutText& cut) const override {
    AlignedText made(cut.text.aligned());
    made.text.reserve(cut.text.text.size() * 5 / 4 + 8);
    std::vector<Word> words;
    for (const Word& word : cut.words) {
      const size_t begin = made.text.size();
      const std::string_view view = cut.View(word);
      const bool bare = view.empty() || (view[0] != ' ' && !view.starts_with(replacement_));
      const bool wanted = prefix_ == Prefix::kAlways ||
                          (prefix_ == Prefix::kFirst && cut.at_begin && word.begin == 0);
      if (bare && wanted) made.Append(replacement_, cut.text.Origin(word.begin, word.begin));
      for (size_t at = word.begin; at < word.end; ++at) {
        if (cut.text.text[at] == ' ') {
          made.Append(replacement_, cut.text.Origin(at, at + 1));
        } else {
          made.AppendFrom(cut.text, at, at + 1);
        }
      }
      AddWords(made.text, begin, words);
    }
    cut.text = std::move(made);
    cut.words.swap(words);
  }

 private:
  void AddWords(std::string_view text, size_t begin, std::vector<Word>& out) const {
    if (!split_) {
      out.push_back({begin, text.size()});
      return;
    }
    Splitter splitter(SplitBehavior::kWithNext, /*invert=*/false, begin, out);
    for (size_t at = begin; (at = text.find(replacement_, at)) != std::string_view::npos;) {
      splitter.Match(at, at + replacement_.size());
      at += replacement_.size();
    }
    splitter.Finish(text.size());
  }

  const std::string replacement_;
  const Prefix prefix_;
  const bool split_;
};

class ByteLevel final : public PreTokenizerStep {
 public:
  explicit ByteLevel(const PreTokenizerSpec& spec)
      : add_space_(spec.add_prefix_space), use_regex_(spec.use_regex) {}

  void Apply(CutText& cut) const override {
    AlignedText spaced(cut.text.aligned());
    std::vector<Word> words;
    for (const Word& word : cut.words) {
      const size_t begin = spaced.text.size();
      if (add_space_ && cut.text.text[word.begin] != ' ') {
        spaced.Append(" ", cut.text.Origin(word.begin, word.begin));
      }
      spaced.AppendFrom(cut.text, word.begin, word.end);
      const std::string_view all = spaced.text;
      const std::string_view view = all.substr(begin);
      for (size_t at = 0; use_regex_ && at < view.size();) {
        const size_t end = Gpt2WordEnd(view, at);
        words.push_back({begin + at, begin + end});
        at = end;
      }
      if (!use_regex_) words.push_back({begin, all.size()});
    }
    cut.text = std::move(spaced);
    cut.words.swap(words);
    Spell(cut);
  }

 private:
  static void Spell(CutText& cut) {
    AlignedText made(cut.text.aligned());
    made.text.reserve(cut.text.text.size() * 5 / 4);
    for (Word& word : cut.words) {
      const size_t begin = made.text.size();
      for (size_t at = word.begin; at < word.end; ++at) {
        const char32_t value = ByteAlphabet()[static_cast<unsigned char>(cut.text.text[at])];
        if (!made.aligned()) {
          AppendUtf8(value, made.text);
        } else {
          std::string letter;
          AppendUtf8(value, letter);
          made.Append(letter, cut.text.Origin(at, at + 1));
        }
      }
      word = {begin, made.text.size()};
    }
    cut.text = std::move(made);
  }

  const bool add_space_, use_regex_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const PreTokenizerStep>> NewPreTokenizerStep(
    const PreTokenizerSpec& spec) {
  switch (spec.kind) {
    case Kind::kByteLevel:
      return std::make_unique<ByteLevel>(spec);
    case Kind::kMetaspace:
      return std::make_unique<Metaspace>(spec);
    case Kind::kWhitespace:
      return NewCutter(CutWhitespace);
    case Kind::kWhitespaceSplit:
      return NewLetterCutter(SplitBehavior::kRemoved, letter::IsSpace);
    case Kind::kBert:
      return NewCutter(CutBert);
    case Kind::kPunctuation:
      return NewLetterCutter(spec.behavior, letter::IsPunctuation);
    case Kind::kDigits:
      return NewLetterCutter(
          spec.individual_digits ? SplitBehavior::kIsolated : SplitBehavior::kContiguous,
          letter::IsNumeric);
    case Kind::kSplit:
      break;
  }
  auto pattern = Pattern::Create(spec.pattern);
  if (!pattern.ok()) return pattern.status();
  return NewCutter([pattern = *std::move(pattern), behavior = spec.behavior, invert = spec.invert](
                       std::string_view text, size_t base, std::vector<Word>& out) {
    Splitter splitter(behavior, invert, base, out);
    pattern.ForEachMatch(
        text, [&](size_t begin, size_t end) { splitter.Match(base + begin, base + end); });
    splitter.Finish(base + text.size());
  });
}

}  // namespace erato
