// Pieces that are found in the text as they are spelt, before any merging: control and user-defined
// ones.
//
// Who may write what: the scaffold of a template (trusted text) may write all of them; other text
// never gets a control piece, whatever it spells. Model files label pieces carelessly: the same
// marker is "control" in one file and "user-defined" in the next. So a user-defined piece that is
// shaped like a marker, <…> or […], is held to the rule of control pieces, unless it is an HTML tag
// (<b>, </table>), which is content. White space and words stay free.
#ifndef ERATO_TOKENIZER_SPECIAL_PIECES_H_
#define ERATO_TOKENIZER_SPECIAL_PIECES_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenizer/tokenizer.h"

namespace erato {

/// Whether only trusted text may produce the piece `id`.
bool NeedsTrust(const Vocabulary& vocabulary, int32_t id);

/// Whether a user-defined piece of a SentencePiece BPE from a GGUF file is a run of spaces. Such a
/// piece is not found as it is spelt: it is made by merging, before all other pieces, in the order
/// of ids. (For runs longer than the longest piece this is what transformers does, and not what
/// SentencePiece does.)
bool IsSpaceRun(const Vocabulary& vocabulary, int32_t id);

class SpecialPieces {
 public:
  explicit SpecialPieces(const Vocabulary& vocabulary);

  struct Match {
    int32_t id = -1;  // -1: none begins here
    size_t bytes = 0;
  };
  /// The longest piece that the text has at `at`; one that needs trust must end at `trusted_end` or
  /// before.
  Match At(std::string_view text, size_t at, size_t trusted_end) const;
  bool MayBeginWith(char c) const { return first_[Byte(c)] < first_[Byte(c) + 1]; }

 private:
  struct Entry {
    std::string text;
    int32_t id;
    bool needs_trust;
  };
  static size_t Byte(char c) { return static_cast<unsigned char>(c); }

  std::vector<Entry> entries_;            // by text, each text once
  std::array<uint32_t, 257> first_ = {};  // entries from first_[b] to first_[b + 1] begin with b
};

}  // namespace erato

#endif  // ERATO_TOKENIZER_SPECIAL_PIECES_H_
