#include "tokenizer/template/chat_template.h"

#include <utility>

#include "absl/status/status.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/interpreter.h"
#include "tokenizer/template/lexer.h"
#include "tokenizer/template/parser.h"
#include "tokenizer/template/unicode.h"

namespace erato {
namespace {

std::vector<RenderedSpan> SpansOf(const MarkedString& text) {
  std::vector<RenderedSpan> spans;
  size_t begin = 0;
  for (const auto& [end, scaffold] : text.runs()) {
    spans.push_back({text.text().substr(begin, end - begin), scaffold});
    begin = end;
  }
  return spans;
}

class ParsedTemplate : public ChatTemplate {
 public:
  ParsedTemplate(TemplateProgram program, const TemplateLimits& limits)
      : program_(std::move(program)), limits_(limits) {}

  absl::StatusOr<std::vector<RenderedSpan>> Render(const Value& variables,
                                                   const int64_t* now_unix_seconds) const override {
    Run run(limits_, now_unix_seconds);
    Interpreter interpreter(program_, run, variables);
    const MarkedString text = interpreter.Render();
    if (!run.ok()) return run.status();
    return SpansOf(text);
  }

 private:
  const TemplateProgram program_;
  const TemplateLimits limits_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const ChatTemplate>> ChatTemplate::Parse(
    std::string_view source, const TemplateLimits& limits) {
  if (source.size() > limits.max_source_bytes) {
    return absl::ResourceExhaustedError(Concat("[template] source, got ", source.size(),
                                               " bytes, expected at most ", limits.max_source_bytes,
                                               " (max_source_bytes)"));
  }
  if (const size_t at = unicode::FirstInvalid(source); at != std::string_view::npos) {
    return absl::InvalidArgumentError(
        Concat("[template] source, got invalid UTF-8 at byte ", at, ", expected UTF-8"));
  }
  absl::StatusOr<std::vector<Token>> tokens = Tokenize(source);
  if (!tokens.ok()) return tokens.status();
  absl::StatusOr<TemplateProgram> program = Parser(*std::move(tokens), limits.max_depth).Parse();
  if (!program.ok()) return program.status();
  return std::make_unique<const ParsedTemplate>(*std::move(program), limits);
}

std::string TextOf(const std::vector<RenderedSpan>& spans) {
  std::string text;
  for (const RenderedSpan& span : spans) text += span.text;
  return text;
}

}  // namespace erato
