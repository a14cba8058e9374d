// One line for each construct of the language: the overview that the generated cases do not give.
#include <gtest/gtest.h>

#include "tests/template/json_value.h"

namespace erato {
namespace {

struct Case {
  const char* source;
  const char* text;
};

class LanguageTest : public testing::TestWithParam<Case> {};

TEST_P(LanguageTest, Renders) {
  constexpr char kVariables[] = R"({"s": "Hello, wörld", "xs": [3, 1, 2], "d": {"a": 1, "items": 2},
      "rows": [{"k": "x", "v": 2}, {"k": "y", "v": 1}], "none": null, "tree": [{"v": 1, "c": [{"v": 2}]}]})";
  EXPECT_EQ(RenderText(GetParam().source, kVariables, 1732379000), GetParam().text)
      << GetParam().source;
}

INSTANTIATE_TEST_SUITE_P(
    Statements, LanguageTest,
    testing::Values(
        Case{"{% for x in xs %}{{ loop.index }}:{{ x }}{{ ',' if not loop.last }}{% endfor %}",
             "1:3,2:1,3:2"},
        Case{"{% for x in xs if x > 1 %}{{ x }}{{ loop.length }}{% endfor %}", "3222"},
        Case{"{% for x in [] %}{% else %}empty{% endfor %}", "empty"},
        Case{"{% for k, v in d.items() %}{{ k }}{{ v }}{% endfor %}", "a1items2"},
        Case{"{% for x in xs %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}",
             "<3>1 3<1>2 1<2> "},
        Case{"{% for x in xs %}{{ loop.cycle('a', 'b') }}{{ loop.revindex0 }}{% endfor %}",
             "a2b1a0"},
        Case{"{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{% endfor %}", "TrueFalseTrue"},
        Case{"{% for x in tree recursive %}{{ x.v }}@{{ loop.depth }}{% if x.c %}({{ loop(x.c) "
             "}}){% endif %}{% endfor %}",
             "1@1(2@2)"},
        Case{"{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 5 %}{% "
             "break %}{% endif %}{{ i }}{% endfor %}",
             "0134"},
        Case{"{% set x = 1 %}{% for i in xs %}{% set x = i %}{% endfor %}{{ x }}", "1"},
        Case{"{% set n = namespace(x=1) %}{% for i in xs %}{% set n.x = n.x + i %}{% endfor %}{{ "
             "n.x }}",
             "7"},
        Case{"{% set n = namespace(f=false) %}{% for x in xs if not n.f %}{% set n.f = true %}{{ x "
             "}}{% endfor %}",
             "3"},
        Case{"{% set a, b = 1, [2] %}{{ a }}{{ b }}", "1[2]"},
        Case{"{% set x %}a{{ s }}{% endset %}{{ x|length }}", "13"},
        Case{"{% set x | upper | trim %} a {% endset %}{{ x }}", "A"},
        Case{"{% filter upper %}a{{ s }}{% endfilter %}", "AHELLO, WÖRLD"},
        Case{"{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a }}", "3"},
        Case{"{% print 1, 'a' %}", "1a"},
        Case{"{% if 0 %}a{% elif xs %}b{% else %}c{% endif %}", "b"},
        Case{"{% generation %}{{ s }}{% endgeneration %}", "Hello, wörld"},
        Case{"{% raw %}{{ x }}{% endraw %}", "{{ x }}"}, Case{"a{# {{ x #}b", "ab"},
        Case{"{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=5) "
             "}} {{ m() }}",
             "121 125 2"},
        Case{"{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, k=3) }}",
             "1(2,){'k': 3}"},
        Case{"{% macro m() %}<{{ caller(1) }}>{% endmacro %}{% call(x) m() %}{{ x }}{{ s }}{% "
             "endcall %}",
             "<1Hello, wörld>"},
        Case{"{% macro f(n) %}{{ n }}{% if n %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
             "3210"}));

INSTANTIATE_TEST_SUITE_P(
    Expressions, LanguageTest,
    testing::Values(Case{"{{ s[::-1] }}{{ s[-5:] }}{{ s[1:9:3] }}{{ xs[::-2] }}",
                         "dlröw ,olleHwörldeow[2, 3]"},
                    Case{"{{ xs[9] }}{{ d.zz }}{{ nothing }}", ""},
                    Case{"{{ d['a'] }}{{ d.a }}{{ d['items'] }}{{ rows[0].k }}{{ xs.0 }}", "112x3"},
                    Case{"{{ 1 if none }}|{{ 1 if xs else 2 }}", "|1"},
                    Case{"{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 3 ** 2 }}",
                         "3 -4 2 3.5 64"},
                    Case{"{{ 1 < 2 < 2 }}{{ 1 in xs }}{{ 'ell' not in s }}", "FalseTrueFalse"},
                    Case{"{{ 'a' ~ 1 ~ none ~ 1.5 ~ true }}", "a1None1.5True"},
                    Case{"{{ 'a' 'b' }}{{ [1, 'a', none] }}{{ (1,) }}{{ {'a': 1} }}",
                         "ab[1, 'a', None](1,){'a': 1}"},
                    Case{"{{ 0 or 'x' and [] }}{{ not xs }}", "[]False"},
                    Case{"{{ 1e20 }} {{ 1e-7 }} {{ 0.1 + 0.2 }} {{ 1.0 }} {{ 123456789.0 * 10 }}",
                         "1e+20 1e-07 0.30000000000000004 1.0 1234567890.0"},
                    Case{"{{ x is defined }}{{ s is string }}{{ d is mapping }}{{ xs is iterable "
                         "}}{{ 3 is odd }}{{ none is none }}{{ 4 is divisibleby 2 }}",
                         "FalseTrueTrueTrueTrueTrueTrue"},
                    Case{"{{ '\\u00e9\\x41\\n\\q' }}", "éA\n\\q"},
                    Case{"{{ \"it's\" ~ ['it\\'s'] }}", "it's[\"it's\"]"},
                    Case{"{{ 0x1F + 0b11 + 0o7 + 1_000 }}", "1041"}));

