// The sections "normalizer" and "pre_tokenizer".
#include <utility>

#include "absl/strings/escaping.h"
#include "capi/src/tokenizer_json.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

template <typename Kind>
struct Name {
  std::string_view type;
  Kind kind;
};

using Step = NormalizerSpec::Kind;
constexpr Name<Step> kNormalizers[] = {
    {"NFC", Step::kNfc},
    {"NFD", Step::kNfd},
    {"NFKC", Step::kNfkc},
    {"NFKD", Step::kNfkd},
    {"Lowercase", Step::kLowercase},
    {"StripAccents", Step::kStripAccents},
    {"Strip", Step::kStrip},
    {"Prepend", Step::kPrepend},
    {"Replace", Step::kReplace},
    {"Precompiled", Step::kCharsmap},
    {"BertNormalizer", Step::kBert},
    {"ByteLevel", Step::kByteLevel},
};

using Cut = PreTokenizerSpec::Kind;
constexpr Name<Cut> kPreTokenizers[] = {
    {"ByteLevel", Cut::kByteLevel},
    {"Whitespace", Cut::kWhitespace},
    {"WhitespaceSplit", Cut::kWhitespaceSplit},
    {"BertPreTokenizer", Cut::kBert},
    {"Metaspace", Cut::kMetaspace},
    {"Punctuation", Cut::kPunctuation},
    {"Digits", Cut::kDigits},
    {"Split", Cut::kSplit},
};

constexpr Name<SplitBehavior> kBehaviors[] = {
    {"Removed", SplitBehavior::kRemoved},
    {"Isolated", SplitBehavior::kIsolated},
    {"MergedWithPrevious", SplitBehavior::kWithPrevious},
    {"MergedWithNext", SplitBehavior::kWithNext},
    {"Contiguous", SplitBehavior::kContiguous},
};

constexpr Name<PreTokenizerSpec::Prefix> kPrefixes[] = {
    {"always", PreTokenizerSpec::Prefix::kAlways},
    {"first", PreTokenizerSpec::Prefix::kFirst},
    {"never", PreTokenizerSpec::Prefix::kNever},
};

template <typename Kind, size_t kCount>
bool Look(const Name<Kind> (&names)[kCount], std::string_view type, Kind& kind) {
  for (const auto& name : names) {
    if (name.type != type) continue;
    kind = name.kind;
    return true;
  }
  return false;
}

// The JSON reader bounds how deep sequences nest.
template <typename Read>
absl::Status ReadSequence(const JsonFields& fields, const char* name, const Read& read) {
  ERATO_ASSIGN_OR_RETURN(const Json* items, fields.Need(name));
  if (!items->is_array()) return fields.Wrong(name, items->type_name(), "an array");
  for (const Json& item : *items->array()) ERATO_RETURN_IF_ERROR(read(item));
  return absl::OkStatus();
}

// What a step puts into a text bounds how a text can grow.
constexpr size_t kMostContentBytes = 256;

absl::Status ReadContent(const JsonFields& fields, const char* name, std::string& text) {
  ERATO_ASSIGN_OR_RETURN(text, fields.NeedText(name));
  if (text.size() <= kMostContentBytes) return absl::OkStatus();
  return fields.Wrong(name, Concat(text.size(), " bytes"), Concat("at most ", kMostContentBytes));
}

absl::Status ReadBert(const JsonFields& fields, NormalizerSpec& spec) {
  ERATO_RETURN_IF_ERROR(fields.Read("clean_text", spec.clean_text));
  ERATO_RETURN_IF_ERROR(fields.Read("handle_chinese_chars", spec.space_ideographs));
  ERATO_RETURN_IF_ERROR(fields.Read("lowercase", spec.lowercase));
  spec.strip_accents = spec.lowercase;  // unless the file says
  return fields.Read("strip_accents", spec.strip_accents);
}

absl::Status ReadNormalizer(const JsonFields& fields, NormalizerSpec& spec) {
  switch (spec.kind) {
    case Step::kStrip:
      ERATO_RETURN_IF_ERROR(fields.Read("strip_left", spec.left));
      return fields.Read("strip_right", spec.right);
    case Step::kPrepend:
      return ReadContent(fields, "prepend", spec.text);
    case Step::kReplace: {
      ERATO_ASSIGN_OR_RETURN(spec.pattern, ReadPattern(fields));
      return ReadContent(fields, "content", spec.text);
    }
    case Step::kCharsmap: {
      std::string base64;
      ERATO_RETURN_IF_ERROR(fields.Read("precompiled_charsmap", base64));
      if (absl::Base64Unescape(base64, &spec.text)) return absl::OkStatus();
      return fields.Wrong("precompiled_charsmap", "something else", "base64");
    }
    case Step::kBert:
      return ReadBert(fields, spec);
    default:
      return absl::OkStatus();
  }
}

