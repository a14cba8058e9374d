/* Arithmetic on vectors: how near two are, the nearest of many, and smaller forms. Pure functions on the caller's
 * memory: any thread, nothing is kept, no errors; null where there is nothing to read counts as empty. */
#ifndef ERATO_VECTORS_H_
#define ERATO_VECTORS_H_

#include "erato/status.h"

ERATO_OPEN

/* Σ a·b, summed in double precision. Of vectors of length 1 it is their cosine. */
ERATO_API double erato_dot(const float* a, const float* b, size_t n);
/* Σ a·b / (|a|·|b|), -1 to 1; 0 where either is all zeros. */
ERATO_API double erato_cosine(const float* a, const float* b, size_t n);
/* Brings the vector to length 1; one of zeros stays. */
ERATO_API void erato_normalise(float* vector, size_t n);
/* The k rows of vectors[rows, n] with the greatest dot product with the query, best first, into indexes[k] and
 * scores[k]. Returns how many there are: k, or rows where that is less. Rows whose product is not finite are passed
 * over. Exact: every row is looked at. */
ERATO_API size_t erato_nearest(const float* query, const float* vectors, size_t rows, size_t n,
                               size_t k, size_t* indexes, float* scores);

/* A quarter of the size: values[n] = vector / scale, rounded to -127 … 127. Returns scale, greatest magnitude / 127
 * (0 for a vector of zeros). */
ERATO_API float erato_to_int8(const float* vector, size_t n, int8_t* values);
/* The cosine of two such vectors: scales do not matter. */
ERATO_API double erato_cosine_int8(const int8_t* a, const int8_t* b, size_t n);
/* A 32nd of the size: a bit a value, 1 where it is above 0, the first in the highest bit of bits[0]. bits has
 * (n + 7) / 8 bytes; what is over is 0. */
ERATO_API void erato_to_bits(const float* vector, size_t n, uint8_t* bits);
/* Bits in which two such vectors differ. */
ERATO_API size_t erato_hamming(const uint8_t* a, const uint8_t* b, size_t bytes);

ERATO_CLOSE

#endif /* ERATO_VECTORS_H_ */
