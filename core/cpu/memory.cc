#include "core/cpu/memory.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace erato::cpu {

void* AllocateLarge(size_t bytes) {
  if (bytes > SIZE_MAX / 2) return nullptr;
  return std::aligned_alloc(64, RoundUp(bytes == 0 ? 1 : bytes, 64));
}

void FreeLarge(void* memory) { std::free(memory); }

absl::StatusOr<Buffer> Buffer::Make(size_t bytes, const char* what) {
  Buffer buffer;
  buffer.memory_.reset(static_cast<uint8_t*>(AllocateLarge(bytes)));
  if (buffer.memory_ == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat("[cpu memory] ", what, ", got none, expected ", bytes, " bytes"));
  }
  buffer.bytes_ = bytes;
  return buffer;
}

}  // namespace erato::cpu
