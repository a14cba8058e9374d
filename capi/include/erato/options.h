/* Options: opaque objects with typed setters by key. A null options object means the defaults.
 *
 * Every key belongs to one kind, has a name, a type, a default and bounds; all of it can be asked
 * for, so that a program can build its own option table. A call copies what it needs: an options
 * object may be changed or freed right after. */
#ifndef ERATO_OPTIONS_H_
#define ERATO_OPTIONS_H_

#include "erato/status.h"

ERATO_OPEN

typedef struct erato_options erato_options;

typedef int32_t erato_options_kind;
enum {
  ERATO_OPTIONS_LOAD = 1,
  ERATO_OPTIONS_SESSION = 2,
  ERATO_OPTIONS_GENERATE = 3,
  ERATO_OPTIONS_READ = 4 /* embedding, reranking, classification */
};

typedef int32_t erato_option_type;
enum {
  ERATO_OPTION_INT = 1,   /* int64_t */
  ERATO_OPTION_FLOAT = 2, /* double */
  ERATO_OPTION_BOOL = 3,  /* int32_t, 0 or 1 */
  ERATO_OPTION_TEXT = 4,  /* UTF-8; some have a list of choices */
  ERATO_OPTION_LIST = 5   /* texts, added one by one */
};

/* Values are never reused or renumbered. In quotes stands the option's name. */
typedef int32_t erato_option;
enum {
  /* Loading. */
  ERATO_LOAD_DEVICE = 100,         /* "device": auto | cpu | ref */
  ERATO_LOAD_ISA = 101,            /* "isa": auto, or a narrower instruction set by name */
  ERATO_LOAD_THREADS = 102,        /* "threads": 0 = one a physical core that we may use */
  ERATO_LOAD_ACCESS = 103,         /* "access": copy (immune to file changes) | map (sees them) */
  ERATO_LOAD_CONTEXT_TOKENS = 104, /* "context_tokens": most of one text; 0 = the model's own */
  ERATO_LOAD_KV_BYTES = 105,       /* "kv_bytes": most memory for keys and values; 0 = as needed */
  ERATO_LOAD_STEP_TOKENS = 106,    /* "step_tokens": of a step; bounds how late a cancel is seen */
  /* "sequences": most answers that get a token in one step, each of which takes a row of logits;
   * 0 = what 16 MiB hold, 4 to 64. */
  ERATO_LOAD_SEQUENCES = 107,
  /* "task": auto (as the files say) | generate | embed (a decoder too makes vectors then) | text
   * (tokenizer and chat template alone: no weights are read). */
  ERATO_LOAD_TASK = 108,
  ERATO_LOAD_WEIGHTS = 109, /* "weights": file | f32 | bf16 | int8: what matrices are kept as */
  /* "template": one in place of the model's own, the name of a built-in one (erato_library_info
   * lists them) or a source. */
  ERATO_LOAD_TEMPLATE = 110,

  /* Sessions. */
  ERATO_SESSION_SYSTEM = 200,    /* "system": text of the system message, "" = none */
  ERATO_SESSION_TEMPLATE = 201,  /* "template": one in place of the model's: name or source */
  ERATO_SESSION_TOOLS = 202,     /* "tools": JSON array, handed to the template */
  ERATO_SESSION_VARIABLES = 203, /* "variables": JSON object of further variables of the template */

  /* Generation: how far. */
  ERATO_GENERATE_MAX_TOKENS = 300,  /* "max_tokens": 0 = as many as the context holds */
  ERATO_GENERATE_MIN_TOKENS = 313,  /* "min_tokens": before these the model cannot end its text */
  ERATO_GENERATE_STOP = 310,        /* "stop": list of texts that end the answer, not given out */
  ERATO_GENERATE_IGNORE_END = 312,  /* "ignore_end": bool, go on where the model would end */
  ERATO_GENERATE_DEADLINE_MS = 311, /* "deadline_ms": milliseconds from the call; 0 = none */
  /* "continue_last": bool, in chats: the answer goes on with the last message, which is the
   * assistant's (or with its thinking, where that was all), in place of a new one. */
  ERATO_GENERATE_CONTINUE_LAST = 333,

