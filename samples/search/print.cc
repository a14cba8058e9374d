#include "samples/search/print.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "samples/search/json.h"
#include "samples/search/progress.h"

namespace search {
namespace {

bool Styled() {
  const char* plain = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && (plain == nullptr || *plain == '\0') && kind != nullptr &&
         std::string_view(kind) != "dumb";
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Without control characters: those of ASCII but tab and newline, and U+0080 … U+009F.
std::string Plain(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool high =
        c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool low = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
    plain += high || low ? '?' : text[i];
    i += high ? 1 : 0;
  }
  return plain;
}

/// The first `columns` characters, tabs as two of them.
std::string Cut(std::string_view line, size_t columns) {
  std::string cut;
  size_t at = 0;
  for (const char c : line) {
    if (columns > 0 && !IsContinuation(c) && ++at > columns) return cut + "…";
    cut += c == '\t' ? "  " : std::string(1, c);
    at += c == '\t' ? 1 : 0;
  }
  return cut;
}

size_t CountLines(std::string_view text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
}

}  // namespace

Printer::Printer(std::filesystem::path folder, size_t lines)
    : folder_(std::move(folder)),
      lines_(lines),
      styled_(Styled()),
      columns_(isatty(STDOUT_FILENO) == 1 ? Columns(STDOUT_FILENO) : 0) {}

std::string Printer::Place(const StoredPassage& passage) const {
  const std::filesystem::path whole = (folder_ / passage.path).lexically_normal();
  const std::filesystem::path here = whole.lexically_relative(std::filesystem::current_path());
  const bool below = !here.empty() && here.begin()->string() != "..";
  return Plain((below ? here : whole).string()) + ":" + std::to_string(passage.first_line) + "-" +
         std::to_string(passage.last_line);
}

void Printer::PrintHits(const std::vector<Hit>& hits) const {
  for (size_t i = 0; i < hits.size(); ++i) {
    const Hit& hit = hits[i];
    std::printf("%s[%zu] %s%s  %.3f", styled_ ? "\x1b[1m" : "", i + 1, Place(hit.passage).c_str(),
                styled_ ? "\x1b[0m" : "", hit.relevance.value_or(hit.score));
    std::printf("%s\n", hit.relevance ? " relevant" : "");
    PrintQuote(hit.passage);
    std::printf("\n");
  }
  std::fflush(stdout);
}

void Printer::PrintQuote(const StoredPassage& passage) const {
  const std::string text = Plain(passage.text);
  const size_t all = CountLines(text), shown = lines_ > 0 && all > lines_ + 1 ? lines_ : all;
  size_t number = passage.first_line;
  for (size_t begin = 0, i = 0; i < shown; ++i, ++number) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const size_t room = columns_ > 9 ? columns_ - 9 : 0;
    std::printf("%s%6zu%s  %s\n", styled_ ? "\x1b[2m" : "", number, styled_ ? "\x1b[0m" : "",
                Cut(std::string_view(text).substr(begin, end - begin), room).c_str());
    begin = end + 1;
  }
  if (shown < all) std::printf("     …  %zu more lines\n", all - shown);
}

void Printer::PrintPiece(const std::string& piece) const {
  std::fputs(Plain(piece).c_str(), stdout);
  std::fflush(stdout);
}

void Printer::PrintSources(const Answer& answer, const std::vector<Hit>& hits) const {
  std::printf("\n\n");
  for (const size_t i : answer.cited)
    std::printf("[%zu] %s\n", i + 1, Place(hits[i].passage).c_str());
  if (answer.cited.empty())
    std::printf("It names no sources; the first %zu hits were given.\n", answer.given);
  if (answer.finish == "length")
    std::printf("It ran out of room after %zu tokens.\n", answer.generated_tokens);
  if (answer.given < hits.size()) {
    std::printf("%zu of %zu hits did not fit into the model's context.\n",
                hits.size() - answer.given, hits.size());
  }
  std::printf("\n");
  std::fflush(stdout);
}

void PrintResultAsJson(const Result& result, const std::filesystem::path& folder) {
  Json json = {{"query", result.query},
               {"folder", folder.string()},
               {"search", result.approximate ? "graph" : "exact"},
               {"hits", Json::array()}};
  for (const Hit& hit : result.hits) {
    Json one = {{"path", hit.passage.path},
                {"first_line", hit.passage.first_line},
                {"last_line", hit.passage.last_line},
                {"score", hit.score}};
    if (hit.relevance) one["relevance"] = *hit.relevance;
    one["text"] = hit.passage.text;
    json["hits"].push_back(std::move(one));
  }
  if (result.answer) {
    const Answer& answer = *result.answer;
    Json cited = Json::array();
    for (const size_t i : answer.cited) cited.push_back(i + 1);
    json["answer"] = {{"text", answer.text},
                      {"cited", std::move(cited)},
                      {"given", answer.given},
                      {"left_out", result.hits.size() - answer.given},
                      {"prompt_tokens", answer.prompt_tokens},
                      {"generated_tokens", answer.generated_tokens},
                      {"finish", answer.finish}};
  }
  PrintJson(json);
}

}  // namespace search
