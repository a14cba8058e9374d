/* The hooks of the process: a log, and where large memory comes from. They are for all objects and
 * threads of the process; any thread may set them at any time. */
#ifndef ERATO_HOOKS_H_
#define ERATO_HOOKS_H_

#include "erato/status.h"

ERATO_OPEN

/* ---- Log ---- */

/* Erato is silent until a host says otherwise. */
typedef int32_t erato_log_level;
enum {
  ERATO_LOG_OFF = 0,
  ERATO_LOG_ERROR = 1,
  ERATO_LOG_WARNING = 2,
  ERATO_LOG_INFO = 3,
  ERATO_LOG_DEBUG = 4
};

/* One line without newline, borrowed during the call. Runs on the thread that made the call (or
 * loads aside), so perhaps on several at once; must not call Erato and must not throw: what it
 * throws is dropped. No text of prompts or answers is logged. */
typedef void (*erato_log_fn)(erato_log_level level, const char* message, size_t message_bytes,
                             void* user_data);
/* Lines of `most` or graver go to `log` from now on; null or ERATO_LOG_OFF: silence. Calls that are
 * at work may still use the former one until they return, so keep its user_data that long. */
ERATO_API erato_status erato_set_log(erato_log_fn log, erato_log_level most, void* user_data,
                                     erato_error** error);

/* ---- Memory ---- */

/* Large memory is what grows with models and texts: weights, activations, keys and values, scratch.
 * A host may count it, limit it, or say where it lies. Small objects and results come from C++'s
 * operator new, which a host replaces by defining its own; a file that is mapped (option access) is
 * address space and counts as neither.
 *
 * bytes: more than 0, a multiple of `alignment`. alignment: a power of two, at most 4096. Gives
 * memory that begins at a multiple of it and need not be cleared, or null where there is none: the
 * call that needed it fails with NO_MEMORY, and every object stays usable. An exception, and memory
 * that is not aligned (it is released at once), count as null, and the message says so. */
typedef void* (*erato_allocate_fn)(size_t bytes, size_t alignment, void* user_data);
/* Takes memory back, with the size that was asked for. Must not fail: what it throws is dropped. */
typedef void (*erato_release_fn)(void* memory, size_t bytes, void* user_data);
/* Both run on any thread that calls Erato or works for it, so perhaps on several at once; they must
 * not call Erato and must not longjmp.
 *
 * All large memory comes from `allocate` from now on; both null: from the C library, as at first.
 * Every block goes back through the `release` and to the user_data that were set when it was made:
 * keep them until all models and loads from that time are freed. */
ERATO_API erato_status erato_set_allocator(erato_allocate_fn allocate, erato_release_fn release,
                                           void* user_data, erato_error** error);

ERATO_CLOSE

#endif /* ERATO_HOOKS_H_ */
