// The sections "post_processor" and "decoder": what is put around a text's ids, and how ids read.
#include <utility>

#include "capi/src/tokenizer_json.h"
#include "core/base/concat.h"
#include "core/base/status.h"

namespace erato::capi {
namespace {

using Part = TemplatePart;

Part Special(int32_t id, int32_t segment) {
  Part part;
  part.kind = Part::Kind::kSpecial;
  part.ids = {id};
  part.segment = segment;
  return part;
}

Part Text(Part::Kind kind, int32_t segment) {
  Part part;
  part.kind = kind;
  part.segment = segment;
  return part;
}

// special_tokens[name].ids
absl::Status ReadSpecialIds(const JsonFields& fields, const std::string& name, Part& part) {
  ERATO_ASSIGN_OR_RETURN(const Json* all, fields.Need("special_tokens"));
  ERATO_ASSIGN_OR_RETURN(const JsonFields tokens,
                         JsonFields::Of(*all, Concat(fields.where(), " special_tokens")));
  ERATO_ASSIGN_OR_RETURN(const Json* token, tokens.Need(name));
  ERATO_ASSIGN_OR_RETURN(const JsonFields one,
                         JsonFields::Of(*token, Concat(tokens.where(), " ", Excerpt(name))));
  ERATO_ASSIGN_OR_RETURN(const Json* ids, one.Need("ids"));
  if (!ids->is_array() || ids->size() == 0) return one.Wrong("ids", ids->type_name(), "ids");
  for (const Json& id : *ids->array()) {
    const bool fits = id.is_unsigned() && id.get<uint64_t>() <= uint64_t{INT32_MAX};
    if (!fits) return one.Wrong("ids", Excerpt(WriteJson(id)), "an id");
    part.ids.push_back(id.get<int32_t>());
  }
  return absl::OkStatus();
}

absl::Status ReadPart(const JsonFields& fields, const Json& json, std::vector<Part>& out) {
  ERATO_ASSIGN_OR_RETURN(const JsonFields item,
                         JsonFields::Of(json, Concat(fields.where(), " template")));
  const Json* const special = item.Find("SpecialToken");
  ERATO_ASSIGN_OR_RETURN(const Json* body,
                         item.Need(special != nullptr ? "SpecialToken" : "Sequence"));
  ERATO_ASSIGN_OR_RETURN(const JsonFields part_fields,
                         JsonFields::Of(*body, Concat(fields.where(), " template")));
  Part part;
  ERATO_RETURN_IF_ERROR(part_fields.Read("type_id", part.segment));
  ERATO_ASSIGN_OR_RETURN(const std::string id, part_fields.NeedText("id"));
  if (special != nullptr) {
    part.kind = Part::Kind::kSpecial;
    ERATO_RETURN_IF_ERROR(ReadSpecialIds(fields, id, part));
  } else if (id == "A" || id == "B") {
    part.kind = id == "A" ? Part::Kind::kFirst : Part::Kind::kSecond;
  } else {
    return part_fields.Wrong("id", Excerpt(id), "A or B");
  }
  out.push_back(std::move(part));
  return absl::OkStatus();
}

absl::Status ReadTemplate(const JsonFields& fields, const char* name, std::vector<Part>& out) {
  const Json* const parts = fields.Find(name);
  if (parts == nullptr) return absl::OkStatus();
  if (!parts->is_array()) return fields.Wrong(name, parts->type_name(), "an array");
  for (const Json& part : *parts->array()) ERATO_RETURN_IF_ERROR(ReadPart(fields, part, out));
  return absl::OkStatus();
}

// ["[SEP]", 102]
absl::StatusOr<int32_t> ReadNamedId(const JsonFields& fields, const char* name) {
  ERATO_ASSIGN_OR_RETURN(const Json* json, fields.Need(name));
  const bool fits = json->is_array() && json->size() == 2 && (*json)[1].is_unsigned() &&
                    (*json)[1].get<uint64_t>() <= uint64_t{INT32_MAX};
  if (!fits) return fields.Wrong(name, Excerpt(WriteJson(*json)), "a token and its id");
  return (*json)[1].get<int32_t>();
}

absl::StatusOr<PieceDecoderSpec> ReadDecoder(const JsonFields& fields, std::string_view type) {
  using Kind = PieceDecoderSpec::Kind;
  PieceDecoderSpec spec;
  if (type == "ByteLevel") {
    spec.kind = Kind::kByteLevel;
  } else if (type == "ByteFallback") {
    spec.kind = Kind::kByteFallback;
  } else if (type == "Fuse") {
    spec.kind = Kind::kFuse;
  } else if (type == "WordPiece") {
    spec.kind = Kind::kWordPiece;
    spec.text = "##";
    ERATO_RETURN_IF_ERROR(fields.Read("prefix", spec.text));
    ERATO_RETURN_IF_ERROR(fields.Read("cleanup", spec.cleanup));
  } else if (type == "Metaspace") {
    spec.kind = Kind::kMetaspace;
    spec.text = "\u2581";
    ERATO_RETURN_IF_ERROR(fields.Read("replacement", spec.text));
    ERATO_RETURN_IF_ERROR(fields.Read("add_prefix_space", spec.first_bare));
    std::string scheme = spec.first_bare ? "always" : "never";
    ERATO_RETURN_IF_ERROR(fields.Read("prepend_scheme", scheme));
    spec.first_bare = scheme != "never";
  } else if (type == "Strip") {
    spec.kind = Kind::kStrip;
    ERATO_ASSIGN_OR_RETURN(spec.text, fields.NeedText("content"));
    ERATO_RETURN_IF_ERROR(fields.Read("start", spec.start));
    ERATO_RETURN_IF_ERROR(fields.Read("stop", spec.stop));
  } else if (type == "Replace") {
    spec.kind = Kind::kReplace;
    ERATO_ASSIGN_OR_RETURN(const PatternSpec pattern, ReadPattern(fields));
    if (pattern.is_regex) return fields.Wrong("pattern", Excerpt(pattern.text), "a plain text");
    spec.text = pattern.text;
    ERATO_ASSIGN_OR_RETURN(spec.content, fields.NeedText("content"));
    if (spec.content.size() > 256) {
      return fields.Wrong("content", Concat(spec.content.size(), " bytes"), "at most 256");
    }
  } else if (type == "BPEDecoder") {
    spec.kind = Kind::kBpe;
    spec.text = "</w>";
    ERATO_RETURN_IF_ERROR(fields.Read("suffix", spec.text));
  } else {
    return UnknownComponent(fields, type);
  }
  return spec;
}

}  // namespace

void SetBertTemplate(int32_t cls, int32_t sep, TokenizerSpec& out) {
  out.single = {Special(cls, 0), Text(Part::Kind::kFirst, 0), Special(sep, 0)};
  out.pair = out.single;
  out.pair.push_back(Text(Part::Kind::kSecond, 1));
  out.pair.push_back(Special(sep, 1));
}

void SetRobertaTemplate(int32_t cls, int32_t sep, TokenizerSpec& out) {
  out.single = {Special(cls, 0), Text(Part::Kind::kFirst, 0), Special(sep, 0)};
  out.pair = out.single;
  out.pair.push_back(Special(sep, 0));
  out.pair.push_back(Text(Part::Kind::kSecond, 0));
  out.pair.push_back(Special(sep, 0));
}

absl::Status ReadPostProcessor(const Json& json, TokenizerSpec& out) {
  ERATO_ASSIGN_OR_RETURN(const JsonFields fields,
                         JsonFields::Of(json, "tokenizer.json post_processor"));
  ERATO_ASSIGN_OR_RETURN(const std::string type, fields.NeedText("type"));
  if (type == "ByteLevel") return absl::OkStatus();  // about offsets alone
  if (type == "Sequence") {
    ERATO_ASSIGN_OR_RETURN(const Json* items, fields.Need("processors"));
    if (!items->is_array()) return fields.Wrong("processors", items->type_name(), "an array");
    for (const Json& item : *items->array()) ERATO_RETURN_IF_ERROR(ReadPostProcessor(item, out));
    return absl::OkStatus();
  }
  if (!out.single.empty() || !out.pair.empty()) {
    return fields.Wrong("type", Excerpt(type), "one processor that adds ids");
  }
  if (type == "TemplateProcessing") {
    ERATO_RETURN_IF_ERROR(ReadTemplate(fields, "single", out.single));
    return ReadTemplate(fields, "pair", out.pair);
  }
  if (type != "BertProcessing" && type != "RobertaProcessing") {
    return UnknownComponent(fields, type);
  }
  ERATO_ASSIGN_OR_RETURN(const int32_t cls, ReadNamedId(fields, "cls"));
  ERATO_ASSIGN_OR_RETURN(const int32_t sep, ReadNamedId(fields, "sep"));
  (type == "BertProcessing" ? SetBertTemplate : SetRobertaTemplate)(cls, sep, out);
  return absl::OkStatus();
}

absl::Status ReadDecoders(const Json& json, std::vector<PieceDecoderSpec>& out) {
  ERATO_ASSIGN_OR_RETURN(const JsonFields fields, JsonFields::Of(json, "tokenizer.json decoder"));
  ERATO_ASSIGN_OR_RETURN(const std::string type, fields.NeedText("type"));
  if (type == "Sequence") {
    ERATO_ASSIGN_OR_RETURN(const Json* items, fields.Need("decoders"));
    if (!items->is_array()) return fields.Wrong("decoders", items->type_name(), "an array");
    for (const Json& item : *items->array()) ERATO_RETURN_IF_ERROR(ReadDecoders(item, out));
    return absl::OkStatus();
  }
  ERATO_ASSIGN_OR_RETURN(PieceDecoderSpec spec, ReadDecoder(fields, type));
  out.push_back(std::move(spec));
  return absl::OkStatus();
}

}  // namespace erato::capi
