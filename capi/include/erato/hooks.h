/* The hook of the process: a log. Erato is silent until a host says otherwise. */
#ifndef ERATO_HOOKS_H_
#define ERATO_HOOKS_H_

#include "erato/status.h"

ERATO_OPEN

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
 * at work may still use the former one until they return, so keep its user_data that long. Any
 * thread. */
ERATO_API erato_status erato_set_log(erato_log_fn log, erato_log_level most, void* user_data,
                                     erato_error** error);

ERATO_CLOSE

#endif /* ERATO_HOOKS_H_ */
