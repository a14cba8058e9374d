/* What every call returns, and the object that says more. */
#ifndef ERATO_STATUS_H_
#define ERATO_STATUS_H_

#include "erato/version.h"

ERATO_OPEN

/* Values are never reused or renumbered. Below 10: no error. */
typedef int32_t erato_status;
enum {
  ERATO_OK = 0,
  ERATO_END = 1,     /* a stream is complete */
  ERATO_PENDING = 2, /* not yet; ask again */

  ERATO_INVALID_ARGUMENT = 10, /* what the caller passed: null, out of bounds, malformed JSON, … */
  ERATO_INVALID_UTF8 = 11,     /* text is not UTF-8; the message names the byte offset */
  ERATO_UNSUPPORTED = 12,      /* understood, but this model or this version cannot do it */
  ERATO_NOT_FOUND = 13,        /* no such file, option or message */
  ERATO_PERMISSION = 14,       /* the file may not be read */
  ERATO_BAD_FILE = 15,         /* the file is not a sound model */
  ERATO_MODEL_CHANGED = 16,    /* a mapped model file was changed under us */

  ERATO_NO_MEMORY = 20,    /* nothing was done; every object is usable */
  ERATO_CONTEXT_FULL = 21, /* more tokens than the context holds; the message has both counts */
  ERATO_LIMIT = 22,        /* a limit on work was hit; the message names it */
  ERATO_BUSY = 23,         /* the object is at work in another call */

  ERATO_CANCELLED = 30,
  ERATO_DEADLINE = 31,
  ERATO_FORKED = 32,          /* the object was made before fork() and this is the child */
  ERATO_CALLBACK_FAILED = 33, /* a callback of the host threw an exception */

  ERATO_NON_FINITE = 40, /* the model computed NaN or infinity */
  ERATO_INTERNAL = 41    /* a fault of Erato: please report */
};

/* Whose matter an error is. */
typedef int32_t erato_category;
enum {
  ERATO_CATEGORY_NONE = 0,
  ERATO_CATEGORY_CALLER = 1,   /* change the call */
  ERATO_CATEGORY_FILE = 2,     /* change the file */
  ERATO_CATEGORY_RESOURCE = 3, /* free something, ask for less, or wait */
  ERATO_CATEGORY_STOPPED = 4,  /* somebody asked for it */
  ERATO_CATEGORY_FAULT = 5     /* model or library */
};

/* Details of one error. Immutable: any thread may read it.
 *
 * The last parameter of calls is an optional `erato_error **error`: null, or where to store a new
 * object that the caller frees. It is written only when the call fails (status 10 or higher); what
 * it held before is not freed. On failure no other out-parameter is touched and nothing needs
 * cleaning. Telling an error never fails, even without memory. */
typedef struct erato_error erato_error;

/* "NOT_FOUND", for ever valid; "UNKNOWN" for values that this version does not know. */
ERATO_API const char* erato_status_name(erato_status status);
ERATO_API erato_category erato_status_category(erato_status status);

/* All accept null: ERATO_OK, ERATO_CATEGORY_NONE, 0, "". */
ERATO_API erato_status erato_error_status(const erato_error* error);
ERATO_API erato_category erato_error_category(const erato_error* error);
/* 1 if the same call may succeed later without a change: NO_MEMORY, BUSY, DEADLINE, CANCELLED. */
ERATO_API int32_t erato_error_retriable(const erato_error* error);
/* "[where] what, got X, expected Y": UTF-8, NUL-terminated, without folders of the host. Borrowed
 * from the error. message_bytes: null, or where to store the length. */
ERATO_API const char* erato_error_message(const erato_error* error, size_t* message_bytes);
/* The name of the parameter, option or JSON field at fault, "" where none is. Borrowed likewise. */
ERATO_API const char* erato_error_parameter(const erato_error* error, size_t* parameter_bytes);
/* Null is fine. */
ERATO_API void erato_error_free(erato_error* error);

ERATO_CLOSE

#endif /* ERATO_STATUS_H_ */
