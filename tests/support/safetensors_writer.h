// Writes safetensors files for tests, well-formed or with any header at all.
#ifndef ERATO_TESTS_SUPPORT_SAFETENSORS_WRITER_H_
#define ERATO_TESTS_SUPPORT_SAFETENSORS_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace erato::test {

/// Length, `header`, `data`, whatever they say.
std::string SafetensorsFile(std::string_view header, std::string_view data);

class SafetensorsWriter {
 public:
  SafetensorsWriter& AddF32(std::string_view name, const std::vector<int64_t>& shape,
                            const std::vector<float>& values);
  SafetensorsWriter& AddBytes(std::string_view name, std::string_view dtype,
                              const std::vector<int64_t>& shape, std::string_view bytes);
  SafetensorsWriter& AddMetadata(std::string_view key,
                                 std::string_view value);  // plain text without quotes

  std::string Bytes() const;
  void WriteTo(const std::string& path) const;

 private:
  std::string entries_, metadata_, data_;
};

}  // namespace erato::test

#endif  // ERATO_TESTS_SUPPORT_SAFETENSORS_WRITER_H_
