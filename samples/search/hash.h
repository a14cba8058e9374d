// Whether a content is still the same: XXH3, 128 bits. Fast, and not meant against somebody who
// makes two contents alike on purpose.
#ifndef ERATO_SAMPLES_SEARCH_HASH_H_
#define ERATO_SAMPLES_SEARCH_HASH_H_

#include <filesystem>
#include <string>
#include <string_view>

namespace search {

std::string HashOf(std::string_view bytes);
/// Of a file's content; empty where it cannot be read.
std::string HashOfFile(const std::filesystem::path& path);

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_HASH_H_