  /* Generation: which token. */
  ERATO_GENERATE_SEED = 309,          /* "seed": -1 = another one each time */
  ERATO_GENERATE_TEMPERATURE = 301,   /* "temperature": 0 = greedy */
  ERATO_GENERATE_DYNAMIC_RANGE = 318, /* "dynamic_range": ± to temperature by entropy; 0 = off */
  ERATO_GENERATE_DYNAMIC_EXPONENT = 319, /* "dynamic_exponent" */
  ERATO_GENERATE_TOP_K = 302,            /* "top_k": 0 = off */
  ERATO_GENERATE_TOP_P = 303,            /* "top_p": 1 = off */
  ERATO_GENERATE_MIN_P = 304,            /* "min_p": 0 = off */
  ERATO_GENERATE_TYPICAL_P = 314,        /* "typical_p": 1 = off */
  ERATO_GENERATE_TOP_N_SIGMA = 315,      /* "top_n_sigma": 0 = off */
  ERATO_GENERATE_XTC_PROBABILITY = 316,  /* "xtc_probability": 0 = off */
  ERATO_GENERATE_XTC_THRESHOLD = 317,    /* "xtc_threshold" */
  ERATO_GENERATE_MIROSTAT_TAU = 320,     /* "mirostat_tau": bits of surprise to hold; 0 = off */
  ERATO_GENERATE_MIROSTAT_ETA = 321,     /* "mirostat_eta": how fast it learns */
  /* "sampler_order": names with commas between, the steps to do in this order: penalties, dry,
   * temperature, top_k, top_n_sigma, typical_p, top_p, min_p, xtc; "" = these. Mirostat stands in
   * place of all cuts. */
  ERATO_GENERATE_SAMPLER_ORDER = 329,

  /* Generation: what is not said again, or never. */
  ERATO_GENERATE_REPETITION_PENALTY = 305, /* "repetition_penalty": 1 = off */
  ERATO_GENERATE_PRESENCE_PENALTY = 306,   /* "presence_penalty": 0 = off */
  ERATO_GENERATE_FREQUENCY_PENALTY = 307,  /* "frequency_penalty": 0 = off */
  ERATO_GENERATE_PENALTY_WINDOW = 308,     /* "penalty_window": last tokens they see; 0 = all */
  ERATO_GENERATE_DRY_MULTIPLIER = 322,     /* "dry_multiplier": 0 = off */
  ERATO_GENERATE_DRY_BASE = 323,           /* "dry_base" */
  ERATO_GENERATE_DRY_ALLOWED_LENGTH = 324, /* "dry_allowed_length": tokens that may repeat */
  ERATO_GENERATE_DRY_WINDOW = 325,         /* "dry_window": last tokens that DRY sees; 0 = all */
  ERATO_GENERATE_LOGIT_BIAS = 327,         /* "logit_bias": list of "ID=BIAS", -100 to 100 */
  /* "dry_breakers": list of texts that no repetition reaches across; none given: newline, colon,
   * double quote, asterisk. */
  ERATO_GENERATE_DRY_BREAKERS = 326,
  /* "banned_words": list of texts that the answer never has, whatever tokens spell them. */
  ERATO_GENERATE_BANNED_WORDS = 328,

  /* Generation: what is told. */
  /* "logprobs": this many of the likeliest tokens are told beside each one, with logprobs;
   * -1 = off. */
  ERATO_GENERATE_LOGPROBS = 330,
  /* "prompt_logprobs": the same for the prompt's tokens. */
  ERATO_GENERATE_PROMPT_LOGPROBS = 331,
  /* "reasoning_format": separate (a template's thinking blocks are pieces of their own kind, no
   * part of the answer) | inline (they are text like any other). */
  ERATO_GENERATE_REASONING_FORMAT = 332,

