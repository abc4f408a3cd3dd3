// Included first in every C++ file of a musl build: Debian's libstdc++ headers were configured for glibc and name a few things
// that musl's headers do not have. Only names that headers mention but that we never call are given here; what
// the linked libstdc++ objects need at run time is in gcc_support.c, and tests/lint checks that no others are linked.
#pragma once

// bits/os_defines.h asks for the glibc version with these macros.
#define __GLIBC_PREREQ(major, minor) 1
// bits/c++locale.h; musl calls the same structure locale_t.
#define __locale_t locale_t
// bits/ctype_base.h: masks of glibc's <ctype.h>, used by std::ctype only.
enum {
  _ISblank = 1 << 0,
  _IScntrl = 1 << 1,
  _ISpunct = 1 << 2,
  _ISalnum = 1 << 3,
  _ISupper = 1 << 8,
  _ISlower = 1 << 9,
  _ISalpha = 1 << 10,
  _ISdigit = 1 << 11,
  _ISxdigit = 1 << 12,
  _ISspace = 1 << 13,
  _ISprint = 1 << 14,
  _ISgraph = 1 << 15,
};

#include <bits/c++config.h>
// glibc 2.30 extensions that musl 1.2.3 lacks.
#undef _GLIBCXX_USE_PTHREAD_COND_CLOCKWAIT
#undef _GLIBCXX_USE_PTHREAD_MUTEX_CLOCKLOCK
#undef _GLIBCXX_USE_PTHREAD_RWLOCK_CLOCKLOCK
