// Ctrl-C as a request: what is at work ends soon and tidily.
#ifndef ERATO_SAMPLES_SEARCH_INTERRUPT_H_
#define ERATO_SAMPLES_SEARCH_INTERRUPT_H_

#include <erato/erato.hpp>

namespace search {

/// While it lives, SIGINT, SIGTERM and SIGHUP raise a flag; a second one ends the program. One at a
/// time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool raised() const;
  /// The same flag as calls of the library know it.
  const erato::Cancel& cancel() const { return cancel_; }

 private:
  erato::Cancel cancel_;
};

}  // namespace search

#endif  // ERATO_SAMPLES_SEARCH_INTERRUPT_H_
