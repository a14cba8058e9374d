#include "tokenizer/vocabulary_checks.h"

#include <bitset>
#include <cmath>
#include <string>

#include "tokenizer/message.h"
#include "tokenizer/utf8_stream.h"

namespace erato {
namespace {

using PieceType = Vocabulary::PieceType;

constexpr size_t kMostPieces = size_t{1} << 22;
constexpr size_t kMostMerges = size_t{1} << 23;
// Bounds what one position of a text can cost: look-ups walk a piece at most.
constexpr size_t kMostPieceBytes = 4096;
constexpr size_t kMostSpecialBytes = 256;

using message::Quoted;

template <typename... Parts>
absl::Status Wrong(const Parts&... parts) {
  return message::Wrong("[vocabulary] ", parts...);
}

absl::Status CheckId(const char* name, int32_t id, size_t size) {
  if (id >= -1 && id < static_cast<int64_t>(size)) return absl::OkStatus();
  return Wrong(name, " id, got ", id, ", expected below ", size, " or -1 for none");
}

bool HasScores(const Vocabulary& v) {
  return v.kind == Vocabulary::Kind::kSentencePieceBpe || v.kind == Vocabulary::Kind::kUnigram;
}

absl::Status CheckSizes(const Vocabulary& v) {
  const size_t size = v.pieces.size();
  if (size == 0 || size > kMostPieces)
    return Wrong("pieces, got ", size, ", expected 1 to ", kMostPieces);
  if (!v.types.empty() && v.types.size() != size) {
    return Wrong("piece types, got ", v.types.size(), ", expected ", size, " as there are pieces");
  }
  if (HasScores(v) && v.scores.size() != size) {
    return Wrong("scores, got ", v.scores.size(), ", expected ", size, " as there are pieces");
  }
  if (v.merges.size() > kMostMerges) {
    return Wrong("merges, got ", v.merges.size(), ", expected at most ", kMostMerges);
  }
  return absl::OkStatus();
}

absl::Status CheckIds(const Vocabulary& v) {
  const size_t size = v.pieces.size();
  absl::Status status;
  status.Update(CheckId("beginning-of-text", v.bos, size));
  status.Update(CheckId("end-of-text", v.eos, size));
  status.Update(CheckId("unknown-piece", v.unknown, size));
  status.Update(CheckId("padding", v.padding, size));
  for (int32_t id : v.end_of_generation) status.Update(CheckId("end-of-generation", id, size));
  if (!status.ok()) return status;
  if (v.add_bos && v.bos < 0)
    return Wrong("beginning-of-text id, got none, expected one as it is to be added");
  if (v.add_eos && v.eos < 0)
    return Wrong("end-of-text id, got none, expected one as it is to be added");
  return absl::OkStatus();
}

absl::Status CheckPiece(const Vocabulary& v, size_t id) {
  const std::string& piece = v.pieces[id];
  const PieceType type = v.types.empty() ? PieceType::kNormal : v.types[id];
  if (type < PieceType::kNormal || type > PieceType::kByte) {
    return Wrong("type of piece ", id, ", got ", static_cast<int>(type), ", expected 1 to 6");
  }
  const bool special = type != PieceType::kNormal && type != PieceType::kUnused;
  const size_t most = special ? kMostSpecialBytes : kMostPieceBytes;
  if (piece.size() > most) {
    return Wrong("piece ", id, ", got ", piece.size(), " bytes, expected at most ", most);
  }
  if (const size_t at = FindInvalidUtf8(piece); at != std::string_view::npos) {
    return Wrong("piece ", id, ", got an invalid byte at offset ", at, ", expected UTF-8");
  }
  return absl::OkStatus();
}

absl::Status CheckSentencePiece(const Vocabulary& v) {
  std::bitset<256> bytes;
  for (size_t id = 0; id < v.pieces.size(); ++id) {
    if (!std::isfinite(v.scores[id]))
      return Wrong("score of piece ", id, ", got ", v.scores[id], ", expected a number");
    if (v.types.empty() || v.types[id] != PieceType::kByte) continue;
    const std::optional<unsigned char> byte = ParseBytePiece(v.pieces[id]);
    if (!byte) {
      return Wrong("byte piece ", id, ", got ", Quoted(v.pieces[id]), ", expected <0xHH>");
    }
    bytes.set(*byte);
  }
  if (bytes.any() && !bytes.all()) {
    return Wrong("byte pieces, got ", bytes.count(), " of the 256 bytes, expected all or none");
  }
  if (bytes.none() && v.unknown < 0) {
    return Wrong("unknown-piece id, got none, expected one as there are no byte pieces");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckVocabulary(const Vocabulary& v) {
  absl::Status status = CheckSizes(v);
  if (!status.ok()) return status;
  for (size_t id = 0; id < v.pieces.size(); ++id) {
    if (status = CheckPiece(v, id); !status.ok()) return status;
  }
  if (status = CheckIds(v); !status.ok()) return status;
  return HasScores(v) ? CheckSentencePiece(v) : absl::OkStatus();
}

std::optional<unsigned char> ParseBytePiece(std::string_view piece) {
  if (piece.size() != 6 || piece.substr(0, 3) != "<0x" || piece[5] != '>') return std::nullopt;
  auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  const int high = digit(piece[3]), low = digit(piece[4]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<unsigned char>(high * 16 + low);
}

}  // namespace erato
