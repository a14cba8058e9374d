/* options.h */
#include <math.h>

#include "check.h"

/* Every key of a kind: name and back, default within bounds, one below and one above refused. */
static void check_number(erato_options* options, erato_option key) {
  int64_t least, greatest, value, kept;
  CHECK_OK(erato_option_bounds_int(key, &least, &greatest, &error));
  CHECK_OK(erato_options_get_int(options, key, &value, &error));
  CHECK(least <= value && value <= greatest);
  CHECK_OK(erato_options_set_int(options, key, least, &error));
  CHECK_OK(erato_options_set_int(options, key, greatest, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_options_set_int(options, key, least - 1, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_options_set_int(options, key, greatest + 1, &error));
  CHECK_OK(erato_options_get_int(options, key, &kept, &error));
  CHECK(kept == greatest);
  CHECK_OK(erato_options_reset(options, key, &error));
  CHECK_OK(erato_options_get_int(options, key, &kept, &error));
  CHECK(kept == value);
}

static void check_float(erato_options* options, erato_option key) {
  double least, greatest, value;
  CHECK_OK(erato_option_bounds_float(key, &least, &greatest, &error));
  CHECK_OK(erato_options_get_float(options, key, &value, &error));
  CHECK(least <= value && value <= greatest);
  CHECK_OK(erato_options_set_float(options, key, least, &error));
  CHECK_OK(erato_options_set_float(options, key, greatest, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_options_set_float(options, key, least - 0.5, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_float(options, key, greatest + 0.5, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT, erato_options_set_float(options, key, NAN, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_int(options, key, 1, &error)); /* another type */
}

static void check_text(erato_options* options, erato_option key) {
  const char* text;
  size_t bytes;
  CHECK_OK(erato_options_get_text(options, key, 0, &text, &bytes, &error));
  if (erato_option_choices(key) != NULL) {
    CHECK_STATUS(ERATO_INVALID_ARGUMENT,
                 erato_options_set_text(options, key, "no such", 7, &error));
    CHECK_OK(erato_options_set_text(options, key, text, bytes, &error));
  }
  CHECK_STATUS(ERATO_INVALID_UTF8, erato_options_set_text(options, key, "a\xFF", 2, &error));
}

static void all_of(erato_options_kind kind, size_t expected) {
  erato_options* options = NULL;
  size_t i, count = erato_option_count(kind);
  CHECK(count == expected);
  CHECK_OK(erato_options_create(kind, &options, &error));
  for (i = 0; i < count; ++i) {
    erato_option key = erato_option_at(kind, i), found = 0;
    const char* name = erato_option_name(key);
    CHECK_OK(erato_option_find(kind, name, strlen(name), &found, &error));
    CHECK(found == key);
    CHECK(erato_option_help(key)[0] != '\0');
    switch (erato_option_type_of(key)) {
      case ERATO_OPTION_INT:
        check_number(options, key);
        break;
      case ERATO_OPTION_FLOAT:
        check_float(options, key);
        break;
      case ERATO_OPTION_TEXT:
        check_text(options, key);
        break;
      default:
        break;
    }
  }
  CHECK(erato_option_at(kind, count) == 0);
  erato_options_free(options);
}

static void unknown(void) {
  erato_option key = 5;
  int64_t least, greatest;
  CHECK(erato_option_count(9) == 0 && erato_option_name(999) == NULL &&
        erato_option_help(999) == NULL);
  CHECK(erato_option_type_of(999) == 0 && erato_option_choices(999) == NULL);
  CHECK_STATUS(ERATO_NOT_FOUND, erato_option_find(ERATO_OPTIONS_LOAD, "top_k", 5, &key, &error));
  CHECK(key == 5);
  CHECK_STATUS(ERATO_NOT_FOUND, erato_option_bounds_int(999, &least, &greatest, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_option_bounds_int(ERATO_GENERATE_TOP_P, &least, &greatest, &error));
}

static void by_name(erato_options* options) {
  double temperature = 0;
  int32_t flag = 0;
  CHECK_OK(erato_options_set_by_name(options, "temperature", 11, "0.25", 4, &error));
  CHECK_OK(erato_options_get_float(options, ERATO_GENERATE_TEMPERATURE, &temperature, &error));
  CHECK(temperature == 0.25);
  CHECK_OK(erato_options_set_by_name(options, "ignore_end", 10, "true", 4, &error));
  CHECK_OK(erato_options_get_bool(options, ERATO_GENERATE_IGNORE_END, &flag, &error));
  CHECK(flag == 1);
  CHECK_OK(erato_options_set_bool(options, ERATO_GENERATE_IGNORE_END, 0, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_bool(options, ERATO_GENERATE_IGNORE_END, 2, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_by_name(options, "ignore_end", 10, "maybe", 5, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_by_name(options, "temperature", 11, "0,25", 4, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_by_name(options, "top_k", 5, "", 0, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_by_name(options, "top_k", 5, "99999999999999999999", 20, &error));
  CHECK_STATUS(ERATO_NOT_FOUND, erato_options_set_by_name(options, "tempo", 5, "1", 1, &error));
}

static void lists(erato_options* options) {
  const char* text = NULL;
  size_t bytes = 0, i;
  CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_STOP, "one", 3, &error));
  CHECK_OK(erato_options_set_by_name(options, "stop", 4, "two", 3, &error));
  CHECK_OK(erato_options_get_text(options, ERATO_GENERATE_STOP, 1, &text, &bytes, &error));
  CHECK(bytes == 3 && memcmp(text, "two", 3) == 0);
  CHECK_STATUS(ERATO_NOT_FOUND,
               erato_options_get_text(options, ERATO_GENERATE_STOP, 2, &text, &bytes, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_add_text(options, ERATO_GENERATE_STOP, "", 0, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_add_text(options, ERATO_GENERATE_SEED, "x", 1, &error));
  for (i = 2; i < 64; ++i)
    CHECK_OK(erato_options_add_text(options, ERATO_GENERATE_STOP, "x", 1, &error));
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_add_text(options, ERATO_GENERATE_STOP, "x", 1, &error));
  CHECK_OK(erato_options_reset(options, ERATO_GENERATE_STOP, &error));
  CHECK_STATUS(ERATO_NOT_FOUND,
               erato_options_get_text(options, ERATO_GENERATE_STOP, 0, &text, &bytes, &error));
}

void test_options(void) {
  erato_options* options = NULL;
  int64_t value = 0;
  all_of(ERATO_OPTIONS_LOAD, 11);
  all_of(ERATO_OPTIONS_SESSION, 4);
  all_of(ERATO_OPTIONS_GENERATE, 34);
  all_of(ERATO_OPTIONS_READ, 10);
  unknown();
  CHECK_OK(erato_options_create(ERATO_OPTIONS_GENERATE, &options, &error));
  by_name(options);
  lists(options);
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_set_int(options, ERATO_LOAD_THREADS, 1, &error)); /* another kind */
  CHECK_STATUS(ERATO_INVALID_ARGUMENT,
               erato_options_get_int(options, ERATO_GENERATE_STOP, &value, &error));
  erato_options_free(options);
  erato_options_free(NULL);
}
