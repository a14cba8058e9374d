#include "capi/src/text_reader.h"

#include <algorithm>
#include <utility>

#include "capi/src/error.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

/// Keeps `keep` tokens of the begin or of the end; returns how many go.
size_t Keep(Encoding& text, size_t keep, bool of_end) {
  const size_t gone = text.ids.size() - std::min(keep, text.ids.size());
  const auto cut = [&](auto& list) {
    if (list.size() < gone) return;
    const auto from = of_end ? list.begin() : list.end() - static_cast<std::ptrdiff_t>(gone);
    list.erase(from, from + static_cast<std::ptrdiff_t>(gone));
  };
  cut(text.ids);
  cut(text.offsets);
  return gone;
}

absl::StatusOr<std::string> PrefixOf(const LoadedModel& model, const ReadSettings& settings) {
  if (settings.prefix.has_value()) return *settings.prefix;
  const SentencePrompts& prompts = model.prompts();
  const std::string& name = settings.prompt.empty() ? prompts.usual : settings.prompt;
  if (name.empty()) return std::string();
  const auto found = prompts.texts.find(name);
  if (found != prompts.texts.end()) return found->second;
  std::string known;
  for (const auto& [other, text] : prompts.texts) known += Concat(known.empty() ? "" : ", ", other);
  return Fail(ERATO_INVALID_ARGUMENT,
              Concat("[option prompt] name, got \"", name, "\", expected ",
                     known.empty() ? "none: the model has no prompts" : known),
              "prompt");
}

}  // namespace

absl::StatusOr<int32_t> MostTokens(const LoadedModel& model, const ReadSettings& settings) {
  const int32_t context = model.context_tokens(), meant = model.summary().max_tokens;
  if (settings.max_tokens > context) {
    return Fail(ERATO_INVALID_ARGUMENT,
                Concat("[option max_tokens] value, got ", settings.max_tokens,
                       ", expected at most ", context, ", the model's context"),
                "max_tokens");
  }
  if (settings.max_tokens > 0) return settings.max_tokens;
  return meant > 0 ? std::min(meant, context) : context;
}

absl::StatusOr<TextReader> TextReader::Create(const LoadedModel& model,
                                              const ReadSettings& settings) {
  ERATO_ASSIGN_OR_RETURN(const Tokenizer* tokenizer, model.RequireTokenizer());
  TextReader reader(*tokenizer, settings);
  ERATO_ASSIGN_OR_RETURN(reader.prefix_, PrefixOf(model, settings));
  ERATO_ASSIGN_OR_RETURN(const int32_t most, MostTokens(model, settings));
  reader.most_ = static_cast<size_t>(most);
  const Encoding none;
  ERATO_ASSIGN_OR_RETURN(const Encoding one, From(Origin::kText, tokenizer->AddEnds({}, nullptr)));
  reader.ends_ = one.ids.size();
  const auto pair = tokenizer->AddEnds({}, &none);
  if (pair.ok()) reader.pair_ends_ = pair->ids.size();
  return reader;
}

absl::StatusOr<Encoding> TextReader::Encode(absl::Span<const TextSpan> spans, bool aligned) const {
  if (aligned) {
    return From(Origin::kText, tokenizer_->EncodeDetailed(spans, nullptr, EncodeOptions{}));
  }
  Encoding made;
  ERATO_ASSIGN_OR_RETURN(made.ids, From(Origin::kText, tokenizer_->Encode(spans, EncodeOptions{})));
  return made;
}

