#include "samples/erato/chat/markdown.h"

#include <algorithm>
#include <utility>

#include "samples/erato/chat/characters.h"

namespace erato::command {
namespace {

constexpr size_t kUndecided = std::string_view::npos;
constexpr size_t kMostLine = 4000;  // bytes of a line that are kept back for a table or fence
constexpr int kMostMarks = 8;       // of lists and quotes inside each other
constexpr int kRuleColumns = 60;
constexpr int kMostColumns = 100;  // of text: the eye loses its line in longer ones

std::string_view Skip(std::string_view text, size_t bytes) {
  return text.substr(std::min(bytes, text.size()));
}

size_t SpacesOf(std::string_view text) {
  return std::min(text.find_first_not_of(" \t"), text.size());
}

std::string Blank(std::string_view text) {
  std::string blank;
  for (const char byte : text) blank.append(byte == '\t' ? 4 : 1, ' ');
  return blank;
}

/// Bytes of "-", "*", "+", "1." or "1)"; 0 where it is none.
size_t ItemMarker(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == '-' || text[0] == '*' || text[0] == '+') return 1;
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 9) return 0;
  if (digits == text.size()) return digits;  // perhaps
  return text[digits] == '.' || text[digits] == ')' ? digits + 1 : 0;
}

}  // namespace

Markdown::Markdown(int width, bool styled, int style)
    : styled_(styled),
      base_(style),
      width_(width),
      wrap_(std::min(width, kMostColumns), styled),
      inline_([this](std::string_view character, int shown) { wrap_.Put(character, shown); }),
      text_style_(style) {}

void Markdown::SetWidth(int width) {
  width_ = width;
  wrap_.SetWidth(std::min(width, kMostColumns));
}

std::string Markdown::Put(std::string_view piece) {
  pending_ += piece;
  while (Step(false)) {
  }
  return wrap_.Take();
}

std::string Markdown::Finish() {
  while (Step(true)) {
  }
  EndTable();
  wrap_.Flush();
  return wrap_.Take();
}

void Markdown::Resume(std::string_view text) {
  Put(text);
  pending_.clear();
  header_.reset();
  table_.reset();
  wrap_.Drop();
  if (text.empty() || text.back() == '\n') return;
  if (in_ == In::kHead) in_ = In::kText;
  if (in_ == In::kCodeHead) in_ = In::kCode;
}

bool Markdown::Step(bool whole) {
  if (pending_.empty()) return false;
  switch (in_) {
    case In::kHead:
      return StepHead(whole);
    case In::kText:
      return StepText(whole);
    case In::kCodeHead:
      return StepCodeHead(whole);
    case In::kCode:
      return StepCode();
  }
  return false;
}

bool Markdown::StepHead(bool whole) {
  const size_t newline = pending_.find('\n');
  const size_t most = std::min(newline, kMostLine + 1);
  const std::string_view line = std::string_view(pending_).substr(0, most);
  const bool ended = whole || newline != std::string::npos || line.size() > kMostLine;
  const size_t bytes = TakeBlock(line, ended);
  if (bytes == kUndecided) return false;
  if (bytes == 0) in_ = In::kText;
  pending_.erase(0, bytes);
  return true;
}

size_t Markdown::TakeBlock(std::string_view line, bool ended) {
  const size_t indent = SpacesOf(line);
  if (indent == line.size() && !ended) return kUndecided;
  for (const auto take : {&Markdown::TakeTable, &Markdown::TakeFence, &Markdown::TakeHeading,
                          &Markdown::TakeQuote, &Markdown::TakeRule, &Markdown::TakeItem}) {
    const size_t bytes = (this->*take)(line, ended);
    if (bytes != 0) return bytes;
  }
  return 0;
}

size_t Markdown::TakeTable(std::string_view line, bool ended) {
  if (marks_ > 0) return 0;
  if (Skip(line, SpacesOf(line)).substr(0, 1) != "|" || line.size() > kMostLine) {
    EndTable();
    return 0;
  }
  if (!styled_) {
    wrap_.Verbatim(true);
    return 0;
  }
  if (!ended) return kUndecided;
  const size_t bytes = std::min(line.size() + 1, pending_.size());
  if (table_) {
    wrap_.PutLines(table_->Put(SplitRow(line)));
  } else if (header_ && IsDelimiterRow(line) && SplitRow(line).size() == header_->size()) {
    table_.emplace(*std::exchange(header_, std::nullopt), line, width_, base_);
  } else {
    EndTable();
    header_ = SplitRow(line);
    header_line_ = pending_.substr(0, bytes);
  }
  return bytes;
}

void Markdown::EndTable() {
  if (table_) wrap_.PutLines(table_->Finish());
  table_.reset();
  if (!std::exchange(header_, std::nullopt)) return;
  const size_t text = header_line_.size() - (header_line_.back() == '\n');
  inline_.Put(std::string_view(header_line_).substr(0, text), base_, true);
  if (text < header_line_.size()) EndLine();
}

size_t Markdown::TakeFence(std::string_view line, bool ended) {
  const size_t indent = SpacesOf(line);
  const std::string_view rest = line.substr(indent);
  if (quoted_ || rest.empty() || (rest[0] != '`' && rest[0] != '~')) return 0;
  const size_t run = std::min(rest.find_first_not_of(rest[0]), rest.size());
  if (run < 3) return run == rest.size() && !ended ? kUndecided : 0;
  if (rest[0] == '`' && rest.find('`', run) != std::string_view::npos) return 0;  // inline code
  if (!ended) return kUndecided;
  fence_ = rest.substr(0, run);
  PutLine(line, base_ | kDim);
  in_ = In::kCode;
  return line.size();
}

