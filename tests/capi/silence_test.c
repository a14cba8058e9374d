/* silence_test TINY.gguf: nothing is printed, whatever happens; locale, signals, floating-point
 * mode and working directory are not changed, and strange ones change no answer; closed standard
 * files do no harm. Exit status alone tells. */
#define _POSIX_C_SOURCE 200809L
#include <erato/erato.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int failures;
#define CHECK(condition) ((condition) ? (void)0 : (void)++failures)

static const char chat[] =
    "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"temperature\": 0.0, \"top_p\": "
    "0.5}";

static void use(const char* path) {
  erato_model* model = NULL;
  erato_text* text = NULL;
  erato_options* options = NULL;
  double temperature = 0;
  CHECK(erato_model_load(path, NULL, &model, NULL) == ERATO_OK);
  CHECK(erato_model_request(model, chat, strlen(chat), &text, NULL) == ERATO_OK);
  CHECK(strstr(erato_text_data(text, NULL), "Hello world") != NULL);
  erato_text_free(text);
  CHECK(erato_model_request(model, "{", 1, &text, NULL) == ERATO_INVALID_ARGUMENT);
  CHECK(erato_template_render("{{ 1.5 }}", 9, "{}", 2, &text, NULL) == ERATO_OK);
  CHECK(strcmp(erato_text_data(text, NULL), "1.5") == 0); /* no comma */
  erato_text_free(text);
  erato_model_free(model);
  CHECK(erato_model_load("/no/such/file", NULL, &model, NULL) == ERATO_NOT_FOUND);
  CHECK(erato_options_create(ERATO_OPTIONS_GENERATE, &options, NULL) == ERATO_OK);
  CHECK(erato_options_set_by_name(options, "temperature", 11, "0.5", 3, NULL) == ERATO_OK);
  CHECK(erato_options_get_float(options, ERATO_GENERATE_TEMPERATURE, &temperature, NULL) ==
            ERATO_OK &&
        temperature == 0.5);
  erato_options_free(options);
}

static void on_signal(int signal) { (void)signal; }

/* Everything of the host's that a library could touch. */
struct state {
  char folder[1024], locale[256];
  void (*handlers[32])(int);
  int flags[32], blocked[32];
  int rounding;
};

static void look(struct state* state) {
  int signal;
  sigset_t blocked;
  struct sigaction action;
  memset(state, 0, sizeof *state);
  CHECK(getcwd(state->folder, sizeof state->folder) != NULL);
  strncpy(state->locale, setlocale(LC_ALL, NULL), sizeof state->locale - 1);
  CHECK(sigprocmask(SIG_BLOCK, NULL, &blocked) == 0);
  for (signal = 1; signal < 32; ++signal) {
    CHECK(sigaction(signal, NULL, &action) == 0);
    state->handlers[signal] = action.sa_handler;
    state->flags[signal] = action.sa_flags;
    state->blocked[signal] = sigismember(&blocked, signal);
  }
  state->rounding = fegetround();
}

static void use_with_a_host(const char* path) {
  static struct state before, after;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  CHECK(sigaction(SIGPIPE, &action, NULL) == 0 && sigaction(SIGFPE, &action, NULL) == 0);
  CHECK(fesetround(FE_UPWARD) == 0);
  look(&before);
  use(path);
  look(&after);
  CHECK(memcmp(&before, &after, sizeof before) == 0);
  CHECK(after.rounding == FE_UPWARD);
  fesetround(FE_TONEAREST);
}

int main(int argc, char** argv) {
  char name[] = "/tmp/erato-silence-XXXXXX";
  struct stat written;
  int file = mkstemp(name);
  if (argc != 2 || file < 0) return 2;
  setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed */
  dup2(file, 1);
  dup2(file, 2);
  use(argv[1]);
  use_with_a_host(argv[1]);
  CHECK(fstat(file, &written) == 0 && written.st_size == 0);
  unlink(name);
  close(0);
  close(1);
  close(2);
  use(argv[1]);
  return failures != 0;
}
