// Writes the first inputs of every fuzz target: fuzz_seeds FOLDER makes FOLDER/gguf/… and so on.
// The corpora in tests/data/fuzz have grown from these.
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/concat.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/safetensors_writer.h"

namespace {

using erato::Concat;
using erato::Format;
using erato::test::GgufWriter;
using erato::test::SafetensorsWriter;

void Write(const std::string& root, const std::string& target, int number, std::string_view bytes) {
  std::filesystem::create_directories(root + "/" + target);
  erato::test::WriteFile(Concat(root, "/", target, "/seed-", number), bytes);
}

void WriteGguf(const std::string& root) {
  GgufWriter llama;
  llama.AddString("general.architecture", "llama")
      .AddString("general.name", "seed")
      .AddU32("llama.block_count", 1)
      .AddU32("llama.context_length", 64)
      .AddU32("llama.embedding_length", 8)
      .AddU32("llama.feed_forward_length", 8)
      .AddU32("llama.attention.head_count", 2)
      .AddU32("llama.attention.head_count_kv", 1)
      .AddF32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
      .AddF32("llama.rope.freq_base", 1e4f)
      .AddStrings("tokenizer.ggml.tokens", {"a", "b"})
      .AddTensor("token_embd.weight", Format::kF32, {2, 8}, std::vector<float>(16))
      .AddTensor("output_norm.weight", Format::kF32, {8}, std::vector<float>(8));
  Write(root, "gguf", 0, llama.Bytes());
  GgufWriter types(2, 64);
  types.AddU8("u8", 1).AddI8("i8", 1).AddU16("u16", 1).AddI16("i16", 1).AddU32("u32", 1).AddI32(
      "i32", 1);
  types.AddU64("u64", 1).AddI64("i64", 1).AddF32("f32", 1).AddF64("f64", 1).AddBool("bool", true);
  types.AddString("s", "text").AddStrings("ss", {"a", ""}).AddF32s("fs", {1}).AddI32s("is", {1, 2});
  types.AddU32s("us", {1}).AddU8s("bs", {1}).AddBools("flags", {true, false});
  Write(root, "gguf", 1, types.Bytes());
  GgufWriter formats;
  for (const Format format : erato::AllFormats()) {
    formats.AddTensor(erato::InfoOf(format).name, format, {1, 256}, std::vector<float>(256));
  }
  Write(root, "gguf", 2, formats.Bytes().substr(0, formats.DataOffset() + 2048));
}

void WriteSafetensors(const std::string& root) {
  Write(root, "safetensors", 0,
        SafetensorsWriter()
            .AddMetadata("format", "pt")
            .AddF32("a", {2, 2}, {1, 2, 3, 4})
            .AddBytes("b", "BF16", {}, "ab")
            .AddBytes("c", "I64", {1}, "12345678")
            .Bytes());
  Write(root, "safetensors", 1, erato::test::SafetensorsFile("{}", ""));
}

void WriteConfigs(const std::string& root) {
  const char* configs[] = {
      R"({"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":64,"intermediate_size":128,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":16,"vocab_size":160,"max_position_embeddings":128,"rms_norm_eps":1e-5,"rope_parameters":{"rope_type":"llama3","rope_theta":1e4,"factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":32},"hidden_act":"silu","tie_word_embeddings":false,"attention_bias":true})",
      R"({"model_type":"gemma3_text","hidden_size":64,"intermediate_size":128,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":1,"head_dim":16,"vocab_size":160,"max_position_embeddings":128,"rms_norm_eps":1e-6,"sliding_window":16,"layer_types":["sliding_attention","full_attention"],"query_pre_attn_scalar":16,"rope_theta":1e6,"rope_local_base_freq":1e4,"hidden_activation":"gelu_pytorch_tanh"})",
      R"({"model_type":"gpt2","n_embd":64,"n_layer":2,"n_head":4,"n_positions":128,"vocab_size":160,"layer_norm_epsilon":1e-5,"activation_function":"gelu_new"})",
      R"({"model_type":"qwen3","hidden_size":64,"intermediate_size":128,"num_hidden_layers":1,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":160,"max_position_embeddings":128,"rms_norm_eps":1e-6,"rope_theta":1000000.0,"rope_scaling":{"type":"yarn","factor":4.0},"sliding_window":null,"use_sliding_window":false})",
      R"([null,true,-1.5e3,"\u00e9\ud83d\ude00",{},[]])"};
  for (int i = 0; const char* config : configs) Write(root, "config_json", i++, config);
}

