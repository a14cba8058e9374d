// Loading a model while somebody waits.
#ifndef ERATO_SAMPLES_ERATO_CHAT_LOADING_H_
#define ERATO_SAMPLES_ERATO_CHAT_LOADING_H_

#include <string>

#include "samples/erato/chat/interrupts.h"
#include "samples/erato/chat/terminal.h"
#include "samples/erato/handles.h"

namespace erato::command {

/// "[######....]": `filled` of 1. Letters that every terminal and screen reader has.
std::string Bar(double filled, int columns);

/// With a bar on a terminal, where that takes long enough to be seen. Ctrl-C stops it: Failure with
/// ERATO_CANCELLED.
Handle<erato_model> Load(const std::string& path, const erato_options* options,
                         const Terminal& terminal, Interrupts& interrupts);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_CHAT_LOADING_H_
