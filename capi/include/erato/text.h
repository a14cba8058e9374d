/* Text and tokens: a model's tokenizer and chat template. UNSUPPORTED ("missing tokenizer") where a
 * model came without. A model that is loaded with task = text has these and nothing else: no
 * weights are read, and a folder need not have any. */
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
/* The same with the caller's template, a source or the name of a built-in one, and no model. */
ERATO_API erato_status erato_template_render(const char* source, size_t source_bytes,
                                             const char* json, size_t json_bytes, erato_text** text,
                                             erato_error** error);
/* The tokens that a session or request would feed for this chat: scaffold may hold control tokens,
 * content may not. */
ERATO_API erato_status erato_model_render_ids(const erato_model* model, const char* json,
                                              size_t json_bytes, erato_ids** ids,
                                              erato_error** error);

/* The tokens of a chat, without keeping them. */
ERATO_API erato_status erato_model_count_chat_tokens(const erato_model* model, const char* json,
                                                     size_t json_bytes, size_t* count,
                                                     erato_error** error);

/* ---- Text with its tokens and where each is from. Immutable: any thread may read it. ---- */

typedef struct erato_encoding erato_encoding;
ERATO_API erato_status erato_model_encode(const erato_model* model, const char* text,
                                          size_t text_bytes, int32_t flags,
                                          erato_encoding** encoding, erato_error** error);
/* A text in parts: words go on across their borders. part_flags: of each part PLAIN or TRUSTED;
 * flags: PLAIN or ADD_SPECIAL. A marker becomes a control token only where it lies in trusted parts
 * as a whole. */
ERATO_API erato_status erato_model_encode_parts(const erato_model* model, size_t parts,
                                                const char* const* texts, const size_t* text_bytes,
                                                const int32_t* part_flags, int32_t flags,
                                                erato_encoding** encoding, erato_error** error);
/* erato_model_render and erato_model_render_ids in one. */
ERATO_API erato_status erato_model_encode_chat(const erato_model* model, const char* json,
                                               size_t json_bytes, erato_encoding** encoding,
                                               erato_error** error);
/* The whole text: parts joined, a chat written out. Never null; a NUL follows it. */
ERATO_API const char* erato_encoding_text(const erato_encoding* encoding, size_t* text_bytes);
/* Null only when empty. */
ERATO_API const int32_t* erato_encoding_ids(const erato_encoding* encoding, size_t* count);
/* Two numbers a token: the bytes [begin, end) of the text that it stands for; equal where it stands
 * for none, as what is added at the ends. count: of tokens; 0 where the tokenizer has rewritten the
 * text and keeps no account of it. */
ERATO_API const uint64_t* erato_encoding_offsets(const erato_encoding* encoding, size_t* count);
/* Two numbers a span: where it ends in the text, and its origin: 1 for a template's own text and
 * trusted parts, 0 for content. The spans make up the text. count: of spans. */
ERATO_API const uint64_t* erato_encoding_spans(const erato_encoding* encoding, size_t* count);
ERATO_API void erato_encoding_free(erato_encoding* encoding);

/* ---- Ids to text as they come. For one caller at a time, else BUSY. ---- */

typedef struct erato_decoder erato_decoder;
/* flags: PLAIN or SHOW_SPECIAL. */
ERATO_API erato_status erato_decoder_create(const erato_model* model, int32_t flags,
                                            erato_decoder** decoder, erato_error** error);
/* What all pieces make up together is erato_model_detokenize's text. INVALID_ARGUMENT where an id
 * is not in the vocabulary: then none was taken. */
ERATO_API erato_status erato_decoder_push(erato_decoder* decoder, const int32_t* ids, size_t count,
                                          erato_error** error);
/* At the text's end: bytes that wait for more become U+FFFD. What is pushed after it begins a text.
 */
ERATO_API erato_status erato_decoder_finish(erato_decoder* decoder, erato_error** error);
/* What the last push or finish added: whole code points, perhaps none. Borrowed until the next one;
 * never null; a NUL follows it. */
ERATO_API const char* erato_decoder_piece(const erato_decoder* decoder, size_t* text_bytes);
ERATO_API void erato_decoder_free(erato_decoder* decoder);

ERATO_CLOSE

#endif /* ERATO_TEXT_H_ */
