// trim_blocks, lstrip_blocks and the signs in tags.
#include <gtest/gtest.h>

#include "tests/template/json_value.h"

namespace erato {
namespace {

TEST(Whitespace, TagsTakeTheirLine) {
  EXPECT_EQ(RenderText("a\n  {% if 1 %}\nb\n  {% endif %}\nc"), "a\nb\nc");
  EXPECT_EQ(RenderText("a {% if 1 %} b {% endif %} c"), "a  b  c");
  EXPECT_EQ(RenderText("  {# c #}\nx"), "x");
  EXPECT_EQ(RenderText("  {{ 1 }}\nx"), "  1\nx");
  EXPECT_EQ(RenderText("{% if 1 %}\n  {% if 1 %}x{% endif %}{% endif %}"), "x");
}

TEST(Whitespace, Signs) {
  EXPECT_EQ(RenderText("a \n {%- if 1 -%} \n b \n {%- endif -%} \n c"), "abc");
  EXPECT_EQ(RenderText("a \n {{- 1 -}} \n c"), "a1c");
  EXPECT_EQ(RenderText("a\n  {%+ if 1 %}\nb{% endif +%}\nc"), "a\n  b\nc");
  EXPECT_EQ(RenderText("a {#- c -#} b"), "ab");
  EXPECT_EQ(RenderText("a\n  {%- raw -%}  x  {%- endraw -%}  b"), "axb");
  EXPECT_EQ(RenderText("a\n  {% raw %}\nx\n  {% endraw %}\nb"), "a\n\nx\nb");
}

TEST(Whitespace, NewlinesAreOne) {
  EXPECT_EQ(RenderText("a\r\nb\rc\n"), "a\nb\nc");
  EXPECT_EQ(RenderText("a\n\n"), "a\n");
  EXPECT_EQ(RenderText(""), "");
}

}  // namespace
}  // namespace erato
