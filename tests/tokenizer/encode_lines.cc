// For compare.py: the tokenizer of a folder or a GGUF file, without a model.
//
//   encode_lines PATH
//
// Reads one JSON object a line, {"t": text or [text, text], "s": whether spelt control tokens
// become control tokens}, and answers with {"ids", "whole": with what is put around a text,
// "offsets" or null, "text": what the ids decode to} a line. That both ways to encode agree is
// checked here.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/tokenizer/open_tokenizer.h"

namespace {

using Answer = nlohmann::ordered_json;

Answer Offsets(const erato::Encoding& encoding) {
  Answer offsets = Answer::array();
  for (const auto& range : encoding.offsets) offsets.push_back({range.begin, range.end});
  return offsets;
}

absl::StatusOr<Answer> EncodeOne(const erato::Tokenizer& tokenizer, const erato::TextSpan& span) {
  const auto spans = absl::MakeConstSpan(&span, 1);
  const auto ids = tokenizer.Encode(spans, {});
  if (!ids.ok()) return ids.status();
  const auto whole = tokenizer.Encode(spans, {.add_special = true});
  const auto text = tokenizer.Decode(*ids, /*special=*/true);
  const auto detailed = tokenizer.EncodeDetailed(spans, nullptr, {});
  if (detailed.ok() && detailed->ids != *ids) return absl::InternalError("two ways, two answers");
  return Answer{{"ids", *ids},
                {"whole", *whole},
                {"offsets", detailed.ok() ? Offsets(*detailed) : Answer()},
                {"text", *text}};
}

absl::StatusOr<Answer> EncodePair(const erato::Tokenizer& tokenizer, const erato::TextSpan& first,
                                  const erato::TextSpan& second) {
  const auto more = absl::MakeConstSpan(&second, 1);
  const auto made =
      tokenizer.EncodeDetailed(absl::MakeConstSpan(&first, 1), &more, {.add_special = true});
  if (!made.ok()) return made.status();
  return Answer{{"ids", made->ids}, {"segments", made->segments}};
}

absl::StatusOr<Answer> Encode(const erato::Tokenizer& tokenizer, const Answer& request) {
  const bool trusted = request["s"].get<bool>();
  if (!request["t"].is_array()) {
    const auto text = request["t"].get<std::string>();
    return EncodeOne(tokenizer, {text, trusted});
  }
  const auto first = request["t"][0].get<std::string>(),
             second = request["t"][1].get<std::string>();
  return EncodePair(tokenizer, {first, trusted}, {second, trusted});
}

}  // namespace

int main(int argc, char** argv) {
  const auto tokenizer = erato::test::OpenTokenizer(argc > 1 ? argv[1] : "");
  if (!tokenizer.ok()) {
    std::cerr << tokenizer.status().message() << "\n";
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = Encode(**tokenizer, Answer::parse(line));
    if (!answer.ok()) {
      std::cerr << answer.status().message() << "\n";
      return 1;
    }
    std::cout << answer->dump(-1, ' ', false, Answer::error_handler_t::replace) << "\n";
  }
  return 0;
}
