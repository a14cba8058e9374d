/* Erato: AI inference for any program, behind one C library.
 *
 * Rules that hold everywhere
 *  1. Objects are opaque. What comes through `T **` belongs to the caller, who frees it with
 * erato_T_free; what is returned as a pointer is borrowed. Free accepts null, and any order of
 * freeing is fine: children keep what they need of parents.
 *  2. Every call that can fail returns erato_status; ERATO_OK is 0. Details go to an optional last
 * `erato_error **`. On failure nothing else was written and nothing needs cleaning (status.h).
 *  3. Text is UTF-8, pointer and length in bytes; a length of 0 allows a null pointer. Only paths
 * and names that Erato itself returns end in NUL.
 *  4. Threads: calls on a const handle may run at the same time. A handle that is not const belongs
 * to one caller at a time; sessions and streams answer BUSY where that is broken, other objects are
 * the caller's care.
 *  5. Erato never prints, never ends the process, reads no environment variable, leaves signals,
 * locale, floating-point mode and working directory alone, and needs no start or shutdown call.
 *  6. After fork() the child may free what the parent made (nothing happens) and every other call
 * on it is FORKED; objects made in the child work. */
#ifndef ERATO_ERATO_H_
#define ERATO_ERATO_H_

#include "erato/cancel.h"
#include "erato/classify.h"
#include "erato/embed.h"
#include "erato/hooks.h"
#include "erato/json.h"
#include "erato/model.h"
#include "erato/options.h"
#include "erato/rerank.h"
#include "erato/session.h"
#include "erato/status.h"
#include "erato/stream.h"
#include "erato/text.h"
#include "erato/values.h"
#include "erato/vectors.h"
#include "erato/version.h"

#endif /* ERATO_ERATO_H_ */