absl::Status ReadMetaspace(const JsonFields& fields, PreTokenizerSpec& spec) {
  ERATO_RETURN_IF_ERROR(fields.Read("replacement", spec.replacement));
  if (spec.replacement.empty() || spec.replacement.size() > 4) {
    return fields.Wrong("replacement", Excerpt(spec.replacement), "a letter");
  }
  bool prefix = true;  // of older files
  ERATO_RETURN_IF_ERROR(fields.Read("add_prefix_space", prefix));
  std::string scheme = prefix ? "always" : "never";
  ERATO_RETURN_IF_ERROR(fields.Read("prepend_scheme", scheme));
  if (!Look(kPrefixes, scheme, spec.prefix)) {
    return fields.Wrong("prepend_scheme", Excerpt(scheme), "always, first or never");
  }
  return fields.Read("split", spec.split);
}

absl::Status ReadBehavior(const JsonFields& fields, PreTokenizerSpec& spec) {
  std::string behavior = "Isolated";
  ERATO_RETURN_IF_ERROR(fields.Read("behavior", behavior));
  if (Look(kBehaviors, behavior, spec.behavior)) return absl::OkStatus();
  return fields.Wrong("behavior", Excerpt(behavior), "one of the five");
}

absl::Status ReadPreTokenizer(const JsonFields& fields, PreTokenizerSpec& spec) {
  switch (spec.kind) {
    case Cut::kByteLevel:
      ERATO_RETURN_IF_ERROR(fields.Read("add_prefix_space", spec.add_prefix_space));
      return fields.Read("use_regex", spec.use_regex);
    case Cut::kMetaspace:
      return ReadMetaspace(fields, spec);
    case Cut::kPunctuation:
      return ReadBehavior(fields, spec);
    case Cut::kDigits:
      return fields.Read("individual_digits", spec.individual_digits);
    case Cut::kSplit: {
      ERATO_ASSIGN_OR_RETURN(spec.pattern, ReadPattern(fields));
      ERATO_RETURN_IF_ERROR(fields.Read("invert", spec.invert));
      return ReadBehavior(fields, spec);
    }
    default:
      return absl::OkStatus();
  }
}

}  // namespace

absl::Status ReadNormalizers(const Json& json, std::vector<NormalizerSpec>& out) {
  ERATO_ASSIGN_OR_RETURN(const JsonFields fields,
                         JsonFields::Of(json, "tokenizer.json normalizer"));
  ERATO_ASSIGN_OR_RETURN(const std::string type, fields.NeedText("type"));
  if (type == "Sequence") {
    return ReadSequence(fields, "normalizers",
                        [&](const Json& item) { return ReadNormalizers(item, out); });
  }
  NormalizerSpec spec;
  if (!Look(kNormalizers, type, spec.kind)) return UnknownComponent(fields, type);
  ERATO_RETURN_IF_ERROR(ReadNormalizer(fields, spec));
  out.push_back(std::move(spec));
  return absl::OkStatus();
}

absl::Status ReadPreTokenizers(const Json& json, std::vector<PreTokenizerSpec>& out) {
  ERATO_ASSIGN_OR_RETURN(const JsonFields fields,
                         JsonFields::Of(json, "tokenizer.json pre_tokenizer"));
  ERATO_ASSIGN_OR_RETURN(const std::string type, fields.NeedText("type"));
  if (type == "Sequence") {
    return ReadSequence(fields, "pretokenizers",
                        [&](const Json& item) { return ReadPreTokenizers(item, out); });
  }
  PreTokenizerSpec spec;
  if (type == "CharDelimiterSplit") {
    spec.kind = Cut::kSplit;
    spec.behavior = SplitBehavior::kRemoved;
    ERATO_ASSIGN_OR_RETURN(spec.pattern.text, fields.NeedText("delimiter"));
  } else {
    if (!Look(kPreTokenizers, type, spec.kind)) return UnknownComponent(fields, type);
    ERATO_RETURN_IF_ERROR(ReadPreTokenizer(fields, spec));
  }
  out.push_back(std::move(spec));
  return absl::OkStatus();
}

}  // namespace erato::capi
