// Errors say where, what, what they got and what they expected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/template/json_value.h"

namespace erato {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Case {
  const char* source;
  const char* message;
};

class ErrorTest : public testing::TestWithParam<Case> {};

TEST_P(ErrorTest, SaysWhat) {
  const auto spans =
      RenderSpans(GetParam().source, Value(Dict{{"n", Value()}, {"s", Value::Content("x")}}));
  ASSERT_FALSE(spans.ok()) << TextOf(*spans);
  EXPECT_EQ(spans.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(spans.status().message()), StartsWith("[template line "));
  EXPECT_THAT(std::string(spans.status().message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, ErrorTest,
    testing::Values(
        Case{"a\n  {{ x | nosuch }}", "line 2 column 10] filter, got nosuch, expected a known one"},
        Case{"{{ x is nosuch }}", "test, got nosuch"}, Case{"{% frob %}", "tag, got frob"},
        Case{"{% if x %}", "expected elif or else or endif"},
        Case{"{{ x", "expression, got the end of the template, expected }}"},
        Case{"{{ 'x }}", "expected a closing quote"},
        Case{"{# x", "comment, got the end of the template, expected #}"},
        Case{"{% raw %}", "expected endraw"}, Case{"{{ (1] }}", "bracket, got ], expected )"},
        Case{"{{ 1 ! 2 }}", "token, got !"}, Case{"{{ f(a=1, 2) }}", "positional"},
        Case{"{% break %}", "outside of a for"}, Case{"{% include 'x' %}", "tag, got include"},
        Case{"{% import 'x' as y %}", "tag, got import"},
        Case{"{% set 1 = 2 %}", "expected a name"},
        Case{"{% for loop in x %}{% endfor %}", "target, got loop"},
        Case{"{{ }}", "expression, got }}"},
        Case{"{% macro m(a, a) %}{% endmacro %}", "parameter, got a twice"},
        Case{"{{ '\\N{DASH}' }}", "string escape"}, Case{"{{ '\\ud800' }}", "string escape"},
        Case{"{% else %}", "tag, got else"}));

INSTANTIATE_TEST_SUITE_P(
    Runtime, ErrorTest,
    testing::Values(
        Case{"\n\n {{ a.b }}", "line 3 column 6] 'a' is undefined"},
        Case{"{{ n.b.c }}", "'None' has no attribute 'b'"},
        Case{"{{ s.nosuch() }}", "'str object' has no attribute 'nosuch'"},
        Case{"{{ [].append(1) }}", "no attribute 'append'"},
        Case{"{{ {}.update({}) }}", "no attribute 'update'"},
        Case{"{{ s.__class__.__mro__ }}", "no attribute '__class__'"},
        Case{"{{ raise_exception('No: ' ~ s) }}", "No: x"},
        Case{"{{ 1 + 'a' }}", "operator +, got int and str"},
        Case{"{{ 1 / 0 }}", "division, got zero"}, Case{"{{ n|length }}", "length, got NoneType"},
        Case{"{% for x in 5 %}{% endfor %}", "iteration, got int"},
        Case{"{{ [1, 'a']|sort }}", "comparison, got"}, Case{"{{ {[]: 1} }}", "key, got a list"},
        Case{"{{ 1 in {2: 3} and {}.keys() in {} }}{{ {}.keys() in {} }}", "key, got"},
        Case{"{{ range(2)|urlencode }}", "got"},
        Case{"{% set a, b = [1] %}", "unpacking, got 1 values, expected 2"},
        Case{"{% set n.x = 1 %}", "expected a namespace"}, Case{"{{ s() }}", "call, got str"},
        Case{"{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "got 2 arguments, expected at most 1"},
        Case{"{{ s|trim(1, 2) }}", "trim, got 2 arguments"},
        Case{"{{ strftime_now('%Y') }}", "strftime_now, got no clock"},
        Case{"{{ n|tojson(indent=2, wrong=1) }}", "tojson, got argument wrong"},
        Case{"{{ [x]|tojson }}", "tojson, got Undefined"},
        Case{"{% if true %}{{ s|nosuch }}{% endif %}", "filter, got nosuch"},
        Case{"{{ '%d' % 'a' }}", "% format, got str"}, Case{"{{ '%s %s' % 1 }}", "too few"},
        Case{"{{ '{} {}'.format(1) }}", "format, got no argument 1"},
        Case{"{{ ['a']|map('nosuch')|list }}", "map, got filter nosuch"}));

TEST(Errors, InvalidUtf8NamesTheByte) {
  const auto parsed = ChatTemplate::Parse("ab\xFFz");
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("invalid UTF-8 at byte 2"));
}

TEST(Errors, WhatIsNotReachedIsNone) {
  EXPECT_EQ(RenderText("{% if false %}{{ s|nosuch }}{{ a.b.c }}{% endif %}ok"), "ok");
  EXPECT_EQ(RenderText("{{ x|nosuch if false else 'ok' }}"), "ok");
  EXPECT_EQ(RenderText("{% set unread = [1]|map('nosuch') %}ok"), "ok");
}

TEST(Errors, EveryPrefixOfATemplateIsParsedOrRefused) {
  const std::string source =
      "{%- macro m(a, b=[1, {'k': 2}]) %}{{ a[1:2]|join(', ') ~ b.k if a is not none else \"x\\n\" "
      "}}{% endmacro -%}"
      "{% for x, y in z.items() recursive %}{% call(q) m(*x, **y) %}{# c #}{{- loop(x) -}}{% "
      "endcall %}{% else %}"
      "{% raw %}{{{% endraw %}{% endfor %}{% set n.v %}{% filter upper %}1e5{% endfilter %}{% "
      "endset %}";
  EXPECT_TRUE(ChatTemplate::Parse(source).ok());
  for (size_t end = 0; end < source.size(); ++end) {
    const auto parsed = ChatTemplate::Parse(source.substr(0, end));
    if (!parsed.ok()) {
      EXPECT_THAT(std::string(parsed.status().message()), StartsWith("[template line 1 column "));
    }
  }
}

}  // namespace
}  // namespace erato
