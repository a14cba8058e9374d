#include "samples/search/print.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

namespace search {
namespace {

namespace fs = std::filesystem;

constexpr size_t kQuotedLines = 8;

/// In the code of a terminal's style, where a person looks who did not ask for plain text.
std::string Styled(const char* code, const std::string& text) {
  const char* plain = std::getenv("NO_COLOR");
  static const bool styled = isatty(STDOUT_FILENO) == 1 && (plain == nullptr || *plain == '\0');
  return styled ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
}

/// "path:12-20", the path as seen from here.
std::string Place(const Query& query, const StoredPassage& stored) {
  const fs::path whole = query.folder() / stored.path;
  const fs::path here = whole.lexically_relative(fs::current_path());
  const bool below = !here.empty() && *here.begin() != "..";
  return Plain((below ? here : whole).string()) + ":" + std::to_string(stored.passage.first_line) +
         "-" + std::to_string(stored.passage.last_line);
}

void PrintHit(const Query& query, const Hit& hit, size_t number) {
  const std::string place = "[" + std::to_string(number) + "] " + Place(query, hit.stored);
  std::printf("%s  %.3f%s\n", Styled("1", place).c_str(), hit.relevance.value_or(hit.score),
              hit.relevance ? " relevant" : "");
  const Passage& passage = hit.stored.passage;
  std::istringstream lines(Plain(passage.text));
  size_t at = passage.first_line;
  const bool whole =
      passage.last_line - at <= kQuotedLines;  // one more is no longer than saying so
  const size_t end = whole ? passage.last_line + 1 : at + kQuotedLines;
  for (std::string line; at < end && std::getline(lines, line); ++at) {
    const std::string number_of_line = std::to_string(at);
    std::printf("%*s%s  %s\n", static_cast<int>(6 - std::min<size_t>(6, number_of_line.size())), "",
                Styled("2", number_of_line).c_str(), line.c_str());
  }
  if (at <= passage.last_line) std::printf("     …  %zu more lines\n", passage.last_line - at + 1);
  std::printf("\n");
}

void PrintSources(const Query& query, const Answer& answer, const std::vector<Hit>& hits) {
  std::printf("\n\n");
  for (const size_t i : answer.cited) {
    std::printf("[%zu] %s\n", i + 1, Place(query, hits[i].stored).c_str());
  }
  if (answer.cited.empty()) {
    std::printf("It names no sources; it was given the first %zu hits.\n", answer.given);
  }
  if (answer.given < hits.size()) {
    std::printf("%zu of %zu hits did not fit into the model's context.\n",
                hits.size() - answer.given, hits.size());
  }
}

}  // namespace

std::string Plain(std::string text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool after_c2 = i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xC2;
    const bool high = after_c2 && c >= 0x80 && c < 0xA0;  // U+0080 … U+009F
    if (high) text[i - 1] = '?';
    if (high || (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) text[i] = '?';
  }
  return text;
}

void PrintResult(const Query& query, const std::string& text) {
  const std::vector<Hit> hits = query.Find(text);
  if (hits.empty()) std::printf("The index has no passages.\n");
  for (size_t i = 0; i < hits.size(); ++i) PrintHit(query, hits[i], i + 1);
  if (!query.answers() || hits.empty()) return;
  const Answer answer = query.AnswerFrom(text, hits, [](const std::string& piece) {
    std::fputs(Plain(piece).c_str(), stdout);
    std::fflush(stdout);
  });
  PrintSources(query, answer, hits);
}

void PrintResultAsJson(const Query& query, const std::string& text) {
  using Json = nlohmann::ordered_json;
  const std::vector<Hit> hits = query.Find(text);
  Json json = {{"query", text},
               {"folder", query.folder().string()},
               {"search", query.approximate() ? "graph" : "exact"},
               {"hits", Json::array()}};
  for (const Hit& hit : hits) {
    const Passage& passage = hit.stored.passage;
    Json one = {{"path", hit.stored.path},
                {"first_line", passage.first_line},
                {"last_line", passage.last_line},
                {"score", hit.score}};
    if (hit.relevance) one["relevance"] = *hit.relevance;
    one["text"] = passage.text;
    json["hits"].push_back(std::move(one));
  }
  if (query.answers() && !hits.empty()) {
    const Answer answer = query.AnswerFrom(text, hits, [](const std::string&) {});
    Json cited = Json::array();
    for (const size_t i : answer.cited) cited.push_back(i + 1);
    json["answer"] = {{"text", answer.text}, {"cited", cited}, {"given", answer.given}};
  }
  // Names of files need not be UTF-8; what is not becomes U+FFFD.
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

}  // namespace search
