// erato.hpp, as C++17.
#include <erato/erato.hpp>
#include <string>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"

namespace {

const char *tiny_path, *encoders_path;

std::string Encoder(const char* name) { return std::string(encoders_path) + "/" + name; }
constexpr char kAnswer[] = "Hello world \xF0\x9F\x98\x80!";

template <typename T>
constexpr bool kMoveOnly =
    std::is_nothrow_move_constructible_v<T>&& std::is_nothrow_move_assignable_v<T> &&
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(kMoveOnly<erato::Model> && kMoveOnly<erato::Session> && kMoveOnly<erato::Stream> &&
              kMoveOnly<erato::Response> && kMoveOnly<erato::Options>);

erato::Options Greedy() {
  erato::Options options(ERATO_OPTIONS_GENERATE);
  options.set("temperature", "0");
  return options;
}

std::string Drain(erato::Stream& stream) {
  std::string text;
  while (stream.advance()) text += stream.piece();
  return text;
}

TEST(Facade, Chats) {
  const erato::Options greedy = Greedy();
  erato::Model model(tiny_path);
  erato::Session session(model);
  session.add(ERATO_ROLE_USER, "hi");
  erato::Stream stream(session, &greedy);
  EXPECT_EQ(Drain(stream), kAnswer);
  EXPECT_EQ(stream.finishReason(), "stop");
  EXPECT_EQ(stream.generatedTokens(), 6);
  EXPECT_NE(session.history().find(kAnswer), std::string::npos);
  session.clear();
  EXPECT_EQ(session.history(), "[]");
}

TEST(Facade, EncodesAndDecodes) {
  const erato::Model model(tiny_path);
  const erato::Encoding text = model.encode("h\u00e9llo");
  EXPECT_EQ(text.text(), "h\u00e9llo");
  EXPECT_EQ(text.offsets().size(), 2 * text.ids().size());
  EXPECT_EQ(text.spans(), (std::vector<uint64_t>{6, 0}));
  const std::string chat = R"({"messages": [{"role": "user", "content": "hi"}]})";
  EXPECT_EQ(model.encodeChat(chat).ids().size(), model.countChatTokens(chat));
  erato::Decoder decoder(model);
  std::string back;
  for (int32_t id : text.ids()) back += decoder.push({id});
  EXPECT_EQ(back + decoder.finish(), "h\u00e9llo");
}

TEST(Facade, Generates) {
  const erato::Options greedy = Greedy();
  erato::Model model(tiny_path);
  erato::Stream stream(model, std::string("\n"), &greedy);
  EXPECT_EQ(Drain(stream), kAnswer);
}

TEST(Facade, Embeds) {
  erato::Model model(Encoder("embedder"));
  const std::vector<std::string> texts = {"good paris", "bad"};
  ASSERT_EQ(model.vectorWidth(), 8);
  const std::vector<float> vectors = model.embed(texts);
  std::vector<float> buffer(16);
  model.embedInto(texts, buffer.data(), buffer.size());
  EXPECT_EQ(vectors, buffer);
  EXPECT_TRUE(model.embed({}).empty());
  erato::Options options(ERATO_OPTIONS_READ);
  options.set("pooling", "none");
  EXPECT_EQ(model.embed(texts, &options).size(), (4u + 3) * 8);
  EXPECT_THROW(model.embed({"good", "\xff"}), erato::Error);
  EXPECT_THROW(model.embedInto(texts, buffer.data(), 15), erato::Error);
  erato::Cancel cancel;
  options.setCancel(cancel);
  cancel.trigger();
  EXPECT_THROW(model.embed(texts, &options), erato::Error);
  cancel.reset();
  EXPECT_NO_THROW(model.embed(texts, &options));
}

TEST(Facade, RanksAndClassifies) {
  erato::Model reranker(Encoder("reranker")), classifier(Encoder("classifier"));
  const std::vector<float> relevance = reranker.rerank("paris", {"bad", "good"});
  ASSERT_EQ(relevance.size(), 2u);
  EXPECT_LT(relevance[0], relevance[1]);
  EXPECT_TRUE(reranker.rerank("paris", {}).empty());
  EXPECT_EQ(classifier.labels(), (std::vector<std::string>{"negative", "neutral", "positive"}));
  const std::vector<float> scores = classifier.classify({"good"});
  ASSERT_EQ(scores.size(), 3u);
  EXPECT_GT(scores[2], 0.9f);
  erato::Model tagger(Encoder("tagger"));
  const std::vector<erato::Entity> found = tagger.findEntities("the anna");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].label, "PER");
  EXPECT_EQ(found[0].begin, 4u);
  EXPECT_EQ(found[0].end, 8u);
}

TEST(Facade, ThrowsWhatTheCallTold) {
  try {
    erato::Model model("/no/such/file");
    FAIL();
  } catch (const erato::Error& error) {
    EXPECT_EQ(error.code(), ERATO_NOT_FOUND);
    EXPECT_EQ(error.category(), ERATO_CATEGORY_CALLER);
    EXPECT_FALSE(error.retriable());
    EXPECT_EQ(std::string(error.what()).front(), '[');
  }
  EXPECT_THROW(Greedy().set("temperature", "hot"), erato::Error);
}

TEST(Facade, TextAndNumbers) {
  erato::Model model(tiny_path);
  EXPECT_EQ(model.detokenize(model.tokenize("he said")), "he said");
  EXPECT_EQ(model.countTokens("abc"), 3u);
  EXPECT_EQ(model.logits({5, 6}).size(), static_cast<size_t>(model.vocabularySize()));
  float small[3];
  EXPECT_THROW(model.logitsInto({5, 6}, small, 3), erato::Error);
  EXPECT_EQ(model.render(R"({"messages": [], "add_generation_prompt": true})"),
            "<|im_start|>assistant\n");
}

TEST(Facade, Requests) {
  const std::string request =
      R"({"messages": [{"role": "user", "content": "hi"}], "temperature": 0})";
  erato::Model model(tiny_path);
  EXPECT_NE(model.request(request).find("Hello world"), std::string::npos);
  erato::Response response(model, request);
  int chunks = 0;
  while (response.advance()) chunks += response.chunk().empty() ? 0 : 1;
  EXPECT_EQ(chunks, 8);
}

TEST(Facade, MovesAndClosesInAnyOrder) {
  erato::Model model(tiny_path);
  erato::Session session(model);
  session.add(ERATO_ROLE_USER, "hi");
  erato::Stream stream(session);
  erato::Stream moved = std::move(stream);
  model.close();
  session.close();
  EXPECT_TRUE(moved.advance());
  moved.cancel();
  EXPECT_THROW(moved.advance(), erato::Error);
  EXPECT_THROW(model.info(), erato::Error);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 3) return 2;
  tiny_path = argv[1];
  encoders_path = argv[2];
  return RUN_ALL_TESTS();
}
