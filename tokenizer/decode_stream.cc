#include "tokenizer/decode_stream.h"

#include <algorithm>

#include "tokenizer/message.h"

namespace erato {

absl::Status DecodeStream::Push(int32_t id, std::string& out) {
  if (id < 0 || id >= tokenizer_.size()) {
    return message::Wrong("[tokenizer] id, got ", id, ", expected 0 to ", tokenizer_.size() - 1);
  }
  piece_.clear();
  tokenizer_.AppendBytes(id, special_, piece_);
  const Vocabulary& v = tokenizer_.vocabulary();
  const bool control =
      !v.types.empty() && v.types[static_cast<size_t>(id)] == Vocabulary::PieceType::kControl;
  if (!begun_ && !(control && rules_.past_control)) DropBeginSpaces();
  if (piece_.empty()) return absl::OkStatus();
  if (held_space_) out.push_back(' ');
  held_space_ = rules_.last_space && piece_.ends_with(' ');
  if (held_space_) piece_.pop_back();
  out.append(piece_);
  return absl::OkStatus();
}

void DecodeStream::DropBeginSpaces() {
  const size_t spaces = std::min(piece_.find_first_not_of(' '), piece_.size());
  size_t dropped = std::min(spaces, static_cast<size_t>(rules_.begin_spaces));
  if (rules_.one_a_piece) dropped = std::min<size_t>(dropped, 1);
  piece_.erase(0, dropped);
  rules_.begin_spaces -= static_cast<int32_t>(dropped);
  begun_ = !piece_.empty() || rules_.begin_spaces == 0;
}

}  // namespace erato
