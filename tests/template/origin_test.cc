// Where each byte of a rendering came from: no byte of the caller's values is ever scaffold.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/template/json_value.h"

namespace erato {
namespace {

// Content is written in letters that no template text here uses, so that each byte tells its origin
// by itself.
std::string SpansOf(const std::string& source, const Value& variables) {
  const auto spans = RenderSpans(source, variables, 0);
  if (!spans.ok()) return "error: " + std::string(spans.status().message());
  std::string out;
  for (const RenderedSpan& span : *spans) out += (span.scaffold ? "S(" : "C(") + span.text + ")";
  return out;
}

Value Message(const std::string& content) { return Value(Dict{{"x", Value::Content(content)}}); }

TEST(Origin, TextAndValues) {
  EXPECT_EQ(SpansOf("<s>{{ x }}</s>", Message("hi")), "S(<s>)C(hi)S(</s>)");
  EXPECT_EQ(SpansOf("{{ '<s>' + x + '</s>' }}", Message("hi")), "S(<s>)C(hi)S(</s>)");
  EXPECT_EQ(SpansOf("{{ '<s>' ~ x ~ 1 }}", Message("hi")), "S(<s>)C(hi1)");
  EXPECT_EQ(SpansOf("{{ x }}", Value(Dict{{"x", Value::Scaffold("<s>")}})), "S(<s>)");
}

TEST(Origin, FiltersKeepIt) {
  EXPECT_EQ(SpansOf("{{ ('<' ~ x ~ '>')|upper }}", Message("hi")), "S(<)C(HI)S(>)");
  EXPECT_EQ(SpansOf("{{ (' <' ~ x ~ '> ')|trim }}", Message(" hi ")), "S(<)C( hi )S(>)");
  EXPECT_EQ(SpansOf("{{ x|replace('h', '<s>') }}", Message("hih")), "S(<s>)C(i)S(<s>)");
  EXPECT_EQ(SpansOf("{{ '<a>'|replace('a', x) }}", Message("hi")), "S(<)C(hi)S(>)");
  EXPECT_EQ(SpansOf("{{ ('<' ~ x ~ '>')[::-1] }}", Message("hi")), "S(>)C(ih)S(<)");
  EXPECT_EQ(SpansOf("{{ ('<' ~ x ~ '>')[1:3] }}", Message("hi")), "C(hi)");
  EXPECT_EQ(SpansOf("{{ [x, '<s>', x]|join('|') }}", Message("h")), "C(h)S(|<s>|)C(h)");
  EXPECT_EQ(SpansOf("{{ ('a,' ~ x).split(',') | last }}", Message("h")), "C(h)");
  EXPECT_EQ(SpansOf("{{ x|tojson }}", Message("h")), "C(\"h\")");
  EXPECT_EQ(SpansOf("{{ ['<s>', x] }}", Message("h")), "C(['<s>', 'h'])");
  EXPECT_EQ(SpansOf("{{ '<s>%s' % x }}", Message("h")), "S(<s>)C(h)");
  EXPECT_EQ(SpansOf("{{ '<s>{}'.format(x) }}", Message("h")), "S(<s>)C(h)");
}

TEST(Origin, BlocksAndMacrosKeepIt) {
  EXPECT_EQ(SpansOf("{% set y %}<s>{{ x }}{% endset %}{{ y }}", Message("h")), "S(<s>)C(h)");
  EXPECT_EQ(SpansOf("{% macro m(a) %}<s>{{ a }}{% endmacro %}{{ m(x) }}", Message("h")),
            "S(<s>)C(h)");
  EXPECT_EQ(SpansOf("{% filter upper %}s{{ x }}{% endfilter %}", Message("h")), "S(S)C(H)");
}

TEST(Origin, KeysAreContent) {
  EXPECT_EQ(SpansOf("{% for k in x %}{{ k }}{% endfor %}",
                    Value(Dict{{"x", Value(Dict{{"<s>", Value(int64_t{1})}})}})),
            "C(<s>)");
  EXPECT_EQ(
      SpansOf("{% macro m() %}{% for k in kwargs %}{{ k }}{% endfor %}{% endmacro %}{{ m(**x) }}",
              Value(Dict{{"x", Value(Dict{{"<s>", Value(int64_t{1})}})}})),
      "C(<s>)");
}

// Random pipelines of everything that makes strings from strings. Content is of the letters a … z
// with odd code points, the template's own literals of digits and signs; case changes keep the
// classes apart.
class Pipelines {
 public:
  explicit Pipelines(uint32_t seed) : rng_(seed) {}

