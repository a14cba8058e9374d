/* Preloaded, it makes a model on a slow disk: each read from a place in a file takes a while. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

typedef ssize_t (*pread_fn)(int, void*, size_t, off_t);

static ssize_t slowly(const char* name, int file, void* to, size_t bytes, off_t from) {
  static const struct timespec kWhile = {0, 100 * 1000 * 1000};
  void* symbol = dlsym(RTLD_NEXT, name);
  pread_fn real = NULL;
  memcpy(&real, &symbol, sizeof real); /* C has no cast from an object to a function */
  nanosleep(&kWhile, NULL);
  return real(file, to, bytes, from);
}

ssize_t pread(int file, void* to, size_t bytes, off_t from) {
  return slowly("pread", file, to, bytes, from);
}

ssize_t pread64(int file, void* to, size_t bytes, off_t from) {
  return slowly("pread64", file, to, bytes, from);
}
