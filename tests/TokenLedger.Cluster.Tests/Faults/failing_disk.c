// SPDX-License-Identifier: Apache-2.0
// A disk that fails on demand, under a real process: preloaded, it lets the calls through until the file
// TL_FAULT_TRIGGER exists, and then fails those on files whose path contains TL_FAULT_PATH. TL_FAULT_CALL is
// "sync" or "write".
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(const char *call, int fd) {
  const char *wanted = getenv("TL_FAULT_CALL");
  const char *trigger = getenv("TL_FAULT_TRIGGER");
  const char *part = getenv("TL_FAULT_PATH");
  char link[64];
  char path[PATH_MAX];
  ssize_t length;
  if (!wanted || !trigger || !part || strcmp(wanted, call) != 0 || access(trigger, F_OK) != 0) {
    return 0;
  }
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink(link, path, sizeof path - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = '\0';
  return strstr(path, part) != NULL;
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (fails("sync", fd)) {
    errno = EIO;
    return -1;
  }
  if (!real) {
    real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  }
  return real(fd);
}

int fsync(int fd) {
  static int (*real)(int);
  if (fails("sync", fd)) {
    errno = EIO;
    return -1;
  }
  if (!real) {
    real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  }
  return real(fd);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (fails("write", fd)) {
    errno = EIO;
    return -1;
  }
  if (!real) {
    real = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  }
  return real(fd, bytes, count);
}
