// Is it UTF-8?
#ifndef ERATO_CORE_BASE_UTF8_H_
#define ERATO_CORE_BASE_UTF8_H_

#include <cstddef>
#include <string_view>

namespace erato {

/// Offset of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7), or npos.
size_t FirstInvalidUtf8(std::string_view text);

}  // namespace erato

#endif  // ERATO_CORE_BASE_UTF8_H_