/// Cuts both until they fit with their ends; how many tokens that took.
absl::StatusOr<size_t> TextReader::Shorten(Encoding& first, Encoding* second) const {
  const size_t ends = second != nullptr ? pair_ends_ : ends_, one = first.ids.size(),
               other = second != nullptr ? second->ids.size() : 0;
  if (one + other + ends <= most_) return size_t{0};
  const size_t room = most_ - std::min(most_, ends);
  if (settings_->truncate == ReadSettings::Truncate::kNone || room == 0) {
    return Fail(ERATO_CONTEXT_FULL,
                Concat("[text] tokens, got ", one + other + ends, ", expected at most ", most_));
  }
  // Of the longer one's tokens first, then of both alike.
  size_t keep_one = room, keep_other = 0;
  if (second != nullptr) {
    const size_t lesser = std::min({one, other, room / 2});
    keep_one = one <= other ? lesser : room - lesser;
    if (settings_->truncate_pair == ReadSettings::TruncatePair::kFirst) {
      keep_one = room - std::min(room, other);
    } else if (settings_->truncate_pair == ReadSettings::TruncatePair::kSecond) {
      keep_one = std::min(room, one);
    }
    keep_other = room - keep_one;
  }
  const bool of_end = settings_->truncate == ReadSettings::Truncate::kStart;
  size_t gone = Keep(first, keep_one, of_end);
  if (second != nullptr) gone += Keep(*second, keep_other, of_end);
  return gone;
}

absl::StatusOr<ReadText> TextReader::Finish(Encoding first, const Encoding* second) const {
  ReadText read;
  Encoding shorter;
  if (second != nullptr) shorter = *second;
  ERATO_ASSIGN_OR_RETURN(read.left_out, Shorten(first, second != nullptr ? &shorter : nullptr));
  ERATO_ASSIGN_OR_RETURN(
      Encoding whole,
      From(Origin::kText,
           tokenizer_->AddEnds(std::move(first), second != nullptr ? &shorter : nullptr)));
  if (whole.ids.empty()) {
    return Fail(ERATO_INVALID_ARGUMENT, "[text] tokens, got none, expected at least one");
  }
  read.ids = std::move(whole.ids);
  read.segments = std::move(whole.segments);
  read.offsets = std::move(whole.offsets);
  return read;
}

absl::StatusOr<ReadText> TextReader::Read(std::string_view text) const {
  const std::string whole = Concat(prefix_, text);
  const TextSpan span{prefix_.empty() ? text : std::string_view(whole), false};
  ERATO_ASSIGN_OR_RETURN(Encoding encoding, Encode(absl::MakeConstSpan(&span, 1), false));
  return Finish(std::move(encoding), nullptr);
}

absl::StatusOr<ReadText> TextReader::ReadAligned(std::string_view text) const {
  const TextSpan span{text, false};
  ERATO_ASSIGN_OR_RETURN(Encoding encoding, Encode(absl::MakeConstSpan(&span, 1), true));
  return Finish(std::move(encoding), nullptr);
}

absl::StatusOr<Encoding> TextReader::ReadFirst(std::string_view text) const {
  const TextSpan span{text, false};
  return Encode(absl::MakeConstSpan(&span, 1), false);
}

absl::StatusOr<ReadText> TextReader::ReadPair(const Encoding& first,
                                              std::string_view second) const {
  ERATO_ASSIGN_OR_RETURN(const Encoding other, ReadFirst(second));
  return Finish(first, &other);
}

// The template's own words may hold control tokens, query and document may not.
absl::StatusOr<ReadText> TextReader::ReadTemplate(const std::string& source, std::string_view query,
                                                  std::string_view document) const {
  std::vector<TextSpan> spans;
  std::string_view rest = source;
  while (!rest.empty()) {
    const size_t at = std::min(rest.find("{query}"), rest.find("{document}"));
    spans.push_back({rest.substr(0, at), true});
    if (at == std::string_view::npos) break;
    const bool is_query = rest.substr(at).starts_with("{query}");
    spans.push_back({is_query ? query : document, false});
    rest.remove_prefix(at + (is_query ? 7 : 10));
  }
  ERATO_ASSIGN_OR_RETURN(Encoding encoding, Encode(spans, false));
  return Finish(std::move(encoding), nullptr);
}

}  // namespace erato::capi
