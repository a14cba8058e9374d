// For make_cases.py --compare: reads one JSON string a line and answers with the words into which a
// pre-tokeniser cuts it, one JSON array a line.
//
//   cut_lines NAME            by the rule of that name, as tokenizers do
//   cut_lines NAME --patterns the same through the linear matcher alone
//   cut_lines --rules         prints {name: [pattern, …]}, one name of those that share a rule
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tokenizer/pre_tokenizers/pre_tokenizer.h"

namespace {

int PrintRules() {
  nlohmann::ordered_json rules;
  const erato::CutRule* last = nullptr;
  for (const erato::PreTokenizer& p : erato::AllPreTokenizers()) {
    if (p.rule == last || p.rule == nullptr) continue;
    last = p.rule;
    rules[std::string(p.name)] =
        std::vector<std::string>(p.rule->patterns.begin(), p.rule->patterns.end());
  }
  std::cout << rules.dump() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "--rules") return PrintRules();
  const auto rule = erato::FindPreTokenizer(argc > 1 ? argv[1] : "?");
  if (!rule.ok() || (*rule)->rule == nullptr) {
    std::cerr << rule.status() << "\n";
    return 1;
  }
  const auto cutter = erato::PatternCutter::Create((*rule)->rule->patterns);
  if (!cutter.ok()) {
    std::cerr << cutter.status() << "\n";
    return 1;
  }
  const erato::WordEnd scanner = argc > 2 ? nullptr : (*rule)->rule->scanner;
  for (std::string line; std::getline(std::cin, line);) {
    const std::string text = nlohmann::json::parse(line).get<std::string>();
    std::vector<size_t> ends;
    if (scanner == nullptr) cutter->Cut(text, ends);
    for (size_t at = 0; scanner != nullptr && at < text.size();) {
      ends.push_back(at = scanner(text, at));
    }
    nlohmann::json words = nlohmann::json::array();
    size_t at = 0;
    for (size_t end : ends) {
      words.push_back(text.substr(at, end - at));
      at = end;
    }
    std::cout << words.dump() << "\n";
  }
  return 0;
}
