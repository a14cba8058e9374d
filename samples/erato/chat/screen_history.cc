// The slash commands that go back in a chat or carry it out of the program.
#include <cstdio>
#include <fstream>

#include "samples/erato/chat/editor_program.h"
#include "samples/erato/chat/screen.h"
#include "samples/erato/files.h"
#include "samples/erato/json.h"

namespace erato::command {
namespace {

std::string Speaker(const std::string& role) {
  return role == "user" ? "You" : role == "assistant" ? "Erato" : role;
}

std::string Needed(const std::string& file, const char* command) {
  if (file.empty()) throw Failure(std::string(command) + " needs the name of a file");
  return PathOf(file);
}

void Replace(const std::string& file, const std::string& text) {
  const std::string partial = file + ".partial";
  std::ofstream out(partial, std::ios::binary);
  out << text;
  out.close();
  if (!out || std::rename(partial.c_str(), file.c_str()) != 0) {
    std::remove(partial.c_str());
    throw Failure("cannot write " + file);
  }
}

}  // namespace

bool Screen::WriteFile(const std::string& file, const std::string& text) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    const Line line = editor_.Read(file + " is there. Replace it (y or n)? ");
    if (!line.text.starts_with("y")) {
      Note("Nothing was written.");
      return false;
    }
  }
  Replace(file, text);
  return true;
}

void Screen::Keep() const {
  if (session_file_.empty()) return;
  std::error_code ignored;  // a chat that cannot be kept is a chat all the same
  std::filesystem::create_directories(session_file_.parent_path(), ignored);
  std::filesystem::permissions(session_file_.parent_path(), std::filesystem::perms::owner_all,
                               ignored);
  try {
    Replace(session_file_.string(), conversation_->History() + "\n");
  } catch (const Failure&) {
  }
}

void Screen::Save(const std::string& file) {
  const std::string path = Needed(file, "/save");
  if (WriteFile(path, Indented(conversation_->History()) + "\n")) Note("Saved to " + path + ".");
}

void Screen::LoadChat(const std::string& file) {
  conversation_->SetHistory(ReadFile(Needed(file, "/load")));
  ShowLast();
}

void Screen::File(const std::string& file) {
  const std::string path = Needed(file, "/file");
  const std::string text = ReadFile(path);
  size_t tokens = 0;
  const erato_model* model = model_.get();
  Call(erato_model_count_tokens, model, text.data(), text.size(), int32_t{ERATO_TEXT_PLAIN},
       &tokens);
  conversation_->AddContext(text);
  Note(path + ", " + std::to_string(tokens) + " tokens, stands before the next question.");
}

void Screen::History(const std::string&) {
  const std::vector<std::string> messages = Elements(conversation_->History());
  for (const std::string& message : messages) {
    ShowMessage(Member(message, "role"), Member(message, "content"));
  }
  if (messages.empty()) Note("Nothing was said yet.");
}

void Screen::Retry(const std::string&) {
  Show([&](const Conversation::Write& write) { return conversation_->Retry(interrupts_, write); });
}

void Screen::Continue(const std::string&) {
  const auto go_on = [&](const Conversation::Write& write) {
    return conversation_->Continue(interrupts_, write);
  };
  Show(go_on, conversation_->LastAnswer());
}

void Screen::Undo(const std::string&) {
  Note("Taken back: " + conversation_->Undo());
  Keep();
}

void Screen::Edit(const std::string&) {
  const std::string before = conversation_->History();
  const std::string question = conversation_->empty() ? "" : conversation_->Undo();
  try {
    const std::string edited = Edited(question);
    if (edited.empty()) throw Failure("nothing to ask");
    ShowMessage("user", edited);
    Ask(edited);
  } catch (const Failure&) {
    conversation_->SetHistory(before);
    throw;
  }
}

void Screen::Export(const std::string& file) {
  const std::string path = Needed(file, "/export");
  if (path.ends_with(".json")) return Save(path);
  std::string text;
  for (const std::string& message : Elements(conversation_->History())) {
    text += (text.empty() ? "**" : "\n**") + Speaker(Member(message, "role")) + ":** " +
            Member(message, "content") + "\n";
  }
  if (WriteFile(path, text)) Note("Exported to " + path + ".");
}

}  // namespace erato::command
