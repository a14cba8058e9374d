// Thinking that a model writes before its answer, told apart by the markers that its chat template
// knows.
#ifndef ERATO_CAPI_SRC_REASONING_H_
#define ERATO_CAPI_SRC_REASONING_H_

#include <string>
#include <string_view>

namespace erato::capi {

struct ReasoningMarkers {
  std::string_view open, close;
};

/// The markers that a template's source speaks of; null where it knows none.
const ReasoningMarkers* FindReasoningMarkers(std::string_view template_source);

/// Takes an answer's text as it comes. A block is thinking only where it opens the answer: a marker
/// that is quoted later on is text. White space around the block is nobody's.
class ReasoningSplitter {
 public:
  /// markers null: all is answer. inside: the prompt has opened the block already.
  ReasoningSplitter(const ReasoningMarkers* markers, bool inside)
      : markers_(markers),
        state_(markers == nullptr ? State::kAnswer
               : inside           ? State::kInside
                                  : State::kStart) {}

  /// Appends to both what is sure to be theirs.
  void Push(std::string_view text, std::string& reasoning, std::string& answer);
  /// The text has ended.
  void Flush(std::string& reasoning, std::string& answer);
  bool inside() const { return state_ == State::kInside; }

 private:
  enum class State { kStart, kInside, kAfter, kAnswer };
  /// True where held_ may say more.
  bool Advance(std::string& reasoning, std::string& answer);
  bool Open();
  bool Close(std::string& reasoning);

  const ReasoningMarkers* markers_;
  State state_;
  bool fresh_ = true;  // nothing of the thinking was given out
  std::string held_;   // not known yet whose it is
};

}  // namespace erato::capi

#endif  // ERATO_CAPI_SRC_REASONING_H_
