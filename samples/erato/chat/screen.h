// The chatbot on a screen: a prompt, slash commands, answers as they come.
#ifndef ERATO_SAMPLES_ERATO_CHAT_SCREEN_H_
#define ERATO_SAMPLES_ERATO_CHAT_SCREEN_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "samples/erato/chat/conversation.h"
#include "samples/erato/chat/interrupts.h"
#include "samples/erato/chat/line_editor.h"
#include "samples/erato/chat/terminal.h"
#include "samples/erato/handles.h"

namespace erato::command {

class Screen {
 public:
  using Load = std::function<Handle<erato_model>(const std::string& path)>;
  /// `load` gives the models of /model. `session_file`: where the chat is kept after each answer;
  /// empty = nowhere.
  Screen(const Terminal& terminal, LineEditor& editor, Interrupts& interrupts,
         Handle<erato_model> model, erato_options* options, Load load,
         std::filesystem::path session_file);
  Conversation& conversation() { return *conversation_; }
  /// Until the user leaves: the program's exit status. resumed: the chat was begun earlier.
  int Run(bool resumed);

  struct Command {
    const char *name, *arguments, *help;
    void (Screen::*run)(const std::string& arguments);
  };
  static const std::vector<Command>& Commands();
  /// What a line that begins with `typed` may become: commands, and what comes after some of them.
  static std::vector<std::string> Completions(const std::string& typed);

 private:
  using Asked = std::function<Answer(const Conversation::Write&)>;

  void Banner();
  /// One message: a line, or several joined by a `\` at their ends or between """ and """.
  Line ReadMessage();
  void Obey(const std::string& message);
  void Ask(const std::string& question);
  /// The answer as it comes, and what it took. It goes on after `begun`.
  void Show(const Asked& asked, const std::string& begun = "");
  void ShowMessage(const std::string& role, const std::string& text) const;
  /// The last question and its answer, as a reminder.
  void ShowLast() const;
  void Keep() const;
  /// Whole or not at all; asks before it replaces a file. False: the user said no.
  bool WriteFile(const std::string& file, const std::string& text);
  void Dispatch(const std::string& line);
  /// The path of the model that is meant: a path, a name or number of the cache; where name is
  /// empty, what the user picks, and "" for none.
  std::string Choose(const std::string& name);

  void Help(const std::string& arguments);
  void New(const std::string& arguments);
  void System(const std::string& text);
  void Set(const std::string& arguments);
  void Stats(const std::string& arguments);
  void Context(const std::string& arguments);
  void Device(const std::string& arguments);
  void Save(const std::string& file);
  void LoadChat(const std::string& file);
  void File(const std::string& file);
  void History(const std::string& arguments);
  void Quit(const std::string& arguments);
  void Retry(const std::string& arguments);
  void Undo(const std::string& arguments);
  void Edit(const std::string& arguments);
  void Continue(const std::string& arguments);
  void Export(const std::string& file);
  void Tokens(const std::string& text);
  void Template(const std::string& arguments);
  void Model(const std::string& name);
  void Think(const std::string& arguments);

  void Note(const std::string& text) const;                          // a dim line
  void Row(const std::string& left, const std::string& help) const;  // a line of a table
  void ShowOptions() const;
  std::string Info(const std::string& member) const;  // of the model

  const Terminal& terminal_;
  LineEditor& editor_;
  Interrupts& interrupts_;
  Handle<erato_model> model_;
  erato_options* options_;
  std::unique_ptr<Conversation> conversation_;
  const Load load_;
  const std::filesystem::path session_file_;
  bool leaving_ = false, show_thinking_ = true;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_SCREEN_H_
