// Integer arithmetic that says when it does not fit. Every size, count and offset that comes from a
// file goes through here; nothing in a loader adds or multiplies such numbers otherwise.
#ifndef ERATO_CORE_BASE_CHECKED_H_
#define ERATO_CORE_BASE_CHECKED_H_

#include <concepts>
#include <cstdint>

namespace erato {

/// True and *out = a + b, or false (and *out is unspecified) where the sum does not fit T.
template <std::integral T>
[[nodiscard]] constexpr bool CheckedAdd(T a, T b, T* out) {
  return !__builtin_add_overflow(a, b, out);
}

template <std::integral T>
[[nodiscard]] constexpr bool CheckedMul(T a, T b, T* out) {
  return !__builtin_mul_overflow(a, b, out);
}

/// *out = `value` rounded up to a multiple of `alignment`, a power of two.
[[nodiscard]] constexpr bool CheckedAlignUp(uint64_t value, uint64_t alignment, uint64_t* out) {
  uint64_t raised = 0;
  if (!CheckedAdd(value, alignment - 1, &raised)) return false;
  *out = raised & ~(alignment - 1);
  return true;
}

}  // namespace erato

#endif  // ERATO_CORE_BASE_CHECKED_H_
