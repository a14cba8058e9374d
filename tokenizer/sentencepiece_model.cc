// The message ModelProto of sentencepiece_model.proto, in the wire format of protocol buffers
// (protobuf.dev, "Encoding"): a field is a varint, field number << 3 | wire type, then its value.
// Five fields of forty are needed, so that this page stands in for a library: every length is
// checked against what is left, nothing recurses, and what is kept is no longer than the file.
#include "tokenizer/sentencepiece_model.h"

#include <cstdint>
#include <cstring>
#include <string>

#include "tokenizer/message.h"

namespace erato {
namespace {

using PieceType = Vocabulary::PieceType;

constexpr size_t kMostFileBytes = size_t{64} << 20;
constexpr size_t kMostPieces = size_t{1} << 22;

// Field numbers of the proto file.
namespace model {
constexpr uint32_t kPieces = 1, kTrainer = 2, kNormalizer = 3, kDenormalizer = 5;
}
namespace piece {
constexpr uint32_t kText = 1, kScore = 2, kType = 3;
}
namespace trainer {
constexpr uint32_t kModelType = 3, kSpaceSuffix = 24, kBosPiece = 46, kEosPiece = 47,
                   kPadPiece = 48;
constexpr uint64_t kUnigram = 1, kBpe = 2;
}  // namespace trainer
namespace normalizer {
constexpr uint32_t kCharsmap = 2, kDummyPrefix = 3, kTidy = 4, kEscape = 5;
}

struct Field {
  uint32_t number = 0;
  uint64_t value = 0;      // of a varint; the bits of a fixed32
  std::string_view bytes;  // of a field with a length
  bool is_bytes = false;
};

// The fields of one message, one after the other. `base`: where it lies in the file.
class Fields {
 public:
  Fields(std::string_view bytes, size_t base) : bytes_(bytes), base_(base) {}

  bool at_end() const { return at_ == bytes_.size(); }
  size_t offset() const { return base_ + at_; }
  /// Where the last field's bytes lie in the file.
  size_t bytes_offset(const Field& field) const { return offset() - field.bytes.size(); }

  absl::Status Next(Field& field) {
    uint64_t tag = 0;
    if (!Varint(tag) || tag >> 3 == 0 || tag >> 35 != 0) return Broken("a field");
    field = Field();
    field.number = static_cast<uint32_t>(tag >> 3);
    switch (tag & 7) {
      case 0:
        return Varint(field.value) ? absl::OkStatus() : Broken("a varint of 10 bytes at most");
      case 1:
        return Fixed(8, field.value);
      case 2: {
        uint64_t size = 0;
        if (!Varint(size) || size > bytes_.size() - at_) return Broken("a length within the file");
        field.bytes = bytes_.substr(at_, size);
        field.is_bytes = true;
        at_ += size;
        return absl::OkStatus();
      }
      case 5:
        return Fixed(4, field.value);
      default:
        return Broken("wire type 0, 1, 2 or 5");
    }
  }

 private:
  absl::Status Broken(const char* expected) const {
    return message::Wrong("[sentencepiece model] field at byte ", offset(), ", got ",
                          at_ < bytes_.size() ? "something else" : "the end", ", expected ",
                          expected);
  }
  bool Varint(uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 70 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= shift < 64 ? static_cast<uint64_t>(byte & 0x7F) << shift : 0;
      if (byte < 0x80) return true;
    }
    return false;
  }
  absl::Status Fixed(size_t size, uint64_t& value) {
    if (bytes_.size() - at_ < size) return Broken("more bytes");
    value = 0;
    for (size_t i = 0; i < size; ++i) {
      value |= static_cast<uint64_t>(static_cast<unsigned char>(bytes_[at_++])) << (8 * i);
    }
    return absl::OkStatus();
  }

