// Metadata and tensors that do not fit: a clear error each, naming what was found and what was
// expected, from Summarise, CheckModel and BindModel alike.
#include <functional>
#include <string>
#include <vector>

#include "core/ref/ref.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/registry.h"
#include "tests/models/folder_copy.h"
#include "tests/models/load_status.h"
#include "tests/models/runner.h"
#include "tests/support/temp_folder.h"

namespace erato::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

std::string Tiny(const char* name) { return std::string(ERATO_TEST_DATA) + "/tiny/" + name; }

absl::Status LoadWith(const char* name, const std::function<void(Json&)>& change) {
  const TempFolder temp;
  CopyFolder(Tiny(name), temp.path(), change);
  return LoadStatus(temp.path());
}

// Every hyper-parameter that a division, an allocation or a loop depends on.
struct Hyper {
  const char* model;
  const char* key;
};
constexpr Hyper kIntegers[] = {
    {"llama", "num_hidden_layers"},
    {"llama", "hidden_size"},
    {"llama", "num_attention_heads"},
    {"llama", "num_key_value_heads"},
    {"llama", "head_dim"},
    {"llama", "intermediate_size"},
    {"llama", "vocab_size"},
    {"llama", "max_position_embeddings"},
    {"mistral", "sliding_window"},
    {"gemma3", "sliding_window"},
    {"gemma3", "num_hidden_layers"},
    {"qwen3", "head_dim"},
    {"gpt2", "n_embd"},
    {"gpt2", "n_layer"},
    {"gpt2", "n_head"},
    {"gpt2", "n_inner"},
    {"gpt2", "n_positions"},
    {"gpt2", "vocab_size"},
};

TEST(Metadata, IntegersOutOfBounds) {
  const std::vector<Json> values = {
      0,   -1,  INT64_MAX, INT64_MIN, UINT64_MAX,    2147483648,    4294967296,
      1.5, "4", true,      1e300,     Json::array(), Json::object()};
  for (const Hyper& hyper : kIntegers) {
    for (const Json& value : values) {
      const absl::Status status =
          LoadWith(hyper.model, [&](Json& config) { config[hyper.key] = value; });
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
          << hyper.model << " " << hyper.key << " " << value << ": " << status;
      EXPECT_THAT(std::string(status.message()),
                  AllOf(HasSubstr("[config.json]"), HasSubstr(hyper.key), HasSubstr(", got "),
                        HasSubstr(", expected ")));
    }
  }
}

TEST(Metadata, IntegersThatContradictTensors) {
  // Within bounds, but not what the tensors are.
  for (const Hyper& hyper : kIntegers) {
    const std::string key = hyper.key;
    if (key == "sliding_window" || key == "max_position_embeddings") continue;  // no tensor knows
    for (int64_t value : {3, 5, 1000}) {
      const absl::Status status = LoadWith(hyper.model, [&](Json& c) { c[hyper.key] = value; });
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
          << hyper.model << " " << key << " " << value << ": " << status;
    }
  }
}

TEST(Metadata, NumbersOutOfBounds) {
  const std::vector<Json> values = {-1, 1e300, "1e-6", true, Json::array()};
  const std::vector<std::pair<const char*, std::vector<std::string>>> numbers = {
      {"llama", {"rms_norm_eps"}},
      {"gpt2", {"layer_norm_epsilon"}},
      {"gemma3", {"query_pre_attn_scalar"}},
      {"llama", {"rope_parameters", "rope_theta"}},
      {"llama-rope-linear", {"rope_parameters", "factor"}},
      {"llama-rope-llama3", {"rope_parameters", "factor"}},
      {"llama-rope-llama3", {"rope_parameters", "low_freq_factor"}},
      {"llama-rope-llama3", {"rope_parameters", "high_freq_factor"}},
      {"llama-rope-llama3", {"rope_parameters", "original_max_position_embeddings"}},
      {"llama-rope-yarn", {"rope_parameters", "factor"}},
      {"llama-rope-yarn", {"rope_parameters", "original_max_position_embeddings"}},
      {"gemma3", {"rope_parameters", "full_attention", "factor"}},
      {"gemma3", {"rope_parameters", "sliding_attention", "rope_theta"}},
  };
  for (const auto& [model, path] : numbers) {
    for (const Json& value : values) {
      const absl::Status status = LoadWith(model, [&](Json& config) {
        Json* at = &config;
        for (const std::string& key : path) at = &(*at)[key];
        *at = value;
      });
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
          << model << " " << path.back() << " " << value << ": " << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(path.back()));
    }
  }
}

TEST(Metadata, ChoicesThatAreNotThere) {
  struct Choice {
    const char* model;
    const char* key;
    Json value;
    const char* said;
  };
  const std::vector<Choice> choices = {
      {"llama", "hidden_act", "xielu", "expected silu"},
      {"llama", "rope_parameters", {{"rope_type", "longrope"}}, "expected default, linear"},
      {"llama", "num_local_experts", 8, "num_local_experts, got 8"},
      {"gemma3", "layer_types", {"sliding_attention"}, "a list of 4 strings"},
      {"gemma3", "layer_types", {"a", "b", "c", "d"}, "expected sliding_attention or"},
      {"gemma3", "attn_logit_softcapping", 30.0, "expected null"},
      {"gpt2", "scale_attn_by_inverse_layer_idx", true, "expected false"},
      {"gpt2", "add_cross_attention", true, "expected false"},
      {"llama", "attention_bias", 1, "expected true or false"},
      {"llama", "attention_bias", true, "q_proj.bias, got nothing, expected [64]"},
      {"llama", "tie_word_embeddings", "no", "expected true or false"},
      {"llama-tied", "tie_word_embeddings", false, "lm_head.weight, got nothing"},
      {"llama-bias-headdim", "mlp_bias", false, "got a tensor that the family llama does not"},
  };
  for (const Choice& choice : choices) {
    const absl::Status status =
        LoadWith(choice.model, [&](Json& c) { c[choice.key] = choice.value; });
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << choice.key;
    EXPECT_THAT(std::string(status.message()), HasSubstr(choice.said));
  }
}

