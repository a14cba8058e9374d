// A model folder with another config.json, or with other names.
#ifndef ERATO_TESTS_MODELS_FOLDER_COPY_H_
#define ERATO_TESTS_MODELS_FOLDER_COPY_H_

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "gtest/gtest.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/safetensors_writer.h"

namespace erato::test {

/// Puts config.json, changed, and a link to the weights into the folder `to`.
inline void CopyFolder(const std::string& from, const std::string& to,
                       const std::function<void(Json&)>& change) {
  std::ifstream in(from + "/config.json");
  std::stringstream text;
  text << in.rdbuf();
  auto config = ParseJson(text.str(), "config.json");
  ASSERT_TRUE(config.ok()) << config.status();
  change(*config);
  WriteFile(to + "/config.json", WriteJson(*config));
  std::filesystem::create_symlink(from + "/model.safetensors", to + "/model.safetensors");
}

/// Gives every tensor of a safetensors file whose name begins with `from` a name that begins with
/// `to`. The file, or the link that stands for it, is replaced.
inline void RenameTensors(const std::string& path, const std::string& from, const std::string& to) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream content;
  content << in.rdbuf();
  const std::string file = content.str();
  uint64_t size = 0;
  ASSERT_GE(file.size(), sizeof(size));
  std::memcpy(&size, file.data(), sizeof(size));
  auto header = ParseJson(std::string_view(file).substr(sizeof(size), size), "header");
  ASSERT_TRUE(header.ok()) << header.status();
  Json renamed = Json::object();
  for (const auto& [name, value] : header->items()) {
    renamed[name.rfind(from, 0) == 0 ? to + name.substr(from.size()) : name] = value;
  }
  std::filesystem::remove(path);
  WriteFile(path, SafetensorsFile(WriteJson(renamed), std::string_view(file).substr(8 + size)));
}

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_FOLDER_COPY_H_