  std::string_view bytes_;
  size_t base_, at_ = 0;
};

absl::Status WrongAt(size_t offset, const std::string& what, const std::string& got,
                     const char* expected) {
  return message::Wrong("[sentencepiece model] ", what, " at byte ", offset, ", got ", got,
                        ", expected ", expected);
}

float FloatOf(uint64_t bits) {
  const auto low = static_cast<uint32_t>(bits);
  float value;
  std::memcpy(&value, &low, sizeof value);
  return value;
}

absl::Status ReadPiece(std::string_view bytes, size_t base, Vocabulary& v) {
  if (v.pieces.size() == kMostPieces) {
    return WrongAt(base, "pieces", absl::StrCat("more than ", kMostPieces), "no more");
  }
  std::string_view text;
  float score = 0;
  uint64_t type = static_cast<uint64_t>(PieceType::kNormal);
  Fields fields(bytes, base);
  for (Field field; !fields.at_end();) {
    if (absl::Status status = fields.Next(field); !status.ok()) return status;
    if (field.number == piece::kText) text = field.bytes;
    if (field.number == piece::kScore) score = FloatOf(field.value);
    if (field.number == piece::kType) type = field.value;
  }
  if (type < static_cast<uint64_t>(PieceType::kNormal) ||
      type > static_cast<uint64_t>(PieceType::kByte)) {
    return WrongAt(base, absl::StrCat("type of piece ", v.pieces.size()), absl::StrCat(type),
                   "1 to 6");
  }
  v.pieces.emplace_back(text);
  v.scores.push_back(score);
  v.types.push_back(static_cast<PieceType>(type));
  return absl::OkStatus();
}

struct EndPieces {
  std::string bos = "<s>", eos = "</s>", padding = "<pad>";
};

absl::Status ReadTrainer(std::string_view bytes, size_t base, Vocabulary& v, EndPieces& ends) {
  uint64_t kind = trainer::kUnigram;
  Fields fields(bytes, base);
  for (Field field; !fields.at_end();) {
    if (absl::Status status = fields.Next(field); !status.ok()) return status;
    if (field.number == trainer::kModelType) kind = field.value;
    if (field.number == trainer::kSpaceSuffix) v.space_suffix = field.value != 0;
    if (field.number == trainer::kBosPiece) ends.bos = std::string(field.bytes);
    if (field.number == trainer::kEosPiece) ends.eos = std::string(field.bytes);
    if (field.number == trainer::kPadPiece) ends.padding = std::string(field.bytes);
  }
  if (kind != trainer::kUnigram && kind != trainer::kBpe) {
    return WrongAt(base, "model_type", absl::StrCat(kind), "1 (unigram) or 2 (BPE)");
  }
  v.kind = kind == trainer::kBpe ? Vocabulary::Kind::kSentencePieceBpe : Vocabulary::Kind::kUnigram;
  return absl::OkStatus();
}

absl::Status ReadNormalizer(std::string_view bytes, size_t base, Vocabulary& v) {
  Fields fields(bytes, base);
  for (Field field; !fields.at_end();) {
    if (absl::Status status = fields.Next(field); !status.ok()) return status;
    if (field.number == normalizer::kCharsmap) v.charsmap = std::string(field.bytes);
    if (field.number == normalizer::kDummyPrefix) v.add_space_prefix = field.value != 0;
    if (field.number == normalizer::kTidy) v.remove_extra_whitespace = field.value != 0;
    if (field.number == normalizer::kEscape) v.escape_spaces = field.value != 0;
  }
  return absl::OkStatus();
}

absl::Status CheckNoDenormalizer(std::string_view bytes, size_t base) {
  Fields fields(bytes, base);
  for (Field field; !fields.at_end();) {
    if (absl::Status status = fields.Next(field); !status.ok()) return status;
    if (field.number == normalizer::kCharsmap && !field.bytes.empty()) {
      return WrongAt(base, "denormalizer", "rules", "none: decoding would have to apply them");
    }
  }
  return absl::OkStatus();
}

void FindEnds(const EndPieces& ends, Vocabulary& v) {
  for (size_t i = v.pieces.size(); i-- > 0;) {  // downwards: the lowest id stays
    const auto id = static_cast<int32_t>(i);
    if (v.types[i] == PieceType::kUnknown) v.unknown = id;
    if (v.types[i] != PieceType::kControl) continue;
    if (v.pieces[i] == ends.bos) v.bos = id;
    if (v.pieces[i] == ends.eos) v.eos = id;
    if (v.pieces[i] == ends.padding) v.padding = id;
  }
}

}  // namespace

absl::StatusOr<Vocabulary> ParseSentencePieceModel(std::string_view bytes) {
  if (bytes.size() > kMostFileBytes) {
    return message::Wrong("[sentencepiece model] size, got ", bytes.size(),
                          " bytes, expected at most ", kMostFileBytes);
  }
  Vocabulary v;
  v.kind = Vocabulary::Kind::kUnigram;
  v.add_space_prefix = v.remove_extra_whitespace = v.inner_symbols = true;  // the file's defaults
  EndPieces ends;
  Fields fields(bytes, 0);
  for (Field field; !fields.at_end();) {
    if (absl::Status status = fields.Next(field); !status.ok()) return status;
    if (!field.is_bytes) continue;
    const size_t base = fields.bytes_offset(field);
    absl::Status status;
    if (field.number == model::kPieces) status = ReadPiece(field.bytes, base, v);
    if (field.number == model::kTrainer) status = ReadTrainer(field.bytes, base, v, ends);
    if (field.number == model::kNormalizer) status = ReadNormalizer(field.bytes, base, v);
    if (field.number == model::kDenormalizer) status = CheckNoDenormalizer(field.bytes, base);
    if (!status.ok()) return status;
  }
  if (v.pieces.empty()) {
    return message::Wrong("[sentencepiece model] pieces, got none, expected at least one");
  }
  FindEnds(ends, v);
  return v;
}

}  // namespace erato
