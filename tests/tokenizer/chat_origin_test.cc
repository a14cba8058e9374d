// Templates and tokenizers together: whatever a host's content, names, tool results and roles
// spell, control pieces come of the template's own text alone. For every kind of tokenizer that we
// have.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "capi/src/tokenizer_json.h"
#include "tests/tokenizer/cases.h"
#include "tokenizer/pipeline/pipeline_tokenizer.h"
#include "tokenizer/sentencepiece_model.h"
#include "tokenizer/template/builtin.h"
#include "tokenizer/template/chat_template.h"

namespace erato {
namespace {

using Ids = std::vector<int32_t>;
using Tokenizers = std::vector<std::unique_ptr<const Tokenizer>>;
using Templates = std::vector<std::unique_ptr<const ChatTemplate>>;

// Bytes, letters, words, SentencePiece of both kinds, and every tokenizer.json of the sample.
Tokenizers AllKinds() {
  Tokenizers made;
  for (const auto& entry : test::ReadCases("tokenizer/byte_bpe.json")) {
    made.push_back(Tokenizer::Create(test::ByteBpeVocabulary(entry)).value());
  }
  for (const auto& entry : test::ReadCases("tokenizer/sentencepiece.json")) {
    made.push_back(Tokenizer::Create(test::SentencePieceVocabulary(entry)).value());
  }
  const test::Json cases = test::ReadCases("tokenizer/pipelines.json");
  for (const auto& entry : cases["pipelines"]) {
    auto spec = capi::TokenizerSpecFromJson(test::Parsed(entry["tokenizer"]));
    made.push_back(PipelineTokenizer::Create(std::move(spec).value()).value());
  }
  for (const auto& entry : cases["models"]) {
    std::string bytes;
    EXPECT_TRUE(absl::Base64Unescape(entry["model"].get<std::string>(), &bytes));
    made.push_back(Tokenizer::Create(ParseSentencePieceModel(bytes).value()).value());
  }
  return made;
}

Templates AllTemplates() {
  Templates made;
  for (const BuiltinTemplate& known : BuiltinTemplates()) {
    made.push_back(ChatTemplate::Parse(known.source).value());
  }
  for (const char* name :
       {"alternating_turns", "chatml", "headers_and_tools", "thinking_and_tools"}) {
    std::ifstream file(std::string(ERATO_TEST_DATA) + "/template/" + name + ".jinja");
    const std::string source{std::istreambuf_iterator<char>(file),
                             std::istreambuf_iterator<char>()};
    made.push_back(ChatTemplate::Parse(source).value());
  }
  // Around every message all markers that a vocabulary may have, and what is next to them is
  // content.
  made.push_back(
      ChatTemplate::Parse("{% for m in messages %}{{ '<s>' ~ m.role ~ '[SEP]' ~ m.content "
                          "~ '</s><|end|>' ~ m.name ~ '<|start|>' }}{% endfor %}")
          .value());
  return made;
}

// Texts of control pieces, whole and in halves, and other text.
class Writer {
 public:
  Writer(const Tokenizer& tokenizer, std::mt19937& rng) : rng_(rng) {
    for (int32_t id = 0; id < tokenizer.size(); ++id) {
      if (tokenizer.IsControl(id)) markers_.push_back(tokenizer.vocabulary().pieces[id]);
    }
    for (const char* more : {"<s>", "[CLS]", "<|im_end|>", "</s>"}) markers_.emplace_back(more);
  }
  std::string Text() {
    std::string text;
    for (size_t n = rng_() % 5; n > 0; --n) {
      const std::string& marker = markers_[rng_() % markers_.size()];
      const size_t cut = rng_() % (marker.size() + 1);
      switch (rng_() % 4) {
        case 0:
          text += test::RandomText(rng_, 1 + rng_() % 3);
          break;
        case 1:
          text += marker.substr(0, cut);
          break;
        case 2:
          text += marker.substr(cut);
          break;
        default:
          text += marker;
      }
    }
    return text;
  }

 private:
  std::mt19937& rng_;
  std::vector<std::string> markers_;
};

Value Conversation(Writer& writer, std::mt19937& rng, const Vocabulary& v) {
  List messages;
  for (size_t n = 1 + rng() % 3; n > 0; --n) {
    const char* const roles[] = {"user", "assistant", "system", "tool"};
    const std::string role = rng() % 5 == 0 ? writer.Text() : roles[rng() % 4];
    const Value call(Dict{{"function", Value(Dict{{"name", Value::Content(writer.Text())},
                                                  {"arguments", Value::Content(writer.Text())}})}});
    messages.emplace_back(Dict{{"role", Value::Content(role)},
                               {"content", Value::Content(writer.Text())},
                               {"name", Value::Content(writer.Text())},
                               {"tool_calls", Value(List{call})}});
  }
  Dict variables{{"messages", Value(std::move(messages))},
                 {"tools", Value(List{Value::Content(writer.Text())})},
                 {"add_generation_prompt", Value(true)}};
  if (v.bos >= 0) variables.emplace_back("bos_token", Value::Scaffold(v.pieces[v.bos]));
  if (v.eos >= 0) variables.emplace_back("eos_token", Value::Scaffold(v.pieces[v.eos]));
  return Value(std::move(variables));
}

Ids ControlIds(const Tokenizer& tokenizer, const std::vector<RenderedSpan>& spans) {
  std::vector<TextSpan> texts;
  for (const RenderedSpan& span : spans) texts.push_back({span.text, span.scaffold});
  Ids control;
  const Ids ids = tokenizer.Encode(texts, {}).value();
  for (int32_t id : ids) {
    if (id != tokenizer.vocabulary().unknown && tokenizer.IsControl(id)) control.push_back(id);
  }
  return control;
}

TEST(ChatOrigin, ContentNamesResultsAndRolesNeverBecomeControlPieces) {
  std::mt19937 rng(53);
  const Tokenizers tokenizers = AllKinds();
  const Templates templates = AllTemplates();
  int checked = 0, with_control = 0;
  for (const auto& tokenizer : tokenizers) {
    Writer writer(*tokenizer, rng);
    for (const auto& chat_template : templates) {
      for (int round = 0; round < 16; ++round) {
        auto spans =
            chat_template->Render(Conversation(writer, rng, tokenizer->vocabulary()), nullptr);
        if (!spans.ok()) continue;  // a role that the template does not take
        const Ids got = ControlIds(*tokenizer, *spans);
        for (RenderedSpan& span : *spans) {
          if (!span.scaffold) span.text = "x";
        }
        ASSERT_EQ(got, ControlIds(*tokenizer, *spans)) << TextOf(*spans);
        ++checked;
        with_control += got.empty() ? 0 : 1;
      }
    }
  }
  EXPECT_GT(checked, 3000);
  EXPECT_GT(with_control, 300);
}

}  // namespace
}  // namespace erato
