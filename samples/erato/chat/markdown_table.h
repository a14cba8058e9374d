// Tables of Markdown on a terminal.
#ifndef ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_TABLE_H_
#define ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_TABLE_H_

#include <string>
#include <string_view>
#include <vector>

namespace erato::command {

using TableRow = std::vector<std::string>;  // its cells

/// The cells of "| a | b |". A bar in code or after a backslash is no border.
TableRow SplitRow(std::string_view line);
/// Whether `line` is the second of a table: dashes, with colons for the alignment.
bool IsDelimiterRow(std::string_view line);

/// Columns are as wide as the header and the first row ask for, and those that begin at the left
/// somewhat wider where there is room; what does not fit is wrapped inside its cell. So rows can be
/// written as they come.
class Table {
 public:
  /// style: under that of all text.
  Table(TableRow header, std::string_view delimiter_row, int width, int style);
  /// The lines of a row, and before the first one those of the header.
  std::string Put(TableRow row);
  /// Those of the header, if there was no row.
  std::string Finish();

 private:
  enum class Side { kLeft, kMiddle, kRight };
  void Measure(const TableRow& row);
  void Shrink(int room);
  std::string Row(const TableRow& row, int style) const;
  std::string Line() const;  // below the header

  const TableRow header_;
  std::vector<Side> sides_;
  std::vector<int> widths_;
  const int width_, style_;
  bool begun_ = false;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_MARKDOWN_TABLE_H_
