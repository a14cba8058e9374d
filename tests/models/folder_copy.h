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

#include "gtest/gtest.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/json.h"
#include "tests/support/safetensors_writer.h"

namespace erato::test {

/// Puts config.json, changed, and a link to the weights into the folder `to`.
inline void CopyFolder(const std::string& from, const std::string& to,
                       const std::function<void(Json&)>& change) {
  Json config = ReadJsonFile(from + "/config.json");
  change(config);
  WriteFile(to + "/config.json", config.dump());
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
  const Json header = Json::parse(std::string_view(file).substr(sizeof(size), size));
  Json renamed = Json::object();
  for (const auto& [name, value] : header.items()) {
    renamed[name.rfind(from, 0) == 0 ? to + name.substr(from.size()) : name] = value;
  }
  std::filesystem::remove(path);
  WriteFile(path, SafetensorsFile(renamed.dump(), std::string_view(file).substr(8 + size)));
}

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_FOLDER_COPY_H_
