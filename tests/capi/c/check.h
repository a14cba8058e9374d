/* The smallest test frame that plain C needs. */
#ifndef ERATO_TESTS_CAPI_C_CHECK_H_
#define ERATO_TESTS_CAPI_C_CHECK_H_

#include <erato/erato.h>
#include <string.h>

void check_at(int ok, const char* what, const char* file, int line);
#define CHECK(condition) check_at((condition), #condition, __FILE__, __LINE__)

/* The call gives `wanted`, an error object of the same status with a message if that is one of an
 * error, and none else. */
#define CHECK_STATUS(wanted, call)                                     \
  do {                                                                 \
    erato_error* error = NULL;                                         \
    erato_status got_ = (call);                                        \
    check_status_at((wanted), got_, error, #call, __FILE__, __LINE__); \
    erato_error_free(error);                                           \
  } while (0)
#define CHECK_OK(call) CHECK_STATUS(ERATO_OK, call)
void check_status_at(erato_status wanted, erato_status got, const erato_error* error,
                     const char* what, const char* file, int line);

/* The text has the part; takes the text. */
void check_text_has(erato_text* text, const char* part, const char* file, int line);
#define CHECK_TEXT_HAS(text, part) check_text_has((text), (part), __FILE__, __LINE__)

extern const char kAnswer[];   /* what the tiny model says in chats */
extern const char* tiny_path;  /* the tiny model */
extern const char* plain_path; /* one without tokenizer */
extern const char* self_path;  /* a file that is no model */

/* The folder of a tiny encoder (tiny_encoder.h), borrowed until the next call; and the model, with
 * the scalar device. */
const char* encoder_path(const char* name);
erato_model* load_encoder(const char* name);

/* Loads the tiny model with the scalar device, which has no threads. */
erato_model* load_tiny(void);
erato_session* new_session(const erato_model* model);
erato_options* greedy(void);
/* Everything a stream gives until it is not OK; *status is what it ended with. Frees nothing.
 * buffer: 4096 bytes. */
char* drain(erato_stream* stream, char* buffer, erato_status* status);

void test_errors(void);
void test_options(void);
void test_models(void);
void test_loading(void);
void test_text(void);
void test_encodings(void);
void test_streams(void);
void test_sessions(void);
void test_reasoning(void);
void test_json(void);
void test_hooks(void);
void test_allocator(void);
void test_nulls(void);
void test_vectors(void);
void test_embed(void);
void test_rerank(void);
void test_classify(void);

#endif
