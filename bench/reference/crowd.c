// A crowd of sleeping processes in namespaces of their own, to list: crowd PROCESSES NAMESPACES. Groups of processes share one
// new uts, ipc, network and mount namespace each. Says "ready" when all stand, and ends all of them when its input ends.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kinds = 4 };

static void fail(const char *doing) {
  perror(doing);
  exit(1);
}

static void stand(int ready) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (write(ready, "x", 1) != 1) _exit(1);
  close(ready);
  for (;;) pause();
}

// The first of a group makes the namespaces and is the parent of the rest, so that all end with it.
static void stand_as_group(int members, int ready) {
  if (unshare(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS) != 0) fail("unshare");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int i = 1; i < members; ++i) {
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) stand(ready);
  }
  stand(ready);
}

int main(int argc, char **argv) {
  const int processes = argc == 3 ? atoi(argv[1]) : 0, groups = argc == 3 ? atoi(argv[2]) / kinds : 0;
  int pipe_ends[2];
  if (groups < 1 || processes < groups) return fprintf(stderr, "usage: crowd PROCESSES NAMESPACES\n"), 2;
  if (pipe(pipe_ends) != 0) fail("pipe");
  for (int i = 0; i < groups; ++i) {
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) close(pipe_ends[0]);
    if (child == 0) stand_as_group(processes / groups + (i < processes % groups), pipe_ends[1]);
  }
  close(pipe_ends[1]);
  char ready[256];
  long stood = 0, got;
  while (stood < processes && (got = read(pipe_ends[0], ready, sizeof ready)) > 0) stood += got;
  if (stood != processes) return fprintf(stderr, "only %ld of %d processes stand\n", stood, processes), 1;
  puts("ready");
  fflush(stdout);
  while (read(0, ready, sizeof ready) > 0) {
  }
  return 0;
}
