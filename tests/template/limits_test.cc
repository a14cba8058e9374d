// Templates that ask for unbounded work get an error that names the limit, soon and with little
// memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/template/json_value.h"

namespace erato {
namespace {

using testing::HasSubstr;

std::string Repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

struct Bomb {
  const char* name;
  std::string source;
  const char* limit;
};

class BombTest : public testing::TestWithParam<Bomb> {};

TEST_P(BombTest, NamesTheLimit) {
  TemplateLimits limits;
  limits.max_steps = 300'000;
  limits.max_output_bytes = 1 << 20;
  limits.max_list_items = 50'000;
  const auto spans = RenderSpans(GetParam().source, Value(Dict{}), 0, limits);
  ASSERT_FALSE(spans.ok());
  EXPECT_EQ(spans.status().code(), absl::StatusCode::kResourceExhausted) << spans.status();
  EXPECT_THAT(std::string(spans.status().message()), HasSubstr(GetParam().limit));
}

INSTANTIATE_TEST_SUITE_P(
    Bombs, BombTest,
    testing::Values(
        Bomb{"Range", "{% for i in range(1000000000) %}{% endfor %}", "max_list_items"},
        Bomb{"RangeList", "{{ range(60000)|list }}", "max_list_items"},
        Bomb{"Loops",
             "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}"
             "{% endfor %}{% endfor %}{% endfor %}",
             "max_steps"},
        Bomb{"RepeatString", "{{ 'a' * 1000000000 }}", "max_output_bytes"},
        Bomb{"RepeatOverflow", "{{ 'aaaa' * 9223372036854775807 }}", "max_output_bytes"},
        Bomb{"RepeatList", "{{ [0] * 1000000000 }}", "max_list_items"},
        Bomb{"Doubling",
             "{% set n = namespace(s='aaaaaaaa') %}{% for i in range(99) %}"
             "{% set n.s = n.s + n.s %}{% endfor %}",
             "max_output_bytes"},
        Bomb{"DoublingConcat",
             "{% set n = namespace(s='aaaaaaaa') %}{% for i in range(99) %}"
             "{% set n.s = n.s ~ n.s %}{% endfor %}",
             "max_output_bytes"},
        Bomb{"DoublingReplace",
             "{% set n = namespace(s='aaaaaaaa') %}{% for i in range(99) %}"
             "{% set n.s = n.s|replace('a', 'aa') %}{% endfor %}",
             "max_"},
        Bomb{"DoublingList",
             "{% set n = namespace(s=[1]) %}{% for i in range(99) %}"
             "{% set n.s = n.s + n.s %}{% endfor %}",
             "max_list_items"},
        Bomb{"SharedListRepr",
             "{% set n = namespace(s=['aaaaaaaa']) %}{% for i in range(40) %}"
             "{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
             "max_"},
        Bomb{"SharedListJson",
             "{% set n = namespace(s=['aaaaaaaa']) %}{% for i in range(40) %}"
             "{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s|tojson }}",
             "max_"},
        Bomb{"SharedListCompare",
             "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(40) %}"
             "{% set n.s = [n.s, n.s] %}{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.s == n.t }}",
             "max_steps"},
        Bomb{"Nesting",
             "{% set n = namespace(s=[]) %}{% for i in range(9999) %}"
             "{% set n.s = [n.s] %}{% endfor %}",
             "max_depth"},
        Bomb{"NestingDict",
             "{% set n = namespace(s={}) %}{% for i in range(9999) %}"
             "{% set n.s = {'a': n.s} %}{% endfor %}",
             "max_depth"},
        Bomb{"NestingIterators",
             "{% set n = namespace(s=[1]) %}{% for i in range(9999) %}"
             "{% set n.s = [n.s]|map('list') %}{% endfor %}",
             "max_depth"},
        Bomb{"Macro", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "max_depth"},
        Bomb{
            "MacroPair",
            "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
            "max_depth"},
        Bomb{"MacroDefault", "{% macro m(x=m()) %}{% endmacro %}{{ m() }}", "max_depth"},
        Bomb{"MacroTree",
             "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}"
             "{{ m(60) }}",
             "max_"},
        Bomb{"Caller",
             "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{{ caller() }}{% endmacro %}"
             "{% call m() %}x{% endcall %}",
             "max_depth"},
        Bomb{"RecursiveLoop", "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
             "max_depth"},
        Bomb{"NamespaceRepr", "{% set n = namespace() %}{% set n.n = [n] %}{{ n }}", "max_depth"},
        Bomb{"NamespaceCompare",
             "{% set n = namespace() %}{% set m = namespace() %}{% set n.x = [n] %}"
             "{{ [n.x] == [[m]] or n ~ n }}",
             "max_depth"},
        Bomb{"Brackets", "{{ " + Repeat("(", 5000) + "1" + Repeat(")", 5000) + " }}", "max_depth"},
        Bomb{"Lists", "{{ " + Repeat("[", 5000) + Repeat("]", 5000) + " }}", "max_depth"},
        Bomb{"Nots", "{{ " + Repeat("not ", 5000) + "1 }}", "max_depth"},
        Bomb{"Signs", "{{ " + Repeat("- ", 5000) + "1 }}", "max_depth"},
        Bomb{"Filters", "{{ 1" + Repeat("|string", 5000) + " }}", "max_depth"},
        Bomb{"Attributes", "{{ x" + Repeat(".a", 5000) + " }}", "max_depth"},
        Bomb{"Calls", "{{ x" + Repeat("()", 5000) + " }}", "max_depth"},
        Bomb{"Keywords", "{{ " + Repeat("f(a=", 5000) + "1" + Repeat(")", 5000) + " }}",
             "max_depth"},
        Bomb{"Conditions", "{{ " + Repeat("1 if 1 else ", 5000) + "1 }}", "max_depth"},
        Bomb{"Statements", Repeat("{% if 1 %}", 5000) + Repeat("{% endif %}", 5000), "max_depth"},
        Bomb{"Targets", "{% set " + Repeat("(", 5000) + "a" + Repeat(")", 5000) + " = 1 %}",
             "max_depth"},
        Bomb{"Pad", "{{ 'a'.ljust(2000000) }}", "max_output_bytes"},
        Bomb{"Center", "{{ 'a'|center(2000000000) }}", "max_output_bytes"},
        Bomb{"PercentWidth", "{{ '%999999999d' % 1 }}", "max_output_bytes"},
        Bomb{"BraceWidth", "{{ '{:999999999}'.format(1) }}", "max_output_bytes"},
        Bomb{"Batch", "{{ [1]|batch(1000000000, 0)|list }}", "max_list_items"},
        Bomb{"Slices", "{{ [1]|slice(1000000000)|list }}", "max_list_items"},
        Bomb{"Output", "{% for i in range(9999) %}" + std::string(1000, 'x') + "{% endfor %}",
             "max_"},
        Bomb{"Unique",
             "{% set n = namespace(d={}) %}{% for i in range(50000) %}"
             "{% set n.d = dict(n.d, **{i|string: 1}) %}{% endfor %}",
             "max_steps"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Limits, LongChainsAreNotDeep) {
  EXPECT_EQ(RenderText("{{ 1" + Repeat(" + 1", 5000) + " }}"), "5001");
  EXPECT_EQ(RenderText("{{ 'a'" + Repeat(" ~ 'a'", 5000) + " }}").size(), 5001u);
  EXPECT_EQ(RenderText("{{ 0" + Repeat(" or 0", 5000) + " }}"), "0");
  EXPECT_EQ(RenderText("{% if 0 %}" + Repeat("{% elif 0 %}", 5000) + "{% else %}x{% endif %}"),
            "x");
}

TEST(Limits, SourceSize) {
  TemplateLimits limits;
  limits.max_source_bytes = 10;
  EXPECT_TRUE(ChatTemplate::Parse("0123456789", limits).ok());
  const auto longer = ChatTemplate::Parse("01234567890", limits);
  EXPECT_EQ(longer.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(longer.status().message()), HasSubstr("max_source_bytes"));
}

TEST(Limits, EachStepCounts) {
  // A template that needs exactly n steps renders with n and fails with n - 1.
  const char* source = "{% for i in range(20) %}{{ i ~ 'x' }}{% endfor %}";
  int64_t needed = -1;
  for (int64_t steps = 1; steps < 1000 && needed < 0; ++steps) {
    TemplateLimits limits;
    limits.max_steps = steps;
    if (RenderSpans(source, Value(Dict{}), 0, limits).ok()) needed = steps;
  }
  EXPECT_GT(needed, 60);
  EXPECT_LT(needed, 400);
}

TEST(Limits, VariablesNestedTooDeeply) {
  Value value(int64_t{1});
  for (int i = 0; i < 150; ++i) value = Value(List{value});
  const auto spans = RenderSpans("{{ 1 }}", Value(Dict{{"x", value}}));
  EXPECT_EQ(spans.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(Limits, NamespacesMayHoldEachOther) {
  // A ring and a chain: nothing leaks (a sanitizer's build says so), nothing overflows the stack.
  EXPECT_EQ(RenderText("{% set a = namespace() %}{% set b = namespace(a=a) %}{% set a.b = b %}ok"),
            "ok");
  EXPECT_EQ(RenderText("{% set n = namespace(p=none) %}{% for i in range(99999) %}"
                       "{% set n.p = namespace(p=n.p) %}{% endfor %}ok"),
            "ok");
  EXPECT_EQ(RenderText("{% set n = namespace() %}{% for i in [1] %}{{ loop.changed(loop) }}"
                       "{% set n.l = loop %}{% endfor %}{{ n.l.index }}"),
            "True1");
}

TEST(Limits, IntegersBeyond64BitsAreErrors) {
  for (const char* e :
       {"9223372036854775807 + 1", "-9223372036854775807 - 2", "2 ** 63", "3037000500 * 3037000500",
        "-(-9223372036854775807 - 1)", "(-9223372036854775807 - 1) // -1", "9223372036854775808",
        "'9223372036854775808'|int", "1e30|int", "(-9223372036854775807 - 1)|abs"}) {
    EXPECT_THAT(RenderText("{{ " + std::string(e) + " }}"), HasSubstr("error: [template line 1"));
  }
  EXPECT_EQ(RenderText("{{ (-9223372036854775807 - 1) % -1 }}"), "0");
  EXPECT_EQ(RenderText(
                "{{ range(-9223372036854775807, 9223372036854775807, 4611686018427387904)|list }}"),
            "[-9223372036854775807, -4611686018427387903, 1, 4611686018427387905]");
}

}  // namespace
}  // namespace erato
