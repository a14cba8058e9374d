/* Sessions: a chat with a model, and its history.
 *
 * A session belongs to one caller at a time: a second one meanwhile gets BUSY, and so does every
 * call while an answer's stream is not at its end. It may be freed before or after its model and
 * its streams. */
#ifndef ERATO_SESSION_H_
#define ERATO_SESSION_H_

#include "erato/stream.h"

ERATO_OPEN

typedef struct erato_session erato_session;

typedef int32_t erato_role;
enum {
  ERATO_ROLE_SYSTEM = 1,
  ERATO_ROLE_USER = 2,
  ERATO_ROLE_ASSISTANT = 3,
  ERATO_ROLE_TOOL = 4,
  ERATO_ROLE_DEVELOPER = 5 /* the system's where the template knows no developer */
};

/* options: of kind SESSION, or null. UNSUPPORTED where the model has no tokenizer, or neither it
 * nor the options have a template. */
ERATO_API erato_status erato_session_create(const erato_model* model, const erato_options* options,
                                            erato_session** session, erato_error** error);
ERATO_API void erato_session_free(erato_session* session); /* null is fine */

/* Adds a message of one text. What it says is content: no control token can come of it.
 * INVALID_UTF8 with the byte offset. */
ERATO_API erato_status erato_session_add_text(erato_session* session, erato_role role,
                                              const char* text, size_t text_bytes,
                                              erato_error** error);

/* ---- Messages of several parts ---- */

typedef struct erato_message erato_message;
ERATO_API erato_status erato_message_create(erato_role role, erato_message** message,
                                            erato_error** error);
ERATO_API void erato_message_free(erato_message* message); /* null is fine */
/* trusted != 0: this text may spell control tokens. Never for what a user typed. */
ERATO_API erato_status erato_message_add_text(erato_message* message, const char* text,
                                              size_t text_bytes, int32_t trusted,
                                              erato_error** error);
/* An encoded image (PNG, JPEG, …) or sound (WAV, FLAC, …), copied. */
ERATO_API erato_status erato_message_add_image(erato_message* message, const void* data,
                                               size_t data_bytes, erato_error** error);
ERATO_API erato_status erato_message_add_audio(erato_message* message, const void* data,
                                               size_t data_bytes, erato_error** error);
/* Copies the message into the history. UNSUPPORTED, naming the modality, where the model has no ear
 * or eye for a part. */
ERATO_API erato_status erato_session_add_message(erato_session* session,
                                                 const erato_message* message, erato_error** error);

/* ---- Asking ---- */

/* Asks the model for the next message. options: of kind GENERATE, or null. When the stream ends,
 * for whatever reason, or is freed, what it gave out joins the history as the assistant's message
 * (an empty one does not). CONTEXT_FULL, with both counts, before any work where the chat does not
 * fit; nothing is ever cut. */
ERATO_API erato_status erato_session_answer(erato_session* session, const erato_options* options,
                                            erato_stream** stream, erato_error** error);

/* ---- History ---- */

/* JSON for the host to keep, the system message included: [{"role": "user", "content": "…"}, …] */
ERATO_API erato_status erato_session_history(erato_session* session, erato_text** json,
                                             erato_error** error);
/* Replaces the history; also takes content as an array of {"type": "text", "text": …} and further
 * keys that the template understands (name, tool_calls, tool_call_id, …). INVALID_ARGUMENT leaves
 * the history as it was. */
ERATO_API erato_status erato_session_set_history(erato_session* session, const char* json,
                                                 size_t json_bytes, erato_error** error);
/* Sets, replaces or ("" or null) drops the system message at the begin of the history. */
ERATO_API erato_status erato_session_set_system(erato_session* session, const char* text,
                                                size_t text_bytes, erato_error** error);
/* Drops the last message; NOT_FOUND where there is none. */
ERATO_API erato_status erato_session_remove_last(erato_session* session, erato_error** error);
/* Drops all messages but the system message. */
ERATO_API erato_status erato_session_clear(erato_session* session, erato_error** error);
/* Tokens of the history as the next answer would read them. */
ERATO_API erato_status erato_session_count_tokens(erato_session* session, size_t* count,
                                                  erato_error** error);

ERATO_CLOSE

#endif /* ERATO_SESSION_H_ */
