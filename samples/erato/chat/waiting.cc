#include "samples/erato/chat/waiting.h"

#include <chrono>
#include <exception>
#include <string>

#include "samples/erato/lines.h"

namespace erato::command {
namespace {

constexpr std::chrono::milliseconds kUnseen(400);

}  // namespace

Waiting::Waiting(const Terminal& terminal) {
  if (terminal.interactive() && !terminal.dumb) thread_ = std::thread([&] { Run(terminal); });
}

Waiting::~Waiting() {
  try {
    End();
  } catch (const std::exception&) {  // what could not be written is told elsewhere
  }
}

void Waiting::Run(const Terminal& terminal) {
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, kUnseen, [this] { return ended_; })) return;
  shown_ = true;
  try {
    Write(terminal.Escape(kDim) + "Reading …" + terminal.Escape(kPlain));
  } catch (const std::exception&) {  // who writes next is told
  }
}

void Waiting::End() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (shown_) Write("\r\033[K");
}

}  // namespace erato::command
