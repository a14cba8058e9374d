#include "capi/src/reasoning.h"

#include <algorithm>

namespace erato::capi {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// Qwen 3, DeepSeek R1 and most others; Seed-OSS; Magistral; Open Thoughts; and spellings of tuned
// models.
constexpr ReasoningMarkers kKnown[] = {
    {"<think>", "</think>"},       {"<seed:think>", "</seed:think>"},
    {"[THINK]", "[/THINK]"},       {"<|begin_of_thought|>", "<|end_of_thought|>"},
    {"<thinking>", "</thinking>"}, {"<reasoning>", "</reasoning>"}};

void DropSpace(std::string& text) {
  text.erase(0, std::min(text.size(), text.find_first_not_of(kSpace)));
}

}  // namespace

const ReasoningMarkers* FindReasoningMarkers(std::string_view template_source) {
  for (const ReasoningMarkers& markers : kKnown) {
    if (template_source.find(markers.close) != std::string_view::npos ||
        template_source.find(markers.open) != std::string_view::npos) {
      return &markers;
    }
  }
  return nullptr;
}

bool ReasoningSplitter::Open() {
  const size_t begin = std::min(held_.size(), held_.find_first_not_of(kSpace));
  const std::string_view text = std::string_view(held_).substr(begin);
  const std::string_view open = markers_->open;
  if (text.substr(0, open.size()) == open) {
    held_.erase(0, begin + open.size());
    state_ = State::kInside;
    return true;
  }
  if (open.substr(0, text.size()) == text) return false;  // may still become it
  state_ = State::kAnswer;
  return true;
}

bool ReasoningSplitter::Close(std::string& reasoning) {
  if (fresh_) DropSpace(held_);
  const std::string_view close = markers_->close;
  const size_t at = held_.find(close);
  const bool closed = at != std::string::npos;
  std::string_view sure = std::string_view(held_).substr(0, at);
  if (!closed) {
    size_t tail = std::min(sure.size(), close.size() - 1);
    while (tail > 0 && sure.substr(sure.size() - tail) != close.substr(0, tail)) --tail;
    sure.remove_suffix(tail);
  }
  // White space at the end waits for what comes, and goes where that is the marker.
  sure = sure.substr(0, sure.find_last_not_of(kSpace) + 1);
  reasoning += sure;
  if (!sure.empty()) fresh_ = false;
  held_.erase(0, closed ? at + close.size() : sure.size());
  if (closed) state_ = State::kAfter;
  return closed;
}

bool ReasoningSplitter::Advance(std::string& reasoning, std::string& answer) {
  switch (state_) {
    case State::kStart:
      return Open();
    case State::kInside:
      return Close(reasoning);
    case State::kAfter:
      DropSpace(held_);
      if (held_.empty()) return false;
      state_ = State::kAnswer;
      return true;
    case State::kAnswer:
      answer += held_;
      held_.clear();
      return false;
  }
  return false;
}

void ReasoningSplitter::Push(std::string_view text, std::string& reasoning, std::string& answer) {
  held_.append(text);
  while (Advance(reasoning, answer)) {
  }
}

void ReasoningSplitter::Flush(std::string& reasoning, std::string& answer) {
  if (state_ == State::kAfter) return held_.clear();
  (state_ == State::kInside ? reasoning : answer) += held_;
  held_.clear();
}

}  // namespace erato::capi
