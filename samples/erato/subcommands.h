// The subcommands, one file each: Add… says what one takes and what it does.
#ifndef ERATO_SAMPLES_ERATO_SUBCOMMANDS_H_
#define ERATO_SAMPLES_ERATO_SUBCOMMANDS_H_

#include "samples/erato/arguments.h"

namespace erato::command {

void AddBench(Arguments& arguments);
void AddChat(Arguments& arguments);
void AddCheck(Arguments& arguments);
void AddClassify(Arguments& arguments);
void AddDetokenize(Arguments& arguments);
void AddDoctor(Arguments& arguments);
void AddEmbed(Arguments& arguments);
void AddGenerate(Arguments& arguments);
void AddInfo(Arguments& arguments);
void AddLogits(Arguments& arguments);
void AddRender(Arguments& arguments);
void AddRerank(Arguments& arguments);
void AddTokenize(Arguments& arguments);

}  // namespace erato::command

#endif  // ERATO_SAMPLES_ERATO_SUBCOMMANDS_H_
