/* A flag by which one thread stops what others do. */
#ifndef ERATO_CANCEL_H_
#define ERATO_CANCEL_H_

#include "erato/options.h"

ERATO_OPEN

typedef struct erato_cancel erato_cancel;
ERATO_API erato_status erato_cancel_create(erato_cancel** cancel, erato_error** error);
/* Calls at work whose options hold this flag end with CANCELLED soon, later ones at once, until it is lowered. Any
 * thread, a signal handler too; null is fine. */
ERATO_API void erato_cancel_raise(erato_cancel* cancel);
ERATO_API void erato_cancel_lower(erato_cancel* cancel);
/* Options and calls that hold it keep what they need. Null is fine. */
ERATO_API void erato_cancel_free(erato_cancel* cancel);

/* Lets calls with these options be stopped by the flag; null takes it away again. Options of kind READ; loads and
 * streams have a cancel call of their own. */
ERATO_API erato_status erato_options_set_cancel(erato_options* options, const erato_cancel* cancel,
                                                erato_error** error);

ERATO_CLOSE

#endif /* ERATO_CANCEL_H_ */
