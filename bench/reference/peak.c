// peak FILE CMD [ARG...]: writes the largest resident set, in KiB, of CMD and of what it waited for (man 2 getrusage) to FILE.
// Tiny and static, because ru_maxrss keeps the peak of the launching process across execve.
// Build: musl-gcc -O2 -static peak.c -o peak
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) { fprintf(stderr, "usage: peak FILE CMD [ARG...]\n"); return 2; }
    pid_t pid = fork();
    if (pid < 0) { perror("fork"); return 125; }
    if (pid == 0) { execv(argv[2], argv + 2); perror(argv[2]); _exit(127); }
    int st;
    struct rusage used;
    if (wait4(pid, &st, 0, &used) < 0) { perror("wait4"); return 125; }
    FILE *out = fopen(argv[1], "w");
    if (!out || fprintf(out, "%ld\n", used.ru_maxrss) < 0 || fclose(out) != 0) { perror(argv[1]); return 125; }
    return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}
