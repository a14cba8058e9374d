/* version.h, status.h */
#include "check.h"

static void names(void) {
  CHECK(strcmp(erato_status_name(ERATO_OK), "OK") == 0);
  CHECK(strcmp(erato_status_name(ERATO_CONTEXT_FULL), "CONTEXT_FULL") == 0);
  CHECK(strcmp(erato_status_name(-7), "UNKNOWN") == 0);
  CHECK(strcmp(erato_status_name(1 << 30), "UNKNOWN") == 0);
  CHECK(erato_status_category(ERATO_END) == ERATO_CATEGORY_NONE);
  CHECK(erato_status_category(ERATO_INVALID_UTF8) == ERATO_CATEGORY_CALLER);
  CHECK(erato_status_category(ERATO_BAD_FILE) == ERATO_CATEGORY_FILE);
  CHECK(erato_status_category(ERATO_NO_MEMORY) == ERATO_CATEGORY_RESOURCE);
  CHECK(erato_status_category(ERATO_CANCELLED) == ERATO_CATEGORY_STOPPED);
  CHECK(erato_status_category(ERATO_NON_FINITE) == ERATO_CATEGORY_FAULT);
}

static void version(void) {
  static const char* const features[] = {"chat",       "generate",   "logits",
                                         "tokenize",   "template",   "request",
                                         "device.cpu", "device.ref", "input.text"};
  size_t i;
  CHECK(erato_version_number() == ERATO_VERSION_NUMBER);
  CHECK(strcmp(erato_version(), "0.1.0") == 0);
  CHECK(erato_has_feature("chat", 4) == 1);
  for (i = 0; i < sizeof features / sizeof *features; ++i) {
    CHECK(erato_has_feature(features[i], strlen(features[i])) == 1);
  }
  CHECK(erato_has_feature("chat", 3) == 0);
  CHECK(erato_has_feature("telepathy", 9) == 0);
  CHECK(erato_has_feature(NULL, 0) == 0);
}

static void null_error(void) {
  size_t bytes = 99;
  CHECK(erato_error_status(NULL) == ERATO_OK);
  CHECK(erato_error_category(NULL) == ERATO_CATEGORY_NONE);
  CHECK(erato_error_retriable(NULL) == 0);
  CHECK(erato_error_message(NULL, &bytes)[0] == '\0' && bytes == 0);
  CHECK(erato_error_parameter(NULL, &bytes)[0] == '\0' && bytes == 0);
  erato_error_free(NULL);
}

static void object(void) {
  erato_error* error = NULL;
  erato_options* options = (erato_options*)&options; /* a sentinel: must stay */
  size_t bytes = 0;
  CHECK(erato_options_create(77, &options, &error) == ERATO_INVALID_ARGUMENT);
  CHECK(options == (erato_options*)&options);
  CHECK(erato_error_status(error) == ERATO_INVALID_ARGUMENT);
  CHECK(erato_error_category(error) == ERATO_CATEGORY_CALLER);
  CHECK(erato_error_retriable(error) == 0);
  CHECK(strstr(erato_error_message(error, &bytes), "got 77") != NULL);
  CHECK(strlen(erato_error_message(error, NULL)) == bytes);
  CHECK(strcmp(erato_error_parameter(error, &bytes), "kind") == 0 && bytes == 4);
  erato_error_free(error);
  CHECK(erato_options_create(77, &options, NULL) == ERATO_INVALID_ARGUMENT); /* error is optional */
}

void test_errors(void) {
  names();
  version();
  null_error();
  object();
}
