// The unigram model as Hugging Face tokenizers has it: doubles, a word at a time.
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "tokenizer/message.h"
#include "tokenizer/pipeline/word_model.h"
#include "tokenizer/special_pieces.h"
#include "tokenizer/text_map.h"
#include "tokenizer/unigram.h"
#include "tokenizer/vocabulary_checks.h"

namespace erato {
namespace {

class UnigramModel final : public WordModel {
 public:
  UnigramModel(const ModelSpec& spec, const Vocabulary& v)
      : scores_(spec.scores), unknown_(spec.unknown_id) {
    byte_ids_.fill(-1);
    std::vector<PieceTrie::Entry> entries;
    double worst = std::numeric_limits<double>::max();
    for (size_t i = 0; i < spec.pieces.size(); ++i) {
      const auto id = static_cast<int32_t>(i);
      worst = std::min(worst, scores_[i]);
      if (const auto byte = ParseBytePiece(v.pieces[i])) byte_ids_[*byte] = id;
      if (!NeedsTrust(v, id)) entries.push_back({v.pieces[i], id});
    }
    has_bytes_ = spec.byte_fallback && *std::min_element(byte_ids_.begin(), byte_ids_.end()) >= 0;
    unigram_ = Unigram<double>(std::move(entries), worst - kUnknownPenalty);
  }

  void Encode(std::string_view word, EncodeScratch&, std::vector<WordToken>& out) const override {
    const size_t before = out.size();
    bool after_unknown = false;
    unigram_.Encode(
        word, [this](int32_t id, size_t) { return scores_[static_cast<size_t>(id)]; },
        [&](size_t begin, size_t end, int32_t id) {
          if (id < 0 && has_bytes_) {
            for (size_t at = begin; at < end; ++at) {
              out.push_back({byte_ids_[static_cast<unsigned char>(word[at])], begin, end});
            }
          } else if (id < 0 && after_unknown && out.size() > before) {
            out.back().end = end;  // one for a run of them
          } else {
            out.push_back({id < 0 ? unknown_ : id, begin, end});
          }
          after_unknown = id < 0 && !has_bytes_;
        });
  }

 private:
  const std::vector<double> scores_;
  const int32_t unknown_;
  Unigram<double> unigram_;
  std::array<int32_t, 256> byte_ids_;
  bool has_bytes_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const WordModel>> NewUnigramModel(const ModelSpec& spec,
                                                                 const Vocabulary& v) {
  if (spec.scores.size() != spec.pieces.size()) {
    return message::Wrong("[tokenizer model] scores, got ", spec.scores.size(), ", expected ",
                          spec.pieces.size(), " as there are pieces");
  }
  for (size_t id = 0; id < spec.scores.size(); ++id) {
    if (!std::isfinite(spec.scores[id])) {
      return message::Wrong("[tokenizer model] score of piece ", id, ", got ", spec.scores[id],
                            ", expected a number");
    }
  }
  if (spec.unknown_id < 0 || spec.unknown_id >= static_cast<int64_t>(spec.pieces.size())) {
    return message::Wrong("[tokenizer model] unk_id, got ", spec.unknown_id, ", expected 0 to ",
                          spec.pieces.size(), " - 1");
  }
  return std::make_unique<UnigramModel>(spec, v);
}

}  // namespace erato
