/* Text and tokens: a model's tokenizer and chat template. UNSUPPORTED ("missing tokenizer") where a
 * model came without. */
#ifndef ERATO_TEXT_H_
#define ERATO_TEXT_H_

#include "erato/model.h"

ERATO_OPEN

/* Flags, added up. */
enum {
  ERATO_TEXT_PLAIN = 0,       /* the text's own tokens: none added, none of them control */
  ERATO_TEXT_ADD_SPECIAL = 1, /* begin- and end-of-text tokens as the model asks for them */
  ERATO_TEXT_TRUSTED = 2,     /* what spells a control token ("<|im_end|>") becomes that one */
  ERATO_TEXT_SHOW_SPECIAL = 4 /* from ids: control tokens are spelled out */
};

/* INVALID_UTF8 with the byte offset. */
ERATO_API erato_status erato_model_tokenize(const erato_model* model, const char* text,
                                            size_t text_bytes, int32_t flags, erato_ids** ids,
                                            erato_error** error);
ERATO_API erato_status erato_model_count_tokens(const erato_model* model, const char* text,
                                                size_t text_bytes, int32_t flags, size_t* count,
                                                erato_error** error);
/* Bytes that are not UTF-8 become U+FFFD. INVALID_ARGUMENT where an id is not in the vocabulary. */
ERATO_API erato_status erato_model_detokenize(const erato_model* model, const int32_t* ids,
                                              size_t count, int32_t flags, erato_text** text,
                                              erato_error** error);
/* The bytes of one id as they are: perhaps not whole code points. */
ERATO_API erato_status erato_model_piece(const erato_model* model, int32_t id, int32_t flags,
                                         erato_text** bytes, erato_error** error);

/* Writes a chat with the model's template. json: an object {"messages": […], "tools"?,
 * "add_generation_prompt"? (default false), …}: every key becomes a variable of the template;
 * bos_token and eos_token are the model's unless given. UNSUPPORTED where the model has no
 * template; LIMIT where the template works or writes too much. */
ERATO_API erato_status erato_model_render(const erato_model* model, const char* json,
                                          size_t json_bytes, erato_text** text,
                                          erato_error** error);
/* The same with the caller's template and no model. */
ERATO_API erato_status erato_template_render(const char* source, size_t source_bytes,
                                             const char* json, size_t json_bytes, erato_text** text,
                                             erato_error** error);
/* The tokens that a session or request would feed for this chat: scaffold may hold control tokens,
 * content may not. */
ERATO_API erato_status erato_model_render_ids(const erato_model* model, const char* json,
                                              size_t json_bytes, erato_ids** ids,
                                              erato_error** error);

ERATO_CLOSE

#endif /* ERATO_TEXT_H_ */
