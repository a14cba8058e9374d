#include "samples/search/answer.h"

#include <algorithm>

#include "samples/search/failure.h"

namespace search {
namespace {

constexpr int kMostTokens = 400;  // of an answer
constexpr int kAnswerShare = 4;   // of the context, at most one part of so many

constexpr char kTask[] =
    "Answer the question from the excerpts. After each statement name the excerpt that it comes "
    "from by its number, like [1]. Where the excerpts do not say it, say so.";

std::string Lines(const StoredPassage& passage) {
  return passage.path + ":" + std::to_string(passage.first_line) + "-" +
         std::to_string(passage.last_line);
}

/// The message with the first `given` hits.
std::string Ask(const std::string& question, const std::vector<Hit>& hits, size_t given) {
  std::string text = std::string(kTask) + "\n\n";
  for (size_t i = 0; i < given; ++i) {
    const StoredPassage& passage = hits[i].passage;
    text += "[" + std::to_string(i + 1) + "] " + Lines(passage) + "\n" + passage.text + "\n\n";
  }
  return text + "Question: " + question;
}

/// A chat with as many hits as its context holds beside an answer; their number in `given`.
erato::Session Begin(const erato::Model& model, const std::string& question,
                     const std::vector<Hit>& hits, int answer_tokens, size_t& given) {
  const auto room = static_cast<size_t>(model.contextTokens() - answer_tokens);
  size_t tokens = 0;
  for (given = hits.size(); given > 0; --given) {
    erato::Session chat(model);
    chat.add(ERATO_ROLE_USER, Ask(question, hits, given));
    tokens = chat.countTokens();
    if (tokens <= room) return chat;
  }
  throw Failure("[answer] tokens of the question and one passage, got " + std::to_string(tokens) +
                ", expected at most " + std::to_string(room) + " of the model's context of " +
                std::to_string(model.contextTokens()));
}

/// Hits that the text names: "[2]", "[1, 3]".
std::vector<size_t> Citations(const std::string& text, size_t given) {
  std::vector<size_t> cited;
  bool inside = false;
  size_t number = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9' && number < 1000) {
      number = number * 10 + static_cast<size_t>(c - '0');
      continue;
    }
    const bool new_one = number > 0 && number <= given &&
                         std::find(cited.begin(), cited.end(), number - 1) == cited.end();
    if (inside && new_one && (c == ']' || c == ',')) cited.push_back(number - 1);
    number = 0;
    if (c == '[') inside = true;
    if (c == ']') inside = false;
  }
  return cited;
}

}  // namespace

Answer AnswerFrom(const erato::Model& model, const std::string& question,
                  const std::vector<Hit>& hits,
                  const std::function<void(const std::string&)>& write) {
  const int most = std::min(kMostTokens, model.contextTokens() / kAnswerShare);
  Answer answer;
  erato::Session chat = Begin(model, question, hits, most, answer.given);
  erato::Options options(ERATO_OPTIONS_GENERATE);
  options.set("max_tokens", std::to_string(most));
  options.set("temperature", "0");  // the same question gets the same answer
  options.set("repetition_penalty", "1.1");
  erato::Stream stream(chat, &options);
  while (stream.advance()) {
    if (stream.reasoning()) continue;
    answer.text += stream.piece();
    write(stream.piece());
  }
  answer.cited = Citations(answer.text, answer.given);
  answer.prompt_tokens = static_cast<size_t>(stream.promptTokens());
  answer.generated_tokens = static_cast<size_t>(stream.generatedTokens());
  answer.finish = stream.finishReason();
  return answer;
}

}  // namespace search
