// What Python's jinja2 answers, in value and in error, over generated programs and over
// conversations.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tests/template/json_value.h"

namespace erato {
namespace {

using Json = nlohmann::ordered_json;

std::string ReadFile(const std::string& name) {
  std::ifstream file(std::string(ERATO_TEST_DATA) + "/template/" + name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void ExpectSame(const Json& answer, const std::string& source, const Json& variables, int64_t now) {
  const auto spans = RenderSpans(source, ValueFromTestJson(variables), now);
  if (answer.contains("error")) {
    EXPECT_FALSE(spans.ok()) << "jinja2: " << answer["error"] << "\nours: " << TextOf(*spans);
    return;
  }
  ASSERT_TRUE(spans.ok()) << spans.status();
  EXPECT_EQ(TextOf(*spans), answer["text"].get<std::string>());
}

TEST(Jinja2, Programs) {
  const Json data = Json::parse(ReadFile("programs.json"));
  int values = 0, errors = 0;
  for (const Json& answer : data["cases"]) {
    SCOPED_TRACE(answer["template"].dump());
    ExpectSame(answer, answer["template"], data["variables"], data["now"]);
    ++(answer.contains("error") ? errors : values);
  }
  EXPECT_GT(values, 200);
  EXPECT_GT(errors, 100);
}

TEST(Jinja2, Conversations) {
  const Json data = Json::parse(ReadFile("conversations.json"));
  std::map<std::string, int> values;
  for (const Json& answer : data["cases"]) {
    SCOPED_TRACE(answer["template"].get<std::string>() + " " +
                 answer["conversation"].get<std::string>());
    ExpectSame(answer, ReadFile(answer["template"]), answer["variables"], data["now"]);
    values[answer["template"]] += answer.contains("text");
  }
  EXPECT_EQ(values.size(), 4u);
  for (const auto& [name, count] : values) EXPECT_GT(count, 15) << name;
}

}  // namespace
}  // namespace erato
