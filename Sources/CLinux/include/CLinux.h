// What Glibc's Swift module map leaves out, plus macros and variadics that Swift cannot import. No logic.
// <sys/socket.h> stays out on purpose: including it here would take SOCK_STREAM and its kin away from files that
// import only Glibc.
#pragma once
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>

/// accept4(2) with SOCK_NONBLOCK | SOCK_CLOEXEC: a file descriptor, or -1 with errno set.
int wc_accept(int listener);

/// prctl(PR_SET_NAME) for the calling thread; the kernel keeps 15 bytes.
int wc_name_thread(const char *name);

/// How many processors sched_getaffinity(2) allows this process, or -1 with errno set.
int wc_allowed_processors(void);

/// prctl(PR_SET_PDEATHSIG): the calling process gets `signal` when its parent ends.
int wc_die_with_parent(int signal);
