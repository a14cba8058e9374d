// The chatbot on a screen: a prompt, slash commands, answers as they come.
#ifndef ERATO_SAMPLES_ERATO_CHAT_SCREEN_H_
#define ERATO_SAMPLES_ERATO_CHAT_SCREEN_H_

#include <string>

#include "samples/erato/chat/conversation.h"
#include "samples/erato/chat/interrupts.h"
#include "samples/erato/chat/line_editor.h"
#include "samples/erato/chat/terminal.h"
#include "samples/erato/handles.h"

namespace erato::command {

/// Writes an answer, wrapped where stdout is a terminal, and ends its last line.
Answer WriteAnswer(Conversation& conversation, const std::string& question,
                   const Terminal& terminal, Interrupts& interrupts);

class Screen {
 public:
  Screen(const Terminal& terminal, LineEditor& editor, Interrupts& interrupts,
         const erato_model* model, erato_options* options, Conversation& conversation);
  /// Until the user leaves: the program's exit status.
  int Run();

  struct Command {
    const char *name, *arguments, *help;
    void (Screen::*run)(const std::string& arguments);
  };
  static const std::vector<Command>& Commands();

 private:
  void Banner();
  /// One message: a line, or several joined by a `\` at their ends or between """ and """.
  Line ReadMessage();
  void Ask(const std::string& question);
  void Dispatch(const std::string& line);

  void Help(const std::string& arguments);
  void New(const std::string& arguments);
  void System(const std::string& text);
  void Set(const std::string& arguments);
  void Stats(const std::string& arguments);
  void Save(const std::string& file);
  void Load(const std::string& file);
  void Quit(const std::string& arguments);

  void Note(const std::string& text) const;                          // a dim line
  void Row(const std::string& left, const std::string& help) const;  // a line of a table
  void ShowOptions() const;

  const Terminal& terminal_;
  LineEditor& editor_;
  Interrupts& interrupts_;
  const erato_model* model_;
  erato_options* options_;
  Conversation& conversation_;
  bool leaving_ = false;
};

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_SCREEN_H_