TEST(Metadata, UnknownFamilyNamesTheKnownOnes) {
  for (const Json& type : std::vector<Json>{"mamba9", "", nullptr, 7}) {
    const absl::Status status = LoadWith("llama", [&](Json& c) { c["model_type"] = type; });
    EXPECT_EQ(status.code(), type == "mamba9" ? absl::StatusCode::kUnimplemented
                                              : absl::StatusCode::kInvalidArgument)
        << type;
    EXPECT_THAT(std::string(status.message()), HasSubstr("model_type"));
    if (type != "mamba9") continue;
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("mamba9"), HasSubstr("llama"),
                                                     HasSubstr("gemma3_text"), HasSubstr("gpt2")));
  }
  EXPECT_THAT(KnownFamilies(), testing::IsSupersetOf({"llama", "mistral", "qwen2", "qwen3",
                                                      "gemma3", "gpt2", "bert", "modernbert"}));
}

// ---- The spellings of earlier years ---------------------------------------------------------

std::vector<float> LogitsOf(const std::string& path) {
  auto runner = Runner::Load(path, *NewRefBackend());
  EXPECT_TRUE(runner.ok()) << runner.status();
  if (!runner.ok()) return {};
  std::vector<int32_t> ids;
  for (int32_t i = 0; i < 40; ++i) ids.push_back(3 + i * 37 % 150);
  return (*runner)->Logits(ids, 40);
}

TEST(Metadata, OlderSpellingsMeanTheSame) {
  for (const char* name : {"llama", "llama-rope-llama3", "llama-rope-linear", "llama-rope-yarn",
                           "mistral", "qwen2", "qwen3"}) {
    for (const char* type_key : {"rope_type", "type"}) {
      const TempFolder temp;
      CopyFolder(Tiny(name), temp.path(), [&](Json& config) {
        Json rope = config["rope_parameters"];
        config.erase("rope_parameters");
        config.erase("dtype");
        config["torch_dtype"] = "float32";
        config["rope_theta"] = rope["rope_theta"];
        rope.erase("rope_theta");
        const std::string type = rope["rope_type"];
        rope.erase("rope_type");
        rope[type_key] = type;
        config["rope_scaling"] = type == "default" ? Json() : rope;
      });
      EXPECT_EQ(LogitsOf(temp.path()), LogitsOf(Tiny(name))) << name << " " << type_key;
    }
  }
}

TEST(Metadata, OlderGemmaSpellingMeansTheSame) {
  const TempFolder older, newer;
  const std::vector<std::string> types = {"sliding_attention", "full_attention",
                                          "sliding_attention", "full_attention"};
  CopyFolder(Tiny("gemma3"), newer.path(), [&](Json& config) { config["layer_types"] = types; });
  CopyFolder(Tiny("gemma3"), older.path(), [](Json& config) {
    config.erase("rope_parameters");
    config.erase("layer_types");
    config["sliding_window_pattern"] = 2;
    config["rope_theta"] = 1000000.0;
    config["rope_local_base_freq"] = 10000.0;
    config["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 8.0}};
  });
  EXPECT_EQ(LogitsOf(older.path()), LogitsOf(newer.path()));
}

TEST(Metadata, NamesWithAndWithoutTheirPrefix) {
  const std::pair<const char*, const char*> prefixes[] = {{"llama", "model."},
                                                          {"gpt2", "transformer."}};
  for (const auto& [name, prefix] : prefixes) {
    const TempFolder temp;
    CopyFolder(Tiny(name), temp.path(), [](Json&) {});
    RenameTensors(temp / "model.safetensors", prefix, "");
    EXPECT_EQ(LogitsOf(temp.path()), LogitsOf(Tiny(name))) << name;
  }
  for (const char* prefix : {"language_model.model.", "model.language_model."}) {
    const TempFolder temp;
    CopyFolder(Tiny("gemma3"), temp.path(), [](Json&) {});
    RenameTensors(temp / "model.safetensors", "model.", prefix);
    EXPECT_EQ(LogitsOf(temp.path()), LogitsOf(Tiny("gemma3"))) << prefix;
  }
}

TEST(Metadata, TextPartOfAMultimodalConfig) {
  const TempFolder temp;
  CopyFolder(Tiny("gemma3"), temp.path(), [](Json& config) {
    Json whole = {
        {"model_type", "gemma3"}, {"text_config", config}, {"vision_config", Json::object()}};
    config = whole;
  });
  EXPECT_EQ(LogitsOf(temp.path()), LogitsOf(Tiny("gemma3")));
}

}  // namespace
}  // namespace erato::test