void WriteTemplates(const std::string& root) {
  const char* templates[] = {
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + "
      "message['content'] + '<|im_end|>' + "
      "'\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif "
      "%}",
      "{{- bos_token }}{%- set ns = namespace(first=true) %}{%- for m in messages if m.role != "
      "'system' %}{%- if loop.first "
      "and ns.first %}{%- set ns.first = false %}{%- endif %}{{ m.content | trim | upper }}{%- "
      "else %}none{%- endfor %}",
      "{%- macro show(x, sep=', ') -%}{{ x | join(sep) }}{%- endmacro -%}{{ show(messages | "
      "map(attribute='role') | list) }}"
      "{{ tools | tojson(indent=2) }}{{ strftime_now('%d %b %Y') }}",
      "{% if messages[0]['role'] == 'system' %}{% set rest = messages[1:] %}{% else %}{% set rest "
      "= messages %}{% endif %}"
      "{{ rest | length }}{{ rest[-1].content[::-1] }}{{ range(3) | sum }}{{ 'a' ~ 1 // 2 ** 3 % 4 "
      "}}",
      "{# comment #}{% raw %}{{ x }}{% endraw %}{{ raise_exception('no') if messages is not "
      "defined else 'yes' }}",
      "{% filter upper %}{{ {'a': 1, 'b': [1, 2.5, none, true]}.items() | list }}{% endfilter %}{% "
      "call show() %}{% endcall %}"};
  for (int i = 0; const char* source : templates) Write(root, "template", i++, source);
}

void WriteText(const std::string& root) {
  Write(root, "utf8_stream", 0, "\x03 a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z");
  Write(root, "utf8_stream", 1, "\x01\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82\xff");
}

void WritePatterns(const std::string& root) {
  const char* patterns[] = {
      "'s|'t|'re| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+\nit's 12 a  b\n ",
      "(?i:'s|'ll)|[^\\r\\n\\p{L}]?\\p{L}+|\\p{N}{1,3}|\\s*[\\r\\n]+\nI'LL 1234\r\n",
      "[[:alpha:]&&[^a-c]]*?x|(?<=a)b|\\bc$|(?>d+)e++\nabcxdde"};
  for (int i = 0; const char* pattern : patterns) Write(root, "split_pattern", i++, pattern);
}

void WriteTokenizers(const std::string& root) {
  const char* tokenizers[] = {
      R"({"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"Ġ":3},"merges":["a b"]},"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"decoder":{"type":"ByteLevel"},"added_tokens":[{"id":4,"content":"<s>","special":true,"lstrip":true,"rstrip":false,"single_word":false,"normalized":false}]})",
      R"({"model":{"type":"WordPiece","unk_token":"[UNK]","vocab":{"[UNK]":0,"a":1,"##b":2,"[CLS]":3,"[SEP]":4},"continuing_subword_prefix":"##","max_input_chars_per_word":9},"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"BertProcessing","sep":["[SEP]",4],"cls":["[CLS]",3]},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true}})",
      R"({"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0.0],["\u2581",-1.5],["a",-2.0],["\u2581a",-1.0]],"byte_fallback":false},"normalizer":{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]},"pre_tokenizer":{"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true},"post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{}},"decoder":{"type":"Sequence","decoders":[{"type":"Metaspace","replacement":"\u2581"},{"type":"Strip","content":" ","start":1,"stop":0}]}})"};
  for (int i = 0; const char* json : tokenizers) Write(root, "tokenizer_json", i++, json);
}

void WriteSentencePiece(const std::string& root) {
  // pieces { piece, score, type }: field 1 of the file, and 1, 2 and 3 of a piece; the kind of
  // model is field 3 of the trainer's specification, which is field 2.
  const auto piece = [](std::string_view text, char type) {
    std::string one = Concat("\x0a", std::string(1, static_cast<char>(text.size())), text);
    one += std::string("\x15\0\0\x80\xbf\x18", 6) + type;
    return Concat("\x0a", std::string(1, static_cast<char>(one.size())), one);
  };
  for (const char kind : {1, 2}) {
    std::string file =
        piece("<unk>", 2) + piece("<s>", 3) + piece("\xe2\x96\x81", 1) + piece("a", 1);
    file += std::string("\x12\x02\x18") + kind;
    Write(root, "sentencepiece", kind, file);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  WriteGguf(argv[1]);
  WriteSafetensors(argv[1]);
  WriteConfigs(argv[1]);
  WriteTemplates(argv[1]);
  WriteText(argv[1]);
  WritePatterns(argv[1]);
  WriteTokenizers(argv[1]);
  WriteSentencePiece(argv[1]);
  return 0;
}
