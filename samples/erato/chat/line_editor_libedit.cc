// With libedit: emacs keys (or what ~/.editrc says), history with search, completion of commands by
// Tab.
#include <histedit.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdio>
#include <string_view>
#include <utility>

#include "samples/erato/chat/line_editor.h"

namespace erato::command {
namespace {

constexpr int kHistoryLines = 1000;
constexpr char kEscape = '\1';  // around what takes no columns in a prompt

class Editor : public LineEditor {
 public:
  Editor(const Terminal& terminal, std::filesystem::path history_file,
         std::vector<std::string> completions)
      : terminal_(terminal),
        file_(std::move(history_file)),
        completions_(std::move(completions)),
        edit_(el_init("erato", stdin, stdout, stderr)),
        history_(history_init()) {
    HistEvent event;
    history(history_, &event, H_SETSIZE, kHistoryLines);
    history(history_, &event, H_SETUNIQUE, 1);
    if (!file_.empty()) history(history_, &event, H_LOAD, file_.c_str());
    el_set(edit_, EL_CLIENTDATA, this);
    el_set(edit_, EL_EDITOR, "emacs");
    el_set(edit_, EL_PROMPT_ESC, &Editor::Prompt, kEscape);
    el_set(edit_, EL_HIST, history, history_);
    // While a line is edited, Ctrl-C and Ctrl-Z are keys.
    el_set(edit_, EL_SETTY, "-d", "-isig", nullptr);
    el_set(edit_, EL_ADDFN, "erato-interrupt", "give the line up", &Editor::Interrupt);
    el_set(edit_, EL_ADDFN, "erato-suspend", "back to the shell", &Editor::Suspend);
    el_set(edit_, EL_ADDFN, "erato-complete", "complete a command", &Editor::Complete);
    constexpr std::pair<const char*, const char*> kKeys[] = {
        {"^C", "erato-interrupt"},          {"^Z", "erato-suspend"},
        {"\t", "erato-complete"},           {"^R", "em-inc-search-prev"},
        {"\033[3~", "ed-delete-next-char"}, {"\033[H", "ed-move-to-beg"},
        {"\033[F", "ed-move-to-end"},       {"\033[1~", "ed-move-to-beg"},
        {"\033[4~", "ed-move-to-end"},      {"\033[1;5C", "em-next-word"},
        {"\033[1;5D", "ed-prev-word"},
    };
    for (const auto& [key, function] : kKeys) el_set(edit_, EL_BIND, key, function, nullptr);
    el_source(edit_, nullptr);
  }

  ~Editor() override {
    if (!file_.empty()) {
      std::error_code ignored;
      std::filesystem::create_directories(file_.parent_path(), ignored);
      HistEvent event;
      history(history_, &event, H_SAVE, file_.c_str());
      chmod(file_.c_str(), S_IRUSR | S_IWUSR);
    }
    history_end(history_);
    el_end(edit_);
  }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  Line Read(const std::string& prompt) override {
    prompt_ = prompt;
    if (*terminal_.bold != 0)
      prompt_ = std::string("\1") + terminal_.bold + "\1" + prompt + "\1" + terminal_.reset + "\1";
    interrupted_ = false;
    el_resize(edit_);
    // el_gets shows the prompt first and takes the terminal over after it: what is typed meanwhile
    // would be echoed twice, and a Ctrl-C lost.
    el_set(edit_, EL_PREP_TERM, 1);
    int count = 0;
    const char* text = el_gets(edit_, &count);
    if (interrupted_) {
      std::puts("^C");
      return {Line::Kind::kInterrupt, ""};
    }
    if (text == nullptr || count <= 0) return {Line::Kind::kEnd, ""};
    Line line{Line::Kind::kText, std::string(text, static_cast<size_t>(count))};
    while (!line.text.empty() && (line.text.back() == '\n' || line.text.back() == '\r'))
      line.text.pop_back();
    HistEvent event;
    if (!line.text.empty()) history(history_, &event, H_ENTER, line.text.c_str());
    return line;
  }

  void OnSignal() override {}

 private:
  static Editor& Self(EditLine* edit) {
    void* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<Editor*>(self);
  }
  static char* Prompt(EditLine* edit) { return Self(edit).prompt_.data(); }

  static unsigned char Interrupt(EditLine* edit, int) {
    Self(edit).interrupted_ = true;
    return CC_NEWLINE;
  }

  static unsigned char Suspend(EditLine* edit, int) {
    el_set(edit, EL_PREP_TERM, 0);
    raise(SIGTSTP);
    el_set(edit, EL_PREP_TERM, 1);
    return CC_REDISPLAY;
  }

  /// Adds what all completions that fit have in common.
  static unsigned char Complete(EditLine* edit, int) {
    const LineInfo* info = el_line(edit);
    const std::string_view typed(info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    std::string common;
    bool found = false;
    for (const std::string& candidate : Self(edit).completions_) {
      if (typed.empty() || candidate.compare(0, typed.size(), typed) != 0) continue;
      if (!found) {
        common = candidate + " ";
      } else {
        size_t same = 0;
        while (same < common.size() && same < candidate.size() && common[same] == candidate[same])
          ++same;
        common.resize(same);
      }
      found = true;
    }
    if (common.size() <= typed.size()) return CC_REFRESH_BEEP;
    el_insertstr(edit, common.c_str() + typed.size());
    return CC_REFRESH;
  }

  const Terminal& terminal_;
  std::filesystem::path file_;
  std::vector<std::string> completions_;
  EditLine* edit_;
  History* history_;
  std::string prompt_;
  bool interrupted_ = false;
};

}  // namespace

std::unique_ptr<LineEditor> LineEditor::Open(const Terminal& terminal,
                                             std::filesystem::path history_file,
                                             std::vector<std::string> completions) {
  return std::make_unique<Editor>(terminal, std::move(history_file), std::move(completions));
}

}  // namespace erato::command
