// A model folder with another config.json.
#ifndef ERATO_TESTS_MODELS_FOLDER_COPY_H_
#define ERATO_TESTS_MODELS_FOLDER_COPY_H_

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "core/base/json.h"
#include "gtest/gtest.h"
#include "tests/support/gguf_writer.h"

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

}  // namespace erato::test

#endif  // ERATO_TESTS_MODELS_FOLDER_COPY_H_
