// Numbers in the directives of "%d" and "{:d}".
#ifndef ERATO_TOKENIZER_TEMPLATE_NUMBER_FORMAT_H_
#define ERATO_TOKENIZER_TEMPLATE_NUMBER_FORMAT_H_

#include <cstdint>
#include <string>

#include "tokenizer/template/run.h"

namespace erato {

struct NumberStyle {
  char type = 'd';         // d o x X b, e E f F g G %
  char sign = 0;           // '+', ' ', or 0: a minus only
  bool alternate = false;  // 0x, 0o, 0b in front
  bool zero = false;       // zeros up to `width`
  char group = 0;          // ',' or '_' between thousands
  int64_t width = 0;
  int64_t precision = -1;
};

std::string FormatInteger(int64_t value, const NumberStyle& style);
/// The precision must be at least 0.
std::string FormatReal(Run& run, double value, const NumberStyle& style);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_NUMBER_FORMAT_H_