  /* Reading: embedding, reranking, classification. "model" = as the model's files say. */
  ERATO_READ_POOLING = 400,       /* "pooling": model | mean | cls | last | max | none */
  ERATO_READ_NORMALISE = 401,     /* "normalise": model | yes | no: vectors of length 1 */
  ERATO_READ_DIMENSIONS = 402,    /* "dimensions": the first so many values of a vector; 0 = all */
  ERATO_READ_MAX_TOKENS = 405,    /* "max_tokens": of a text or pair, ends included; 0 = as meant */
  ERATO_READ_TRUNCATE = 403,      /* "truncate": none (too long is an error) | end | start */
  ERATO_READ_TRUNCATE_PAIR = 404, /* "truncate_pair": of two texts cut longest | first | second */
  /* "prompt": name of one of the model's own ("query", "document"), put before each text; "" = its
   * default. */
  ERATO_READ_PROMPT = 406,
  ERATO_READ_PREFIX = 407,     /* "prefix": text put before each text in place of a prompt */
  ERATO_READ_SCORES = 408,     /* "scores": of labels: model | raw | softmax | sigmoid */
  ERATO_READ_DEADLINE_MS = 409 /* "deadline_ms": milliseconds from the call; 0 = none */
};

ERATO_API erato_status erato_options_create(erato_options_kind kind, erato_options** options,
                                            erato_error** error);
ERATO_API void erato_options_free(erato_options* options); /* null is fine */

/* ---- Setting and getting ---- */

/* INVALID_ARGUMENT where the key belongs to another kind, has another type, or the value is out of
 * bounds (the message has value and bounds); the option keeps its value. */
ERATO_API erato_status erato_options_set_int(erato_options* options, erato_option key,
                                             int64_t value, erato_error** error);
ERATO_API erato_status erato_options_set_float(erato_options* options, erato_option key,
                                               double value, erato_error** error);
ERATO_API erato_status erato_options_set_bool(erato_options* options, erato_option key,
                                              int32_t value, erato_error** error);
ERATO_API erato_status erato_options_set_text(erato_options* options, erato_option key,
                                              const char* value, size_t value_bytes,
                                              erato_error** error);
ERATO_API erato_status erato_options_add_text(erato_options* options, erato_option key,
                                              const char* value, size_t value_bytes,
                                              erato_error** error);
/* Any type by name, the value written as text: ("temperature", "0.7"), ("stop", "END") adds.
 * NOT_FOUND where no option of this kind has the name. */
ERATO_API erato_status erato_options_set_by_name(erato_options* options, const char* name,
                                                 size_t name_bytes, const char* value,
                                                 size_t value_bytes, erato_error** error);
/* Back to the default. */
ERATO_API erato_status erato_options_reset(erato_options* options, erato_option key,
                                           erato_error** error);

/* Current values: what was set, else the default. Text is borrowed until the option changes. */
ERATO_API erato_status erato_options_get_int(const erato_options* options, erato_option key,
                                             int64_t* value, erato_error** error);
ERATO_API erato_status erato_options_get_float(const erato_options* options, erato_option key,
                                               double* value, erato_error** error);
ERATO_API erato_status erato_options_get_bool(const erato_options* options, erato_option key,
                                              int32_t* value, erato_error** error);
/* index: 0 for a text; which one for a list, NOT_FOUND past its end. */
ERATO_API erato_status erato_options_get_text(const erato_options* options, erato_option key,
                                              size_t index, const char** value, size_t* value_bytes,
                                              erato_error** error);

/* ---- What options there are ---- */

/* Strings are for ever valid; 0, null or NOT_FOUND for what is not there. */
ERATO_API size_t erato_option_count(erato_options_kind kind);
ERATO_API erato_option erato_option_at(erato_options_kind kind, size_t index);
ERATO_API erato_status erato_option_find(erato_options_kind kind, const char* name,
                                         size_t name_bytes, erato_option* key, erato_error** error);
ERATO_API const char* erato_option_name(erato_option key);
ERATO_API const char* erato_option_help(erato_option key); /* one line for people */
ERATO_API erato_option_type erato_option_type_of(erato_option key);
/* Choices of a text option, "auto|cpu|ref"; null where any text is welcome. */
ERATO_API const char* erato_option_choices(erato_option key);
/* Least and greatest value of INT and FLOAT options; for TEXT and LIST the bounds are on the bytes
 * of a text. */
ERATO_API erato_status erato_option_bounds_int(erato_option key, int64_t* least, int64_t* greatest,
                                               erato_error** error);
ERATO_API erato_status erato_option_bounds_float(erato_option key, double* least, double* greatest,
                                                 erato_error** error);

ERATO_CLOSE

#endif /* ERATO_OPTIONS_H_ */
