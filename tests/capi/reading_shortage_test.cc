// Shortage of memory in every entry point that reads texts: encoding, embedding, reranking,
// classification.
#include <cstring>
#include <string>

#include "tests/capi/failing_new.h"
#include "tests/capi/shortage.h"

namespace erato::test {
namespace {

const char* encoders_path;
const char* const kTexts[] = {"good paris", "bad", "the anna"};
const size_t kBytes[] = {10, 3, 8};

/// A model on the scalar device.
class ReadingMemory : public testing::Test {
 protected:
  ReadingMemory() {
    EXPECT_EQ(erato_options_create(ERATO_OPTIONS_LOAD, &load_, nullptr), ERATO_OK);
    EXPECT_EQ(erato_options_set_text(load_, ERATO_LOAD_DEVICE, "ref", 3, nullptr), ERATO_OK);
    EXPECT_EQ(erato_options_create(ERATO_OPTIONS_READ, &read_, nullptr), ERATO_OK);
    EXPECT_EQ(erato_options_set_text(read_, ERATO_READ_TRUNCATE, "end", 3, nullptr), ERATO_OK);
  }
  ~ReadingMemory() override {
    erato_model_free(model_);
    erato_options_free(read_);
    erato_options_free(load_);
  }
  const erato_model* Load(const char* name) {
    EXPECT_EQ(erato_model_load(Path(name).c_str(), load_, &model_, nullptr), ERATO_OK);
    return model_;
  }
  static std::string Path(const char* name) { return std::string(encoders_path) + "/" + name; }
  void SurviveRequest(const char* json) {
    Survive(json, Making<erato_text>(
                      [&](auto** out, auto** e) {
                        return erato_model_request(model_, json, strlen(json), out, e);
                      },
                      erato_text_free));
  }

