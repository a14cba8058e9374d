/* A chat with a model, in plain C: cc chat.c $(pkg-config --cflags --libs erato) -o chat && ./chat
 * model.gguf */
#include <erato/erato.h>
#include <stdio.h>
#include <string.h>

static int fail(erato_error* error) {
  fprintf(stderr, "chat: %s\n", erato_error_message(error, NULL));
  erato_error_free(error);
  return 1;
}

/* Prints the answer piece by piece; a piece is always whole characters. */
static int print_answer(erato_session* chat, erato_error** error) {
  erato_stream* answer;
  erato_status status;
  if (erato_session_answer(chat, NULL, &answer, error)) return 1;
  while ((status = erato_stream_advance(answer, error)) == ERATO_OK) {
    size_t bytes;
    const char* piece = erato_stream_piece(answer, &bytes);
    fwrite(piece, 1, bytes, stdout);
    fflush(stdout);
  }
  putchar('\n');
  erato_stream_free(answer); /* what was said is in the session's history now */
  return status != ERATO_END;
}

static int talk(erato_session* chat, erato_error** error) {
  char line[4096];
  while (fputs("> ", stdout), fflush(stdout), fgets(line, sizeof line, stdin) != NULL) {
    size_t bytes = strcspn(line, "\n");
    if (bytes == 0) continue;
    if (erato_session_add_text(chat, ERATO_ROLE_USER, line, bytes, error)) return 1;
    if (print_answer(chat, error)) return 1;
  }
  putchar('\n');
  return 0;
}

int main(int argc, char** argv) {
  erato_error* error = NULL;
  erato_model* model;
  erato_session* chat;
  int failed;
  if (argc != 2) {
    fprintf(stderr, "usage: chat MODEL\n");
    return 2;
  }
  if (erato_model_load(argv[1], NULL, &model, &error)) return fail(error); /* NULL: defaults */
  if (erato_session_create(model, NULL, &chat, &error)) {
    erato_model_free(model);
    return fail(error);
  }
  failed = talk(chat, &error);
  erato_session_free(chat); /* in any order: the session holds on to its model */
  erato_model_free(model);
  return failed ? fail(error) : 0;
}
