/* Version of the library, and what marks its functions. */
#ifndef ERATO_VERSION_H_
#define ERATO_VERSION_H_

#include <stddef.h>
#include <stdint.h>

#define ERATO_VERSION_MAJOR 0
#define ERATO_VERSION_MINOR 1
#define ERATO_VERSION_PATCH 0
/* Grows with every addition; one number to compare in the preprocessor: 0.1.0 is 1000. */
#define ERATO_VERSION_NUMBER \
  (ERATO_VERSION_MAJOR * 1000000 + ERATO_VERSION_MINOR * 1000 + ERATO_VERSION_PATCH)

#if defined(__GNUC__)
#define ERATO_API __attribute__((visibility("default")))
#else
#define ERATO_API
#endif

#ifdef __cplusplus
#define ERATO_OPEN extern "C" {
#define ERATO_CLOSE }
#else
#define ERATO_OPEN
#define ERATO_CLOSE
#endif

ERATO_OPEN

/* "0.1.0", for ever valid. */
ERATO_API const char* erato_version(void);
/* ERATO_VERSION_NUMBER of the library that runs, which may be newer than the compiled header. */
ERATO_API int32_t erato_version_number(void);
/* 1 if the library has the feature of this name, else 0 (also for unknown and null names).
 *     "chat", "generate", "logits", "tokenize", "template", "request", "device.cpu", "device.ref",
 *     "input.text" */
ERATO_API int32_t erato_has_feature(const char* name, size_t name_bytes);

ERATO_CLOSE

#endif /* ERATO_VERSION_H_ */