  erato_options* load_ = nullptr;
  erato_options* read_ = nullptr;
  erato_model* model_ = nullptr;
};

TEST_F(ReadingMemory, Load) {
  for (const char* name : {"embedder", "tagger"}) {
    const std::string path = Path(name);
    Survive(name,
            Making<erato_model>(
                [&](auto** out, auto** e) { return erato_model_load(path.c_str(), load_, out, e); },
                erato_model_free));
  }
}

TEST_F(ReadingMemory, LoadOtherwise) {
  EXPECT_EQ(erato_options_set_text(load_, ERATO_LOAD_WEIGHTS, "bf16", 4, nullptr), ERATO_OK);
  EXPECT_EQ(erato_options_set_text(load_, ERATO_LOAD_DEVICE, "cpu", 3, nullptr), ERATO_OK);
  const std::string path = Path("classifier");
  Survive("bf16 on cpu",
          Making<erato_model>(
              [&](auto** out, auto** e) { return erato_model_load(path.c_str(), load_, out, e); },
              erato_model_free));
}

TEST_F(ReadingMemory, Embed) {
  const erato_model* model = Load("embedder");
  Survive("embed", [&](auto** e) {
    float vectors[3 * 8];
    return erato_model_embed(model, kTexts, kBytes, 3, read_, vectors, 24, e);
  });
  Survive("embed_ids", [&](auto** e) {
    const int32_t ids[] = {2, 5, 3};
    const size_t count = 3;
    float vector[8];
    return erato_model_embed_ids(model, ids, &count, 1, nullptr, vector, 8, e);
  });
  Survive("embed_each", Making<erato_results>(
                            [&](auto** out, auto** e) {
                              return erato_model_embed_each(model, kTexts, kBytes, 3, read_, out,
                                                            e);
                            },
                            erato_results_free));
  SurviveRequest(R"({"input": ["good", "bad"], "encoding_format": "base64"})");
  SurviveRequest(R"({"input": [[2, 5, 3]], "encoding_format": "ubinary"})");
}

TEST_F(ReadingMemory, Rerank) {
  const erato_model* model = Load("reranker");
  Survive("rerank", [&](auto** e) {
    float raw[3], relevance[3];
    return erato_model_rerank(model, "the", 3, kTexts, kBytes, 3, read_, raw, relevance, e);
  });
  Survive("rerank_each", Making<erato_results>(
                             [&](auto** out, auto** e) {
                               return erato_model_rerank_each(model, "the", 3, kTexts, kBytes, 3,
                                                              nullptr, out, e);
                             },
                             erato_results_free));
  SurviveRequest(R"({"query": "the", "documents": ["good", {"text": "bad"}]})");
}

TEST_F(ReadingMemory, Classify) {
  const erato_model* model = Load("classifier");
  Survive("classify", [&](auto** e) {
    float scores[9];
    return erato_model_classify(model, kTexts, kBytes, 3, nullptr, scores, 9, e);
  });
  Survive("classify_pairs", [&](auto** e) {
    float scores[9];
    return erato_model_classify_pairs(model, kTexts, kBytes, kTexts, kBytes, 3, read_, scores, 9,
                                      e);
  });
  Survive("classify_each", Making<erato_results>(
                               [&](auto** out, auto** e) {
                                 return erato_model_classify_each(model, kTexts, kBytes, 3, nullptr,
                                                                  out, e);
                               },
                               erato_results_free));
  SurviveRequest(R"({"input": "good"})");
}

TEST_F(ReadingMemory, FindEntities) {
  const erato_model* model = Load("tagger");
  Survive("find_entities", Making<erato_entities>(
                               [&](auto** out, auto** e) {
                                 return erato_model_find_entities(model, "the anna", 8, nullptr,
                                                                  out, e);
                               },
                               erato_entities_free));
  SurviveRequest(R"({"input": ["the anna", "paris"]})");
}

TEST_F(ReadingMemory, Encode) {
  const erato_model* model = Load("embedder");
  Survive("encode", Making<erato_encoding>(
                        [&](auto** out, auto** e) {
                          return erato_model_encode(model, kTexts[0], kBytes[0],
                                                    ERATO_TEXT_ADD_SPECIAL, out, e);
                        },
                        erato_encoding_free));
  Survive("encode_parts",
          Making<erato_encoding>(
              [&](auto** out, auto** e) {
                const int32_t flags[] = {ERATO_TEXT_PLAIN, ERATO_TEXT_TRUSTED, ERATO_TEXT_PLAIN};
                return erato_model_encode_parts(model, 3, kTexts, kBytes, flags, 0, out, e);
              },
              erato_encoding_free));
}

TEST_F(ReadingMemory, Decode) {
  const erato_model* model = Load("embedder");
  Survive("decoder", [&](auto** e) {
    const int32_t ids[] = {2, 5, 6, 5, 6, 5, 6, 3};
    erato_decoder* decoder = nullptr;
    erato_status status = erato_decoder_create(model, ERATO_TEXT_SHOW_SPECIAL, &decoder, e);
    if (status == ERATO_OK) status = erato_decoder_push(decoder, ids, 8, e);
    if (status == ERATO_OK) status = erato_decoder_finish(decoder, e);
    erato_decoder_free(decoder);
    return status;
  });
}

TEST_F(ReadingMemory, Cancel) {
  Survive("cancel",
          Making<erato_cancel>([&](auto** out, auto** e) { return erato_cancel_create(out, e); },
                               erato_cancel_free));
  Survive("set_cancel", [&](auto** e) {
    erato_cancel* cancel = nullptr;
    erato_status status = erato_cancel_create(&cancel, e);
    if (status == ERATO_OK) status = erato_options_set_cancel(read_, cancel, e);
    erato_cancel_free(cancel);
    EXPECT_EQ(erato_options_set_cancel(read_, nullptr, nullptr), ERATO_OK);
    return status;
  });
}

TEST_F(ReadingMemory, OfOneResult) {
  const erato_model* model = Load("embedder");
  const char* const texts[] = {"good", "\xFF"};
  const size_t bytes[] = {4, 1};
  erato_results* results = nullptr;
  ASSERT_EQ(erato_model_embed_each(model, texts, bytes, 2, nullptr, &results, nullptr), ERATO_OK);
  erato_error* error = nullptr;
  FailFrom(0, true);
  const erato_status status = erato_results_status(results, 1, &error);
  StopFailing();
  EXPECT_TRUE(status == ERATO_INVALID_UTF8 || status == ERATO_NO_MEMORY)
      << erato_status_name(status);
  erato_error_free(error);
  EXPECT_EQ(erato_results_status(results, 1, nullptr), ERATO_INVALID_UTF8);
  erato_results_free(results);
}

}  // namespace
}  // namespace erato::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc != 2) return 2;
  erato::test::encoders_path = argv[1];
  return RUN_ALL_TESTS();
}
