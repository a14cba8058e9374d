// `value is test(arguments)`: the tests of jinja2 3.1.
#ifndef ERATO_TOKENIZER_TEMPLATE_TESTS_H_
#define ERATO_TOKENIZER_TEMPLATE_TESTS_H_

#include <string_view>

#include "tokenizer/template/arguments.h"

namespace erato {

struct Test {
  std::string_view name;
  Signature signature;
  bool (*call)(Run& run, const Value& value, const Bound& args);
};

/// Null where there is none of that name.
const Test* FindTest(std::string_view name);
bool CallTest(Run& run, const Test& test, const Value& value, const Arguments& args);

}  // namespace erato

#endif  // ERATO_TOKENIZER_TEMPLATE_TESTS_H_
