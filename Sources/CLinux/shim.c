#define _GNU_SOURCE
#include "CLinux.h"

#include <sched.h>
#include <sys/socket.h>

int wc_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

int wc_name_thread(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int wc_allowed_processors(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

int wc_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0); }