INSTANTIATE_TEST_SUITE_P(
    FiltersAndMethods, LanguageTest,
    testing::Values(
        Case{"{{ rows|map(attribute='k')|join(',') }} {{ rows|selectattr('v', 'gt', 1)|list|length "
             "}}",
             "x,y 1"},
        Case{"{{ rows|sort(attribute='v')|first }}", "{'k': 'y', 'v': 1}"},
        Case{"{{ xs|sort }}{{ xs|max }}{{ xs|sum }}{{ xs|batch(2)|list }}",
             "[1, 2, 3]36[[3, 1], [2]]"},
        Case{"{{ d|tojson }}{{ xs|tojson(indent=1) }}",
             "{\"a\": 1, \"items\": 2}[\n 3,\n 1,\n 2\n]"},
        Case{"{{ {'é': '\"\\n<'}|tojson }}{{ 'é'|tojson(ensure_ascii=true) }}",
             "{\"é\": \"\\\"\\n<\"}\"\\u00e9\""},
        Case{"{% for g in rows|groupby('k') %}{{ g.grouper }}{{ g.list|length }}{% endfor %}",
             "x1y1"},
        Case{"{{ s.split(', ') }}{{ s.upper() }}{{ s.startswith(('x', 'H')) }}",
             "['Hello', 'wörld']HELLO, WÖRLDTrue"},
        Case{"{{ d.get('a') }}{{ d.get('b', 9) }}{{ d.keys()|list }}", "19['a', 'items']"},
        Case{"{{ '%s-%05.1f|%-4d|%x' % (s, 2.25, 7, 255) }}", "Hello, wörld-002.2|7   |ff"},
        Case{"{{ '\u00dfx \ufb01'.title() ~ '\u00df'|capitalize ~ '\u00df'|upper }}", "Ssx FiSsSS"},
        Case{"{{ {'a': 1, 'b c': '&'}.items()|urlencode }}", "a=1&b+c=%26"},
        Case{"{{ range(10)[0:9:4] }}{{ range(3)[5:-2:-1] }}{{ range(0)[::2] }}",
             "range(0, 9, 4)range(2, 1, -1)range(0, 0, 2)"},
        Case{"{{ '{:^5}|{:^7}'.format('ab', -0.2) ~ 'ab'.center(5) }}", " ab  | -0.2    ab "},
        Case{"{{ '{} {1}'.format(1) if 0 else '{:>5}|{:,}|{x!r}'.format('a', 12345, x='q') }}",
             "    a|12,345|'q'"},
        Case{"{{ 'a\\nb'|indent(2) }}{{ 'abc'|center(7) }}|", "a\n  b  abc  |"},
        Case{"{{ 'a'|safe + '<' }}{{ '<'|e|e }}{{ '<' ~ '<'|e }}", "a&lt;&lt;<&lt;"},
        Case{"{{ strftime_now('%d %b %Y %H:%M:%S %A %j') }}", "23 Nov 2024 16:23:20 Saturday 328"},
        Case{"{{ 'x'|int(5) }}{{ '1.9'|int }}{{ '0x1f'|int(base=16) }}{{ 'a'|float }}{{ 2.5|round "
             "}}",
             "51310.02.0"},
        Case{"{{ xs|select('odd')|list }}{{ none|select|list }}", "[3, 1][]"},
        Case{"{% set g = xs|map('string') %}{{ g|join }}{{ g|join }}", "312"},
        Case{"{{ cycler(1, 2).next() }}{% set j = joiner('|') %}{{ j() }}{{ j() }}{{ dict(a=1) }}",
             "1|{'a': 1}"}));

TEST(Language, OneTemplateManyThreadsWorthOfRenders) {
  const auto parsed = ChatTemplate::Parse(
      "{% set n = namespace(x=0) %}{% for i in xs %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}");
  ASSERT_TRUE(parsed.ok());
  for (int64_t i = 0; i < 5; ++i) {
    const Value variables(Dict{{"xs", Value(List{Value(i), Value(i)})}});
    const auto spans = (*parsed)->Render(variables, nullptr);
    ASSERT_TRUE(spans.ok());
    EXPECT_EQ(TextOf(*spans), std::to_string(2 * i));
  }
}

}  // namespace
}  // namespace erato
