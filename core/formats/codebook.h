// Four-bit formats whose 16 codes stand for 16 integers that are not evenly spaced.
#ifndef ERATO_CORE_FORMATS_CODEBOOK_H_
#define ERATO_CORE_FORMATS_CODEBOOK_H_

#include <cmath>
#include <cstdint>

namespace erato {

/// The code of the entry nearest to x; the lower code among equals.
inline int NearestCode(const int8_t (&book)[16], float x) {
  int best = 0;
  for (int code = 1; code < 16; ++code) {
    if (std::fabs(x - static_cast<float>(book[code])) <
        std::fabs(x - static_cast<float>(book[best])))
      best = code;
  }
  return best;
}

/// 32 codes in 16 bytes: byte i holds value i (low) and value i + 16 (high).
inline void UnpackCodes(const int8_t (&book)[16], const uint8_t (&packed)[16], int8_t* q) {
  for (int i = 0; i < 16; ++i) {
    q[i] = book[packed[i] & 15];
    q[i + 16] = book[packed[i] >> 4];
  }
}

inline void PackCodes(const int8_t (&book)[16], const float* x, float inverse_scale,
                      uint8_t (&packed)[16]) {
  for (int i = 0; i < 16; ++i) {
    const int low = NearestCode(book, x[i] * inverse_scale),
              high = NearestCode(book, x[i + 16] * inverse_scale);
    packed[i] = static_cast<uint8_t>(low | high << 4);
  }
}

}  // namespace erato

#endif  // ERATO_CORE_FORMATS_CODEBOOK_H_
