// With libedit: emacs keys (or what ~/.editrc says), history with search, completion by Tab, pastes
// as one text, a window that changes its size.
#include <histedit.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <utility>

#include "samples/erato/chat/characters.h"
#include "samples/erato/chat/key_input.h"
#include "samples/erato/chat/line_editor.h"

namespace erato::command {
namespace {

constexpr int kHistoryMessages = 1000;
constexpr char kEscape = '\1';      // around what takes no columns in a prompt
constexpr size_t kMostShown = 100;  // completions in a list

/// `all` from byte `from` on, in as many columns as the window holds.
std::string Listed(const std::vector<std::string>& all, size_t from) {
  int widest = 1;
  for (const std::string& text : all)
    widest = std::max(widest, ColumnsOf(std::string_view(text).substr(from)) + 2);
  const size_t columns = std::max(1, (Terminal::Width() - 1) / widest);
  const size_t count = std::min(all.size(), kMostShown);
  const size_t rows = (count + columns - 1) / columns;
  std::string list = "\n";
  for (size_t row = 0; row < rows; ++row) {
    std::string line;
    for (size_t i = row; i < count; i += rows) {
      const std::string name = all[i].substr(from);
      line += name + std::string(i + rows < count ? widest - ColumnsOf(name) : 0, ' ');
    }
    list += line + "\n";
  }
  return all.size() > kMostShown ? list + "…\n" : list;
}

class Editor : public LineEditor {
 public:
  Editor(const Terminal& terminal, std::filesystem::path history_file, Complete complete)
      : terminal_(terminal),
        file_(std::move(history_file)),
        complete_(std::move(complete)),
        edit_(el_init("erato", stdin, stdout, stderr)),
        history_(history_init()) {
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryMessages);
    history(history_, &event, H_SETUNIQUE, 1);
    if (!file_.empty()) history(history_, &event, H_LOAD, file_.c_str());
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_GETCFN, &Editor::Key);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_PROMPT_ESC, &Editor::Prompt, kEscape);
    el_set(edit_, EL_HIST, history, history_);
    // While a line is edited, Ctrl-C and Ctrl-Z are keys, and pasted \r\n is one end of a line.
    el_set(edit_, EL_SETTY, "-d", "-isig", "-icrnl", "-inlcr", nullptr);
    BindKeys();
    el_source(edit_, nullptr);
  }

  ~Editor() override {
    history_end(history_);
    el_end(edit_);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  Line Read(const std::string& prompt) override {
    prompt_columns_ = ColumnsOf(prompt);
    prompt_ = prompt;
    if (terminal_.styled) {  // an escape sequence at the very end would never be written
      prompt_ = "\1" + EscapeOf(kBold) + "\1" + prompt.substr(0, prompt.size() - 1) + "\1" +
                EscapeOf(kPlain) + "\1" + prompt.substr(prompt.size() - 1);
    }
    interrupted_ = false;
    el_resize(edit_);
    // el_gets shows the prompt first and takes the terminal over after it: what is typed meanwhile
    // would be echoed twice, and a Ctrl-C lost.
    el_set(edit_, EL_PREP_TERM, 1);
    MarkPastes(true);
    int count = 0;
    const char* text = el_gets(edit_, &count);
    MarkPastes(false);
    if (interrupted_) std::puts("^C");
    if (!interrupted_ && (text == nullptr || count <= 0)) return {Line::Kind::kEnd, ""};
    Line line{interrupted_ ? Line::Kind::kInterrupt : Line::Kind::kText,
              text == nullptr ? "" : std::string(text, static_cast<size_t>(std::max(0, count)))};
    while (!line.text.empty() && (line.text.back() == '\n' || line.text.back() == '\r'))
      line.text.pop_back();
    return line;
  }

  /// On disk at once: a window may be closed at any time.
  void Remember(const std::string& text) override {
    HistEvent event;
    history(history_, &event, H_ENTER, text.c_str());
    if (file_.empty()) return;
    std::error_code ignored;
    std::filesystem::create_directories(file_.parent_path(), ignored);
    history(history_, &event, H_SAVE, file_.c_str());
    chmod(file_.c_str(), S_IRUSR | S_IWUSR);
  }

  void OnSignal() override {}

 private:
  void BindKeys() {  // the wide call: what the other one copies, it never frees
    el_wset(edit_, EL_ADDFN, L"erato-interrupt", L"give the line up", &Editor::Interrupt);
    el_wset(edit_, EL_ADDFN, L"erato-suspend", L"back to the shell", &Editor::Suspend);
    el_wset(edit_, EL_ADDFN, L"erato-complete", L"complete a command", &Editor::CompleteLine);
    el_wset(edit_, EL_ADDFN, L"erato-paste", L"take a paste as text", &Editor::Paste);
    el_wset(edit_, EL_ADDFN, L"erato-resize", L"draw the line anew", &Editor::Resize);
    constexpr std::pair<const char*, const char*> kKeys[] = {
        {"^C", "erato-interrupt"},          {"^Z", "erato-suspend"},
        {"\t", "erato-complete"},           {"^R", "em-inc-search-prev"},
        {"\033[200~", "erato-paste"},       {"^_", "erato-resize"},
        {"\033[3~", "ed-delete-next-char"}, {"\033[H", "ed-move-to-beg"},
        {"\033[F", "ed-move-to-end"},       {"\033[1~", "ed-move-to-beg"},
        {"\033[4~", "ed-move-to-end"},      {"\033[1;5C", "em-next-word"},
        {"\033[1;5D", "ed-prev-word"},
    };
    for (const auto& [key, function] : kKeys) el_set(edit_, EL_BIND, key, function, nullptr);
  }

  static Editor& Self(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Editor*>(self);
  }
  static char* Prompt(EditLine* edit) { return Self(edit).prompt_.data(); }

  static int Key(EditLine* edit, wchar_t* character) {
    const std::optional<wchar_t> next = Self(edit).keys_.Next();
    if (next) *character = *next;
    return next ? 1 : 0;
  }

  static unsigned char Interrupt(EditLine* edit, wint_t) {
    Self(edit).interrupted_ = true;
    return CC_NEWLINE;
  }

  static unsigned char Suspend(EditLine* edit, wint_t) {
    Self(edit).MarkPastes(false);
    el_set(edit, EL_PREP_TERM, 0);
    raise(SIGTSTP);
    el_set(edit, EL_PREP_TERM, 1);
    Self(edit).MarkPastes(true);
    return CC_REDISPLAY;
  }

  static unsigned char Paste(EditLine* edit, wint_t) {
    std::wstring text = Self(edit).keys_.Pasted();
    while (!text.empty() && text.back() == L'\n') text.pop_back();
    if (el_winsertstr(edit, text.c_str()) != 0) return CC_REFRESH_BEEP;
    return CC_REFRESH;
  }

  /// The line, from the row on where the cursor is, whatever was drawn before.
  static unsigned char DrawBelow(EditLine* edit) {
    el_set(edit, EL_REFRESH);
    return CC_NORM;
  }

  /// Terminals fold a line anew when they become wider or narrower: it begins some rows above the
  /// cursor, counted in the new width.
  static unsigned char Resize(EditLine* edit, wint_t) {
    const LineInfo* info = el_line(edit);
    const int width = Terminal::Width();
    int rows = 0, column = Self(edit).prompt_columns_;
    std::string_view before(info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    for (; !before.empty(); before.remove_prefix(FirstCharacter(before).size())) {
      const std::string_view character = FirstCharacter(before);
      const int columns = character == "\t" ? 8 - column % 8 : std::max(0, Columns(character));
      if (character == "\n" || column + columns > width) ++rows, column = 0;
      column += columns;
    }
    if (column == width) ++rows;
    if (rows > 0) std::printf("\033[%dA", rows);
    std::printf("\r\033[J");
    std::fflush(stdout);
    el_resize(edit);
    return DrawBelow(edit);
  }

  /// Adds what all completions have in common; shows them where that is nothing.
  static unsigned char CompleteLine(EditLine* edit, wint_t) {
    const LineInfo* info = el_line(edit);
    const std::string typed(info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    const std::vector<std::string> all = Self(edit).complete_(typed);
    if (all.empty()) return CC_REFRESH_BEEP;
    std::string common = all.front();
    for (const std::string& candidate : all) {
      size_t same = 0;
      while (same < common.size() && same < candidate.size() && common[same] == candidate[same])
        ++same;
      common.resize(same);
    }
    if (all.size() == 1 && common.back() != '/') common += ' ';
    if (common.size() > typed.size()) {
      el_insertstr(edit, common.c_str() + typed.size());
      return CC_REFRESH;
    }
    std::fputs(Listed(all, typed.rfind(' ') + 1).c_str(), stdout);
    std::fflush(stdout);
    return DrawBelow(edit);
  }

  /// Asks the terminal to tell pastes from keys (bracketed paste).
  void MarkPastes(bool on) {
    if (terminal_.dumb) return;
    std::fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
    std::fflush(stdout);
  }

  const Terminal& terminal_;
  std::filesystem::path file_;
  const Complete complete_;
  KeyInput keys_;
  EditLine* edit_;
  History* history_;
  std::string prompt_;
  int prompt_columns_ = 0;
  bool interrupted_ = false;
};

}  // namespace

std::unique_ptr<LineEditor> LineEditor::Open(const Terminal& terminal,
                                             std::filesystem::path history_file,
                                             Complete complete) {
  return std::make_unique<Editor>(terminal, std::move(history_file), std::move(complete));
}

}  // namespace erato::command
