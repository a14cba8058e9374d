// Without libedit: the terminal's own line editing, no history.
#include <cstdlib>
#include <iostream>

#include "samples/erato/chat/line_editor.h"

namespace erato::command {
namespace {

class PlainEditor : public LineEditor {
 public:
  Line Read(const std::string& prompt) override {
    std::cout << prompt << std::flush;
    Line line;
    if (std::getline(std::cin, line.text)) line.kind = Line::Kind::kText;
    return line;
  }
  void Remember(const std::string&) override {}
  void OnSignal() override { std::_Exit(130); }
};

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): another editor keeps them
std::unique_ptr<LineEditor> LineEditor::Open(const Terminal&, std::filesystem::path, Complete) {
  return std::make_unique<PlainEditor>();
}

}  // namespace erato::command
