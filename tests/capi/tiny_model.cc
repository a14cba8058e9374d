#include "tests/capi/tiny_model.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "tests/support/gguf_writer.h"

namespace erato::test {

const char kTinyAnswer[] = "Hello world \xF0\x9F\x98\x80!";

namespace {

constexpr int kWidth = 64, kHeads = 4, kKvHeads = 2, kHeadWidth = 16, kHidden = 96, kLayers = 2;
constexpr char kTemplate[] =
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
    "message['content'] + '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

void AppendUtf8(int code_point, std::string& out) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else {
    out += static_cast<char>(0xC0 | (code_point >> 6));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  }
}

// GPT-2's alphabet: printable bytes of Latin-1 stand for themselves, the others follow from U+0100.
std::string Spell(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const int byte = static_cast<unsigned char>(c);
    const auto printable = [](int b) {
      return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
    };
    int before = 0;
    for (int b = 0; b < byte; ++b) before += printable(b) ? 0 : 1;
    AppendUtf8(printable(byte) ? byte : 256 + before, out);
  }
  return out;
}

struct Words {
  std::vector<std::string> pieces;
  std::vector<int32_t> types;      // 1 normal, 3 control
  std::vector<int32_t> successor;  // of each id
  int32_t Add(const std::string& piece, int32_t type) {
    pieces.push_back(piece);
    types.push_back(type);
    return static_cast<int32_t>(pieces.size()) - 1;
  }
};

Words MakeWords(const std::vector<const char*>& answer) {
  Words words;
  words.Add("<|endoftext|>", 3);
  const int32_t start = words.Add("<|im_start|>", 3);
  const int32_t end = words.Add("<|im_end|>", 3);
  std::vector<int32_t> of_byte(256);
  for (int byte = 0; byte < 256; ++byte) {
    of_byte[byte] = words.Add(Spell(std::string(1, static_cast<char>(byte))), 1);
  }
  std::vector<int32_t> chain = {of_byte['\n']};
  for (const char* word : answer) {
    chain.push_back(words.Add(Spell(word), 1));
  }
  chain.insert(chain.end(), {of_byte['!'], end, of_byte['\n']});
  words.Add("he", 1);
  words.successor.resize(words.pieces.size());
  for (size_t id = 0; id < words.pieces.size(); ++id) {
    words.successor[id] = static_cast<int32_t>((id + 1) % words.pieces.size());
  }
  for (size_t i = 0; i + 1 < chain.size(); ++i) words.successor[chain[i]] = chain[i + 1];
  words.successor[start] = of_byte['a'];
  return words;
}

class Weights {
 public:
  explicit Weights(GgufWriter& writer) : writer_(writer) {}
  std::vector<float> Draw(int64_t count, float scale) {
    std::vector<float> values(static_cast<size_t>(count));
    // A sum of uniforms: the same on every standard library.
    for (float& value : values) {
      float sum = -6;
      for (int i = 0; i < 12; ++i) sum += static_cast<float>(random_()) / 4294967296.0f;
      value = sum * scale;
    }
    return values;
  }
  void Matrix(const std::string& name, int64_t rows, int64_t cols, float scale) {
    writer_.AddTensor(name, Format::kF32, {rows, cols}, Draw(rows * cols, scale));
  }
  void Ones(const std::string& name, int64_t cols) {
    writer_.AddTensor(name, Format::kF32, {cols}, std::vector<float>(cols, 1.0f));
  }

 private:
  GgufWriter& writer_;
  std::mt19937 random_{20240229};
};

void AddLayer(Weights& weights, int layer) {
  const std::string name = "blk." + std::to_string(layer) + ".";
  weights.Ones(name + "attn_norm.weight", kWidth);
  weights.Matrix(name + "attn_q.weight", kHeads * kHeadWidth, kWidth, 0.1f);
  weights.Matrix(name + "attn_k.weight", kKvHeads * kHeadWidth, kWidth, 0.1f);
  weights.Matrix(name + "attn_v.weight", kKvHeads * kHeadWidth, kWidth, 0.1f);
  weights.Matrix(name + "attn_output.weight", kWidth, kHeads * kHeadWidth, 0.01f);
  weights.Ones(name + "ffn_norm.weight", kWidth);
  weights.Matrix(name + "ffn_gate.weight", kHidden, kWidth, 0.1f);
  weights.Matrix(name + "ffn_up.weight", kHidden, kWidth, 0.1f);
  weights.Matrix(name + "ffn_down.weight", kWidth, kHidden, 0.01f);
}

void AddWeights(GgufWriter& writer, const Words& words, bool poisoned) {
  const auto count = static_cast<int64_t>(words.pieces.size());
  Weights weights(writer);
  const std::vector<float> embedding = weights.Draw(count * kWidth, 1);
  std::vector<float> output = weights.Draw(count * kWidth, 0.01f);
  for (int64_t id = 0; id < count; ++id) {
    for (int i = 0; i < kWidth; ++i) {
      output[words.successor[id] * kWidth + i] += 0.15f * embedding[id * kWidth + i];
    }
  }
  if (poisoned) output[0] = std::numeric_limits<float>::quiet_NaN();
  writer.AddTensor("token_embd.weight", Format::kF32, {count, kWidth}, embedding);
  for (int layer = 0; layer < kLayers; ++layer) AddLayer(weights, layer);
  weights.Ones("output_norm.weight", kWidth);
  writer.AddTensor("output.weight", Format::kF32, {count, kWidth}, output);
}

void AddTokenizer(GgufWriter& writer, const Words& words) {
  writer.AddString("tokenizer.ggml.model", "gpt2");
  writer.AddString("tokenizer.ggml.pre", "smollm");
  writer.AddStrings("tokenizer.ggml.tokens", words.pieces);
  writer.AddI32s("tokenizer.ggml.token_type", words.types);
  writer.AddStrings("tokenizer.ggml.merges", {"h e"});
  writer.AddU32("tokenizer.ggml.bos_token_id", 1);
  writer.AddU32("tokenizer.ggml.eos_token_id", 2);
}

}  // namespace

std::string TinyModelGguf(const TinyModel& model) {
  const Words words =
      model.thinks ? MakeWords({"<th", "ink>", "why ", "not", "</th", "ink>\n\n", "**", "Yes**"})
                   : MakeWords({"Hello", " wor", "ld", " \xF0\x9F", "\x98\x80"});
  GgufWriter writer;
  writer.AddString("general.architecture", "llama");
  writer.AddString("general.name", "Tiny");
  writer.AddU32("llama.context_length", static_cast<uint32_t>(model.context_tokens));
  writer.AddU32("llama.embedding_length", kWidth);
  writer.AddU32("llama.block_count", kLayers);
  writer.AddU32("llama.feed_forward_length", kHidden);
  writer.AddU32("llama.attention.head_count", kHeads);
  writer.AddU32("llama.attention.head_count_kv", kKvHeads);
  writer.AddU32("llama.rope.dimension_count", kHeadWidth);
  writer.AddF32("llama.rope.freq_base", 10000);
  writer.AddF32("llama.attention.layer_norm_rms_epsilon", 1e-6f);
  writer.AddU32("llama.vocab_size", static_cast<uint32_t>(words.pieces.size()));
  if (model.tokenizer) AddTokenizer(writer, words);
  const std::string knows = model.thinks ? "{# <think> #}" : "";
  if (model.chat_template) writer.AddString("tokenizer.chat_template", knows + kTemplate);
  AddWeights(writer, words, model.poisoned);
  return writer.Bytes();
}

}  // namespace erato::test