  std::string Expression(int depth) {
    if (depth == 0) return Pick({"x", "y", "z.q", "z['q']", "x", "'<1>'", "'|2'", "'#'", "' 3 '"});
    const std::string a = Expression(depth - 1);
    switch (rng_() % 12) {
      case 0:
        return "(" + a + " + " + Expression(depth - 1) + ")";
      case 1:
        return "(" + a + " ~ " + Expression(depth - 1) + ")";
      case 2:
        return "(" + a + ")" +
               Pick({"[1:]", "[:-1]", "[::-1]", "[::2]", "[-3:]", "[2:9:3]", "[0]", "[9::-2]"});
      case 3:
        return "(" + a + ")|" + Pick({"upper",        "lower",     "title",
                                      "capitalize",   "trim",      "e",
                                      "string",       "reverse",   "center(9)",
                                      "indent(2)",    "tojson",    "truncate(4, true, '+', 0)",
                                      "default('1')", "first",     "last",
                                      "list|join",    "urlencode", "trim('<1')",
                                      "format",       "safe",      "indent('> ', true)"});
      case 4:
        return "(" + a + ")|replace(" + Expression(0) + ", " + Expression(0) + ")";
      case 5:
        return "[" + a + ", " + Expression(depth - 1) + "]|join(" + Expression(0) + ")";
      case 6:
        return "(" + a + ").split(" + Pick({"", "'1'", "x", "y, 1"}) + ")|" +
               Pick({"join('2')", "first", "last", "string"});
      case 7:
        return "(" + a + ")." +
               Pick({"strip()", "lstrip('<')", "rstrip('>')", "swapcase()", "zfill(8)",
                     "ljust(9, '*')", "expandtabs()", "partition('1')|join('/')",
                     "splitlines()|join", "replace('', '.')", "removeprefix('<')"});
      case 8:
        return "('%s=%5s' % (" + a + ", " + Expression(depth - 1) + "))";
      case 9:
        return "'{}:{:>5}'.format(" + a + ", " + Expression(depth - 1) + ")";
      case 10:
        return "({" + Expression(0) + ": " + a + "}|" +
               Pick({"string", "tojson", "first", "dictsort|string", "xmlattr"}) + ")";
      default:
        return "(" + a + " * 2)";
    }
  }

  std::string Pick(std::initializer_list<const char*> choices) {
    return *(choices.begin() + rng_() % choices.size());
  }

 private:
  std::mt19937 rng_;
};

TEST(Origin, NoContentIsEverScaffold) {
  const Value variables(
      Dict{{"x", Value::Content("abc déf")},
           {"y", Value::Content("gh")},
           {"z", Value(Dict{{"q", Value::Content("kß\tlm\n\xF0\x9F\x99\x82n")}})}});
  Pipelines pipelines(7);
  int rendered = 0;
  size_t content = 0, scaffold = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string source = "{{ " + pipelines.Expression(1 + i % 4) + " }}";
    const auto spans = RenderSpans(source, variables, 0);
    if (!spans.ok()) continue;
    ++rendered;
    for (const RenderedSpan& span : *spans) {
      (span.scaffold ? scaffold : content) += span.text.size();
      if (!span.scaffold) continue;
      for (const char c : span.text) {
        const auto byte = static_cast<unsigned char>(c);
        // &lt; and the like come from a scaffold "<".
        const bool entity = span.text.find('&') != std::string::npos;
        ASSERT_TRUE(entity ||
                    !((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80))
            << source << " gives scaffold " << span.text;
      }
    }
  }
  EXPECT_GT(rendered, 2500);
  EXPECT_GT(content, 10'000u);
  EXPECT_GT(scaffold, 3'000u);
}

}  // namespace
}  // namespace erato
