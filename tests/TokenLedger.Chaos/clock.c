// SPDX-License-Identifier: Apache-2.0
// A wrong wall clock for one process: loaded with LD_PRELOAD, it adds the milliseconds that stand in the file
// TOKENLEDGER_CLOCK (8 bytes, native order, read anew at every call) to CLOCK_REALTIME. Other clocks go on.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile long *offset_ms;

__attribute__((constructor)) static void map_offset(void) {
  const char *path = getenv("TOKENLEDGER_CLOCK");
  int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    _exit(97);
  }

  void *mapped = mmap(NULL, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) {
    _exit(98);
  }

  offset_ms = mapped;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && offset_ms != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    long nanoseconds = now->tv_nsec + (*offset_ms % 1000) * 1000000;
    now->tv_sec += *offset_ms / 1000;
    if (nanoseconds < 0) {
      nanoseconds += 1000000000;
      now->tv_sec--;
    } else if (nanoseconds >= 1000000000) {
      nanoseconds -= 1000000000;
      now->tv_sec++;
    }

    now->tv_nsec = nanoseconds;
  }

  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec precise;
  int result = clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return result;
}

time_t time(time_t *now) {
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  if (now != NULL) {
    *now = precise.tv_sec;
  }

  return precise.tv_sec;
}
