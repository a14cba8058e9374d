#include "samples/erato/chat/markdown_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "samples/erato/chat/characters.h"
#include "samples/erato/chat/markdown_inline.h"
#include "samples/erato/chat/style.h"

namespace erato::command {
namespace {

constexpr std::string_view kBorder = " │ ";
constexpr int kBorderColumns = 3, kLeastColumns = 4;

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

struct Glyph {
  std::string_view character;  // of the cell
  int style, columns;
};
using Glyphs = std::vector<Glyph>;

Glyphs GlyphsOf(std::string_view cell, int style) {
  Glyphs glyphs;
  InlineMarkdown parser([&](std::string_view character, int shown) {
    const int columns = Columns(character);
    if (columns >= 0) glyphs.push_back({character, shown, columns});
  });
  parser.Put(cell, style, true);
  return glyphs;
}

int ColumnsOf(const Glyphs& glyphs) {
  return std::accumulate(glyphs.begin(), glyphs.end(), 0,
                         [](int sum, const Glyph& glyph) { return sum + glyph.columns; });
}

/// Lines of at most `width` columns, broken at spaces where there are some.
std::vector<Glyphs> Lines(const Glyphs& glyphs, int width) {
  std::vector<Glyphs> lines(1);
  int columns = 0;
  for (const Glyph& glyph : glyphs) {
    Glyphs& line = lines.back();
    if (columns > 0 && columns + glyph.columns > width) {
      const auto space = std::find_if(line.rbegin(), line.rend(),
                                      [](const Glyph& g) { return g.character == " "; });
      Glyphs rest(glyph.character == " " ? line.end() : space.base(), line.end());
      if (space == line.rend() || glyph.character == " ") {
        rest.clear();
      } else {
        line.erase(space.base() - 1, line.end());
      }
      columns = ColumnsOf(rest);
      lines.push_back(std::move(rest));
      if (glyph.character == " ") continue;
    }
    lines.back().push_back(glyph);
    columns += glyph.columns;
  }
  return lines;
}

}  // namespace

TableRow SplitRow(std::string_view line) {
  line = Trimmed(line);
  if (!line.empty() && line.front() == '|') line.remove_prefix(1);
  TableRow cells(1);
  bool code = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cells.back() += line[++i];
      continue;
    }
    if (line[i] == '`') code = !code && line.find('`', i + 1) != std::string_view::npos;
    if (line[i] == '|' && !code) {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  if (cells.size() > 1 && Trimmed(cells.back()).empty()) cells.pop_back();
  for (std::string& cell : cells) cell = std::string(Trimmed(cell));
  return cells;
}

bool IsDelimiterRow(std::string_view line) {
  const TableRow cells = SplitRow(line);
  return std::all_of(cells.begin(), cells.end(), [](std::string_view cell) {
    if (!cell.empty() && cell.front() == ':') cell.remove_prefix(1);
    if (!cell.empty() && cell.back() == ':') cell.remove_suffix(1);
    return !cell.empty() && cell.find_first_not_of('-') == std::string_view::npos;
  });
}

Table::Table(TableRow header, std::string_view delimiter_row, int width, int style)
    : header_(std::move(header)), width_(width), style_(style) {
  for (const std::string& cell : SplitRow(delimiter_row)) {
    const bool right = cell.back() == ':', left = cell.front() == ':';
    sides_.push_back(right && left ? Side::kMiddle : right ? Side::kRight : Side::kLeft);
  }
}

/// Takes from the widest until all fit.
void Table::Shrink(int room) {
  int sum = std::accumulate(widths_.begin(), widths_.end(), 0);
  for (; sum > room; --sum) {
    const auto widest = std::max_element(widths_.begin(), widths_.end());
    if (*widest <= kLeastColumns) return;  // too many columns: the terminal breaks the lines
    --*widest;
  }
}

void Table::Measure(const TableRow& row) {
  for (size_t i = 0; i < sides_.size(); ++i) {
    const auto columns = [&](const TableRow& cells) {
      return i < cells.size() ? ColumnsOf(GlyphsOf(cells[i], kPlain)) : 0;
    };
    widths_.push_back(std::max({columns(header_), columns(row), 1}));
  }
  const int room = width_ - 1 - kBorderColumns * (static_cast<int>(widths_.size()) - 1);
  Shrink(room);
  const int spare = room - std::accumulate(widths_.begin(), widths_.end(), 0);
  const int most = spare / static_cast<int>(widths_.size());
  for (size_t i = 0; i < widths_.size(); ++i) {  // words need more room than numbers
    if (sides_[i] == Side::kLeft) widths_[i] += std::clamp(most, 0, widths_[i] / 2 + 2);
  }
}

std::string Table::Row(const TableRow& row, int style) const {
  std::vector<std::vector<Glyphs>> cells;
  size_t height = 1;
  const TableRow empty(sides_.size());
  for (size_t i = 0; i < sides_.size(); ++i) {
    const std::string& cell = i < row.size() ? row[i] : empty[i];
    cells.push_back(Lines(GlyphsOf(cell, style), widths_[i]));
    height = std::max(height, cells.back().size());
  }
  std::string out;
  for (size_t k = 0; k < height; ++k) {
    std::string line;
    int shown = kPlain;
    const auto put = [&](std::string_view text, int as) {
      if (as != shown) line += EscapeOf(as);
      shown = as;
      line += text;
    };
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) put(kBorder, style_ | kDim);
      const Glyphs glyphs = k < cells[i].size() ? cells[i][k] : Glyphs();
      const int blank = std::max(0, widths_[i] - ColumnsOf(glyphs));
      const int before = sides_[i] == Side::kLeft    ? 0
                         : sides_[i] == Side::kRight ? blank
                                                     : blank / 2;
      put(std::string(before, ' '), style);
      for (const Glyph& glyph : glyphs) put(glyph.character, glyph.style);
      if (i + 1 < cells.size()) put(std::string(blank - before, ' '), style);
    }
    if (shown != kPlain) line += EscapeOf(kPlain);
    out += line + "\n";
  }
  return out;
}

std::string Table::Line() const {
  std::string line = EscapeOf(style_ | kDim);
  for (size_t i = 0; i < widths_.size(); ++i) {
    if (i > 0) line += "─┼─";
    for (int k = 0; k < widths_[i]; ++k) line += "─";
  }
  return line + EscapeOf(kPlain) + "\n";
}

std::string Table::Put(TableRow row) {
  for (; row.size() > sides_.size(); row.pop_back()) {  // more cells than columns
    row[row.size() - 2] += " | " + row.back();
  }
  std::string out;
  if (!std::exchange(begun_, true)) {
    Measure(row);
    out = Row(header_, style_ | kBold) + Line();
  }
  return out + Row(row, style_);
}

std::string Table::Finish() {
  if (begun_) return "";
  begun_ = true;
  Measure(header_);
  return Row(header_, style_ | kBold) + Line();
}

}  // namespace erato::command
