#include "samples/search/hash.h"

#include <xxhash.h>

#include <fstream>
#include <memory>
#include <vector>

namespace search {
namespace {

std::string Bytes(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  return {reinterpret_cast<const char*>(canonical.digest), sizeof(canonical.digest)};
}

}  // namespace

std::string HashOf(std::string_view bytes) {
  return Bytes(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string HashOfFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state(XXH3_createState(),
                                                                              XXH3_freeState);
  if (!in || state == nullptr) return "";
  XXH3_128bits_reset(state.get());
  std::vector<char> block(1 << 20);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    XXH3_128bits_update(state.get(), block.data(), static_cast<size_t>(in.gcount()));
  }
  return in.bad() ? "" : Bytes(XXH3_128bits_digest(state.get()));
}

}  // namespace search
