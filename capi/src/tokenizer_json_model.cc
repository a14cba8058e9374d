// The section "model".
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "capi/src/tokenizer_json.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

using Kind = ModelSpec::Kind;

// Files of before types were written tell themselves apart by their fields.
absl::StatusOr<Kind> KindOf(const JsonFields& fields) {
  std::string type;
  ERATO_RETURN_IF_ERROR(fields.Read("type", type));
  if (type == "BPE" || (type.empty() && fields.Find("merges") != nullptr)) return Kind::kBpe;
  if (type == "Unigram" || (type.empty() && fields.Find("unk_id") != nullptr)) {
    return Kind::kUnigram;
  }
  if (type == "WordPiece" || (type.empty() && fields.Find("max_input_chars_per_word") != nullptr)) {
    return Kind::kWordPiece;
  }
  if (type == "WordLevel" || type.empty()) return Kind::kWordLevel;
  return UnknownComponent(fields, type);
}

// {"piece": id, …}. Ids may have holes, but a few ids must not make a table of millions.
absl::Status ReadTable(const JsonFields& fields, const Json& json, ModelSpec& out) {
  const Json::Object* const members = json.object();
  if (members == nullptr) return fields.Wrong("vocab", json.type_name(), "an object");
  const size_t most = members->size() * 2 + 65536;
  std::vector<bool> taken;
  for (const auto& [piece, value] : *members) {
    const bool whole = value.is_unsigned();
    const uint64_t id = whole ? value.get<uint64_t>() : UINT64_MAX;
    if (!whole || id >= most) {
      return fields.Wrong(Concat("vocab id of \"", Excerpt(piece), "\""), Excerpt(WriteJson(value)),
                          Concat("0 to ", most, " - 1"));
    }
    if (id >= out.pieces.size()) {
      out.pieces.resize(id + 1);
      taken.resize(id + 1);
    }
    if (taken[id]) {
      return fields.Wrong(Concat("vocab id of \"", Excerpt(piece), "\""),
                          Concat(id, " for the second time"), "an id of its own");
    }
    taken[id] = true;
    out.pieces[id] = piece;
  }
  return absl::OkStatus();
}

absl::Status ReadMerges(const JsonFields& fields, ModelSpec& out) {
  ERATO_ASSIGN_OR_RETURN(const Json* json, fields.Need("merges"));
  if (!json->is_array()) return fields.Wrong("merges", json->type_name(), "an array");
  out.merges.reserve(json->size());
  for (const Json& item : *json->array()) {
    const auto wrong = [&] {
      return fields.Wrong(Concat("merge ", out.merges.size()), Excerpt(WriteJson(item)),
                          "two pieces");
    };
    if (item.is_array() && item.size() == 2 && item[0].is_string() && item[1].is_string()) {
      out.merges.emplace_back(*item[0].string(), *item[1].string());
      continue;
    }
    if (!item.is_string()) return wrong();
    const std::string& text = *item.string();
    const size_t space = text.find(' ');
    if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos) {
      return wrong();
    }
    out.merges.emplace_back(text.substr(0, space), text.substr(space + 1));
  }
  return absl::OkStatus();
}

absl::Status ReadBpe(const JsonFields& fields, ModelSpec& out) {
  if (const Json* dropout = fields.Find("dropout"); dropout != nullptr) {
    if (!dropout->is_number() || dropout->get<double>() != 0) {
      return fields.Wrong("dropout", Excerpt(WriteJson(*dropout)),
                          "none: ids would be drawn by chance");
    }
  }
  ERATO_RETURN_IF_ERROR(fields.Read("byte_fallback", out.byte_fallback));
  ERATO_RETURN_IF_ERROR(fields.Read("fuse_unk", out.fuse_unknown));
  ERATO_RETURN_IF_ERROR(fields.Read("ignore_merges", out.ignore_merges));
  ERATO_RETURN_IF_ERROR(fields.Read("continuing_subword_prefix", out.continuing_prefix));
  ERATO_RETURN_IF_ERROR(fields.Read("end_of_word_suffix", out.word_suffix));
  ERATO_RETURN_IF_ERROR(ReadMerges(fields, out));
  if (out.unknown.empty()) return absl::OkStatus();
  for (const std::string& piece : out.pieces) {
    if (piece == out.unknown) return absl::OkStatus();
  }
  return fields.Wrong("unk_token", Excerpt(out.unknown), "a piece of the vocabulary");
}

// Hugging Face's reader (serde_json) takes all digits of a number for one integer, which is rounded
// above 2^53, and then divides by a power of ten. Which of two ways to write "------" has the
// greater sum hangs on that last bit. The digits are the fewest that tell a double apart, which is
// how such files are written.
double ScoreAsRead(double score) {
  char text[32];
  const auto end =
      std::to_chars(text, text + sizeof text, std::abs(score), std::chars_format::scientific).ptr;
  uint64_t digits = 0;
  int exponent = 0, places = 0;
  const char* at = text;
  for (bool fraction = false; *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    digits = digits * 10 + static_cast<uint64_t>(*at - '0');
    places += fraction ? 1 : 0;
  }
  std::from_chars(at[1] == '+' ? at + 2 : at + 1, end, exponent);
  exponent -= places;
  double power = 0;
  const std::string one = Concat("1e", std::abs(exponent));
  if (std::from_chars(one.data(), one.data() + one.size(), power).ec != std::errc()) return score;
  const auto whole = static_cast<double>(digits);
  return std::copysign(exponent < 0 ? whole / power : whole * power, score);
}

// [["piece", score], …]
absl::Status ReadUnigram(const JsonFields& fields, const Json& json, ModelSpec& out) {
  if (!json.is_array()) return fields.Wrong("vocab", json.type_name(), "an array");
  out.pieces.reserve(json.size());
  out.scores.reserve(json.size());
  for (const Json& item : *json.array()) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_number()) {
      return fields.Wrong(Concat("vocab[", out.pieces.size(), "]"), Excerpt(WriteJson(item)),
                          "a piece and its score");
    }
    out.pieces.push_back(*item[0].string());
    out.scores.push_back(ScoreAsRead(item[1].get<double>()));
  }
  ERATO_RETURN_IF_ERROR(fields.Read("byte_fallback", out.byte_fallback));
  return fields.Read("unk_id", out.unknown_id);
}

}  // namespace

absl::Status ReadTokenizerModel(const Json& json, ModelSpec& out) {
  ERATO_ASSIGN_OR_RETURN(const JsonFields fields, JsonFields::Of(json, "tokenizer.json model"));
  ERATO_ASSIGN_OR_RETURN(out.kind, KindOf(fields));
  ERATO_ASSIGN_OR_RETURN(const Json* vocab, fields.Need("vocab"));
  if (out.kind == Kind::kUnigram) return ReadUnigram(fields, *vocab, out);
  ERATO_RETURN_IF_ERROR(ReadTable(fields, *vocab, out));
  ERATO_RETURN_IF_ERROR(fields.Read("unk_token", out.unknown));
  if (out.kind == Kind::kBpe) return ReadBpe(fields, out);
  if (out.kind == Kind::kWordPiece) {
    out.continuing_prefix = "##";
    ERATO_RETURN_IF_ERROR(fields.Read("continuing_subword_prefix", out.continuing_prefix));
    ERATO_RETURN_IF_ERROR(fields.Read("max_input_chars_per_word", out.max_word_letters));
  }
  return absl::OkStatus();
}

}  // namespace erato::capi
