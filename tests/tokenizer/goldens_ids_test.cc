// The ids of real vocabularies, against the reference implementation's. The model files are not
// part of the repository: a test whose file is not in the user's cache says so and is skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "capi/src/vocabulary.h"
#include "core/base/file.h"
#include "core/formats/gguf/gguf.h"
#include "tests/support/json.h"
#include "tokenizer/tokenizer.h"

namespace erato::test {
namespace {

struct Golden {
  const char* name;  // tests/data/real/NAME.json
  const char* file;  // in the cache
  bool chat;         // the text is a rendered template: trusted, with its own begin of text
};

std::string Cached(const char* file) {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const std::string root = cache != nullptr && *cache != '\0'
                               ? cache
                               : std::string(home == nullptr ? "" : home) + "/.cache";
  return root + "/erato/models/" + file;
}

class GoldenIds : public testing::TestWithParam<Golden> {};

TEST_P(GoldenIds, EqualTheReferencesAndDecodeBack) {
  const auto file = File::Open(Cached(GetParam().file));
  if (!file.ok()) GTEST_SKIP() << "not in the cache: " << GetParam().file << " (./run fetch)";
  const auto contents = gguf::Parse(**file);
  ASSERT_TRUE(contents.ok()) << contents.status();
  auto vocabulary = VocabularyFromGguf(contents->metadata);
  ASSERT_TRUE(vocabulary.ok()) << vocabulary.status();
  const auto tokenizer = Tokenizer::Create(*std::move(vocabulary));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status();

  const Json rows =
      ReadJsonFile(std::string(ERATO_TEST_DATA) + "/real/" + GetParam().name + ".json");
  ASSERT_FALSE(rows.empty());
  for (const Json& row : rows) {
    const std::string prompt = row["text"];
    const auto ids =
        (*tokenizer)->Encode(prompt, GetParam().chat, {.add_special = !GetParam().chat});
    ASSERT_TRUE(ids.ok()) << ids.status();
    EXPECT_EQ(*ids, row["input_ids"].get<std::vector<int32_t>>()) << prompt;
    const auto answer = (*tokenizer)->Decode(row["greedy_ids"].get<std::vector<int32_t>>(), true);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(*answer, row["greedy_text"].get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Real, GoldenIds,
    testing::Values(Golden{"smollm2", "smollm2-135m-instruct-q4_1.gguf", false},
                    Golden{"smollm2-chat", "smollm2-135m-instruct-q4_1.gguf", true},
                    Golden{"gemma3", "gemma-3-270m-q4_k_m.gguf", false}),
    [](const auto& info) {
      std::string name = info.param.name;
      for (char& c : name) c = c == '-' ? '_' : c;
      return name;
    });

}  // namespace
}  // namespace erato::test
