// What text costs: one JSON object a line for compare.py, beside text_bench.py, which does the same
// with the Python packages.
//
//   text_bench encode PATH TEXT   {"encode": MB/s}, a text file at once, on one thread
//   text_bench hostile PATH TEXT  {"repeated": …}: how often the time of prose 1 MB of each takes
//   text_bench load PATH          {"load": seconds} until the tokenizer of a folder or GGUF is
//   there text_bench render FOLDER      {"renders": per second} of tests/data/template
#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/template/json_value.h"
#include "tests/tokenizer/open_tokenizer.h"

namespace {

using Json = nlohmann::ordered_json;
constexpr int kReps = 3;

double Seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void Print(const char* name, double value) { std::cout << Json{{name, value}} << std::endl; }

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::unique_ptr<const erato::Tokenizer> Open(const std::string& path) {
  auto tokenizer = erato::test::OpenTokenizer(path);
  if (tokenizer.ok()) return *std::move(tokenizer);
  std::cerr << tokenizer.status().message() << "\n";
  std::exit(1);
}

int Encode(const std::string& path, const std::string& file) {
  const auto tokenizer = Open(path);
  const std::string text = ReadFile(file);
  for (int i = 0; i < kReps; ++i) {
    size_t tokens = 0;
    const double seconds = Seconds([&] { tokens = tokenizer->Encode(text, false)->size(); });
    if (tokens == 0) return 1;
    Print("encode", static_cast<double>(text.size()) / 1e6 / seconds);
  }
  return 0;
}

std::string Repeated(std::string_view part, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += part;
  return text;
}

int Hostile(const std::string& path, const std::string& file) {
  constexpr size_t kBytes = 1'000'000;
  const auto tokenizer = Open(path);
  std::string prose = ReadFile(file).substr(0, kBytes);
  while (!prose.empty() && !tokenizer->Encode(prose, false).ok()) prose.pop_back();
  const auto time = [&](const std::string& text) {
    return Seconds([&] { (void)tokenizer->Encode(text, false).ok(); });
  };
  const std::pair<const char*, const char*> kinds[] = {
      {"repeated", "a"},         {"spaces", " "},
      {"newlines", "\n"},        {"marks", "\u0301"},
      {"digits", "7"},           {"symbols", "="},
      {"ideographs", "\u4f60"},  {"emoji", "\U0001f468\u200d"},
      {"invalid bytes", "\xff"}, {"mixed", "a \u0301\n"}};
  for (const auto& [name, part] : kinds) {
    const std::string text = Repeated(part, kBytes);
    std::vector<double> ratios;  // each beside a run of prose: the machine may be busy
    for (int i = 0; i < kReps; ++i) ratios.push_back(time(text) / time(prose));
    std::nth_element(ratios.begin(), ratios.begin() + kReps / 2, ratios.end());
    Print(name, ratios[kReps / 2]);
  }
  return 0;
}

int Load(const std::string& path) {
  for (int i = 0; i < kReps; ++i) Print("load", Seconds([&] { Open(path); }));
  return 0;
}

int Render(const std::string& folder) {
  const Json file = Json::parse(ReadFile(folder + "/conversations.json"));
  const int64_t now = file["now"].get<int64_t>();
  std::map<std::string, std::shared_ptr<const erato::ChatTemplate>> templates;
  std::vector<std::pair<const erato::ChatTemplate*, erato::Value>> work;
  for (const auto& entry : file["cases"]) {
    if (!entry.contains("text")) continue;
    const auto name = entry["template"].get<std::string>();
    auto& parsed = templates[name];
    if (parsed == nullptr) parsed = *erato::ChatTemplate::Parse(ReadFile(folder + "/" + name));
    work.emplace_back(parsed.get(), erato::ValueFromTestJson(entry["variables"]));
  }
  for (int i = 0; i < kReps; ++i) {
    size_t bytes = 0;
    const double seconds = Seconds([&] {
      for (const auto& [parsed, variables] : work) {
        bytes += erato::TextOf(*parsed->Render(variables, &now)).size();
      }
    });
    if (bytes == 0) return 1;
    Print("renders", static_cast<double>(work.size()) / seconds);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "encode") return Encode(words[1], words[2]);
  if (words.size() == 3 && words[0] == "hostile") return Hostile(words[1], words[2]);
  if (words.size() == 2 && words[0] == "load") return Load(words[1]);
  if (words.size() == 2 && words[0] == "render") return Render(words[1]);
  std::cerr << "usage: text_bench encode|hostile PATH TEXT, load PATH, render FOLDER\n";
  return 2;
}
