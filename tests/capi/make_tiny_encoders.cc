// make_tiny_encoders FOLDER: the tiny encoders, each in a folder in it.
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/capi/tiny_encoder.h"

int main(int argc, char** argv) {
  using erato::test::TinyEncoder;
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_tiny_encoders FOLDER\n");
    return 2;
  }
  const std::pair<const char*, TinyEncoder> kinds[] = {{"embedder", TinyEncoder::kEmbedder},
                                                       {"classifier", TinyEncoder::kClassifier},
                                                       {"reranker", TinyEncoder::kReranker},
                                                       {"tagger", TinyEncoder::kTagger}};
  for (const auto& [name, kind] : kinds) {
    const std::string folder = std::string(argv[1]) + "/" + name;
    std::filesystem::create_directories(folder);
    erato::test::WriteTinyEncoder(kind, folder);
  }
  return 0;
}