size_t Markdown::TakeHeading(std::string_view line, bool ended) {
  const size_t indent = SpacesOf(line);
  const std::string_view rest = line.substr(indent);
  const size_t level = std::min(rest.find_first_not_of('#'), rest.size());
  if (!styled_ || level == 0 || level > 6) return 0;
  const size_t spaces = SpacesOf(rest.substr(level));
  if (level + spaces == rest.size()) return ended ? 0 : kUndecided;
  if (spaces == 0) return 0;
  text_style_ = base_ | kBold | (level <= 2 ? kUnderline : 0);
  in_ = In::kText;
  return indent + level + spaces;
}

size_t Markdown::TakeQuote(std::string_view line, bool ended) {
  const size_t indent = SpacesOf(line);
  const std::string_view rest = line.substr(indent);
  if (marks_ == kMostMarks || rest.substr(0, 1) != ">") return 0;
  if (rest.size() == 1 && !ended) return kUndecided;
  const size_t bytes = indent + 1 + (rest.size() > 1 && rest[1] == ' ');
  const std::string bar = styled_ ? "│ " : "> ";
  quoted_ = true;
  Mark(bar, bar, base_ | kDim);
  return bytes;
}

size_t Markdown::TakeRule(std::string_view line, bool ended) {
  const std::string_view rest = line.substr(SpacesOf(line));
  if (!styled_ || rest.empty() || (rest[0] != '-' && rest[0] != '*' && rest[0] != '_')) return 0;
  if (rest.find_first_not_of(std::string{rest[0], ' '}) != std::string_view::npos) return 0;
  if (!ended) return kUndecided;
  if (std::count(rest.begin(), rest.end(), rest[0]) < 3) return 0;
  std::string rule;
  for (int i = 0; i < std::min(kRuleColumns, width_ - 1); ++i) rule += "─";
  PutLine(rule, base_ | kDim);
  in_ = In::kText;
  return line.size();
}

size_t Markdown::TakeItem(std::string_view line, bool ended) {
  const size_t indent = SpacesOf(line);
  const std::string_view rest = line.substr(indent);
  const size_t marker = ItemMarker(rest);
  if (marks_ == kMostMarks || marker == 0) return 0;
  const size_t spaces = SpacesOf(rest.substr(marker));
  if (marker + spaces == rest.size()) return ended ? 0 : kUndecided;
  if (spaces == 0) return 0;
  const bool bullet = styled_ && marker == 1;
  const std::string gap = styled_ && spaces <= 4 ? " " : Blank(rest.substr(marker, spaces));
  const std::string shown =
      Blank(line.substr(0, indent)) + (bullet ? "•" : std::string(rest.substr(0, marker))) + gap;
  Mark(shown, std::string(ColumnsOf(shown), ' '), base_);
  return indent + marker + spaces;
}

void Markdown::Mark(const std::string& shown, const std::string& hang, int style) {
  wrap_.PutText(shown, style);
  hang_ += hang;
  wrap_.Hang(hang_, quoted_ ? base_ | kDim : kPlain);
  ++marks_;
}

void Markdown::PutLine(std::string_view line, int style) {
  wrap_.Verbatim(true);
  wrap_.PutText(line, style);
  wrap_.Verbatim(false);
}

bool Markdown::StepText(bool whole) {
  const size_t newline = pending_.find('\n');
  const bool ended = newline != std::string::npos;
  const std::string_view text = std::string_view(pending_).substr(0, newline);
  size_t bytes = text.size();
  if (styled_) {
    bytes = inline_.Put(text, text_style_, whole || ended);
  } else {
    wrap_.PutText(text);
  }
  pending_.erase(0, bytes + ended);
  if (!ended) return false;
  EndLine();
  in_ = In::kHead;
  return true;
}

bool Markdown::StepCodeHead(bool whole) {
  const size_t newline = pending_.find('\n');
  const std::string_view line = std::string_view(pending_).substr(0, newline);
  const bool ended = whole || newline != std::string::npos || line.size() > kMostLine;
  const std::string_view rest = line.substr(SpacesOf(line));
  const size_t run = std::min(rest.find_first_not_of(fence_[0]), rest.size());
  const bool blank_after = SpacesOf(rest.substr(run)) == rest.size() - run;
  if (blank_after && !ended) return false;
  in_ = In::kCode;
  if (!blank_after || run < fence_.size()) return true;
  PutLine(line, base_ | kDim);
  pending_.erase(0, line.size());
  in_ = In::kText;
  return true;
}

bool Markdown::StepCode() {
  const size_t newline = pending_.find('\n');
  wrap_.Verbatim(true);
  wrap_.PutText(std::string_view(pending_).substr(0, newline), base_);
  if (newline == std::string::npos) {
    pending_.clear();
    return false;
  }
  pending_.erase(0, newline + 1);
  EndLine();
  in_ = In::kCodeHead;
  return true;
}

void Markdown::EndLine() {
  wrap_.EndLine();
  wrap_.Verbatim(false);
  inline_.Begin();
  text_style_ = base_;
  hang_.clear();
  marks_ = 0;
  quoted_ = false;
}

}  // namespace erato::command
