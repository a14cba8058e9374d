/* vectors.h: arithmetic on vectors. */
#include <math.h>

#include "check.h"

static int near(double a, double b) { return fabs(a - b) < 1e-6; }

static void test_products(void) {
  const float a[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, b[] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
  const float zeros[9] = {0};
  float c[] = {3, 4};
  CHECK(near(erato_dot(a, b, 9), 165));
  CHECK(near(erato_dot(a, b, 0), 0));
  CHECK(near(erato_cosine(a, a, 9), 1));
  CHECK(near(erato_cosine(a, b, 9), 165.0 / 285));
  CHECK(erato_cosine(a, zeros, 9) == 0);
  CHECK(erato_dot(NULL, b, 9) == 0 && erato_cosine(a, NULL, 9) == 0);
  erato_normalise(c, 2);
  CHECK(near(c[0], 0.6) && near(c[1], 0.8));
  erato_normalise(NULL, 2);
}

static void test_nearest(void) {
  const float query[] = {1, 0};
  float rows[] = {0.5f, 0, 0.9f, 0, -1, 0, 0.9f, 1, NAN, 0, 0.7f, 0};
  size_t indexes[10] = {99, 99, 99};
  float scores[10];
  CHECK(erato_nearest(query, rows, 6, 2, 3, indexes, scores) == 3);
  CHECK(indexes[0] == 1 && indexes[1] == 3 && indexes[2] == 5); /* of equals the earlier one */
  CHECK(near(scores[0], 0.9) && near(scores[2], 0.7));
  CHECK(erato_nearest(query, rows, 6, 2, 10, indexes, scores) == 5); /* not the one that is NaN */
  CHECK(indexes[4] == 2 && near(scores[4], -1));
  CHECK(erato_nearest(query, rows, 6, 2, 0, indexes, scores) == 0);
  CHECK(erato_nearest(query, rows, 0, 2, 3, indexes, scores) == 0);
  CHECK(erato_nearest(NULL, rows, 6, 2, 3, indexes, scores) == 0);
  CHECK(erato_nearest(query, rows, 6, 2, 3, NULL, scores) == 0);
}

static void test_smaller(void) {
  const float v[] = {0.5f, -1, 0.25f, 0, 0.004f, -0.004f, 1, -0.5f, 0.1f};
  const float zeros[2] = {0};
  int8_t q[9], none[2] = {1, 1};
  uint8_t bits[2] = {0xff, 0xff}, others[2] = {0x0a, 0x80};
  CHECK(near(erato_to_int8(v, 9, q), 1.0 / 127));
  CHECK(q[1] == -127 && q[6] == 127 && q[3] == 0 && q[0] == 64 && q[7] == -64);
  CHECK(near(erato_cosine_int8(q, q, 9), 1));
  CHECK(erato_to_int8(zeros, 2, none) == 0 && none[0] == 0 && none[1] == 0);
  CHECK(erato_cosine_int8(none, none, 2) == 0);
  erato_to_bits(v, 9, bits);
  CHECK(bits[0] == 0xaa && bits[1] == 0x80);
  CHECK(erato_hamming(bits, others, 2) == 2);
  CHECK(erato_hamming(NULL, others, 2) == 0);
  CHECK(erato_to_int8(NULL, 9, q) == 0);
  erato_to_bits(NULL, 9, bits);
}

void test_vectors(void) {
  test_products();
  test_nearest();
  test_smaller();
}
