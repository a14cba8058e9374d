// erato doctor: what Erato finds on this machine, and whether it works here.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "samples/erato/cache.h"
#include "samples/erato/subcommands.h"

namespace erato::command {
namespace {

using Json = nlohmann::ordered_json;

/// The value of the first line `key : value` of a file of /proc.
std::string ProcField(const char* file, const std::string& key) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || line.compare(0, key.size(), key) != 0) continue;
    const size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "unknown";
}

int UsableProcessors() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 0;
}

/// Loads a model and answers a few tokens twice: the same, if the machine computes right.
std::string TryModel(const std::string& path) {
  try {
    const auto model =
        Make<erato_model>(erato_model_load, path.c_str(), static_cast<erato_options*>(nullptr));
    const int32_t ids[] = {1, 2, 3, 4};
    const auto run = [&] {
      const auto logits =
          Make<erato_floats>(erato_model_logits, model.get(), ids, std::size(ids), int32_t{0});
      size_t columns = 0;
      const float* values = erato_floats_data(logits.get(), nullptr, &columns);
      return std::vector<float>(values, values + columns);
    };
    return run() == run() ? "ok" : "[self check] two runs of one input differ";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

Json FindModels() {
  Json models = Json::array();
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(CacheFolder() / "models", ignored)) {
    if (entry.path().extension() != ".gguf") continue;
    models.push_back({{"path", entry.path().string()},
                      {"bytes", entry.file_size(ignored)},
                      {"check", TryModel(entry.path().string())}});
  }
  return models;
}

/// Works without any model: a template through the whole of the C ABI.
std::string SelfCheck() {
  constexpr std::string_view kTemplate =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}{% endfor %}";
  constexpr std::string_view kChat = R"({"messages": [{"role": "user", "content": "hello"}]})";
  try {
    const std::string text = String(Make<erato_text>(erato_template_render, kTemplate.data(),
                                                     kTemplate.size(), kChat.data(), kChat.size()));
    return text == "user: hello" ? "ok"
                                 : "[self check] template, got " + text + ", expected user: hello";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

Json Examine() {
  const Json library = Json::parse(String(Make<erato_text>(erato_library_info)));
  return {{"version", library.at("version")},
          {"families", library.at("families")},
          {"devices", library.at("devices")},
          {"cpu", ProcField("/proc/cpuinfo", "model name")},
          {"processors", UsableProcessors()},
          {"memory", ProcField("/proc/meminfo", "MemTotal")},
          {"memory_available", ProcField("/proc/meminfo", "MemAvailable")},
          {"cache", CacheFolder().string()},
          {"models", FindModels()},
          {"self_check", SelfCheck()}};
}

void Print(const Json& found) {
  const auto line = [](const char* name, const std::string& text) {
    std::printf("%-12s %s\n", name, text.c_str());
  };
  const auto text = [](const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  };
  line("Erato", text(found["version"]));
  line("processor", text(found["cpu"]) + ", " + text(found["processors"]) + " usable");
  line("memory", text(found["memory"]) + ", available " + text(found["memory_available"]));
  for (const Json& device : found["devices"]) {
    line("device", text(device["name"]) + (device["usable"] == true ? ": " : ": not usable: ") +
                       text(device["detail"]));
  }
  std::string families;
  for (const Json& family : found["families"])
    families += (families.empty() ? "" : ", ") + text(family);
  line("families", families);
  line("cache", text(found["cache"]));
  for (const Json& model : found["models"])
    line("model", text(model["path"]) + ": " + text(model["check"]));
  if (found["models"].empty()) line("model", "none in the cache; ./run fetch smollm2 gets one");
  line("self check", text(found["self_check"]));
}

}  // namespace

void AddDoctor(Arguments& arguments) {
  auto json = std::make_shared<bool>(false);
  arguments.Flag("--json", "one JSON object", json.get());
  arguments.Run([json] {
    const Json found = Examine();
    if (*json) {
      std::puts(found.dump().c_str());
    } else {
      Print(found);
    }
    const bool good = std::all_of(found["models"].begin(), found["models"].end(),
                                  [](const Json& model) { return model["check"] == "ok"; });
    return good && found["self_check"] == "ok" ? 0 : 1;
  });
}

}  // namespace erato::command
