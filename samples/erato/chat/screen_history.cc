// The slash commands that go back in a chat or carry it out of the program.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "samples/erato/chat/screen.h"
#include "samples/erato/json.h"

namespace erato::command {
namespace {

std::string Speaker(const std::string& role) {
  return role == "user" ? "You" : role == "assistant" ? "Erato" : role;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// `text` as the user leaves it in $VISUAL or $EDITOR.
std::string Edited(const std::string& text) {
  const char* editor = std::getenv("VISUAL");
  if (editor == nullptr || *editor == 0) editor = std::getenv("EDITOR");
  if (editor == nullptr || *editor == 0) editor = "vi";
  std::string path = (std::filesystem::temp_directory_path() / "erato-XXXXXX").string();
  const int file = mkstemp(path.data());
  if (file < 0) throw Failure("cannot write a file to edit");
  close(file);
  std::ofstream(path, std::ios::binary) << text << '\n';
  // The name has no letters that a shell minds; the editor may have arguments.
  const int status = std::system((std::string(editor) + " " + path).c_str());
  std::string edited = ReadFile(path);
  std::remove(path.c_str());
  if (status != 0) throw Failure(std::string(editor) + " failed; nothing is asked");
  while (!edited.empty() && edited.back() == '\n') edited.pop_back();
  return edited;
}

}  // namespace

void Screen::Write(const std::string& file, const std::string& text) const {
  const std::string partial = file + ".partial";
  std::ofstream out(partial, std::ios::binary);
  out << text;
  out.close();
  if (!out || std::rename(partial.c_str(), file.c_str()) != 0) {
    std::remove(partial.c_str());
    throw Failure("cannot write " + file);
  }
}

void Screen::Keep() const {
  if (session_file_.empty()) return;
  std::error_code ignored;  // a chat that cannot be kept is a chat all the same
  std::filesystem::create_directories(session_file_.parent_path(), ignored);
  std::filesystem::permissions(session_file_.parent_path(), std::filesystem::perms::owner_all,
                               ignored);
  try {
    Write(session_file_.string(), conversation_->History() + "\n");
  } catch (const Failure&) {
  }
}

void Screen::Retry(const std::string&) {
  Show([&](const Conversation::Write& write) { return conversation_->Retry(interrupts_, write); });
}

void Screen::Continue(const std::string&) {
  Show([&](const Conversation::Write& write) {
    return conversation_->Continue(interrupts_, write);
  });
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
    std::printf("%s\n", edited.c_str());
    Ask(edited);
  } catch (const Failure&) {
    conversation_->SetHistory(before);
    throw;
  }
}

void Screen::Export(const std::string& file) {
  if (file.empty()) throw Failure("/export needs the name of a file");
  if (file.ends_with(".json")) return Save(file);
  std::string text;
  for (const std::string& message : Elements(conversation_->History())) {
    text += (text.empty() ? "**" : "\n**") + Speaker(Member(message, "role")) + ":** " +
            Member(message, "content") + "\n";
  }
  Write(file, text);
  Note("Exported to " + file + ".");
}

}  // namespace erato::command
