// Reference payload for bench/exec and bench/memory: waits until it is killed, without a C library.
// Build: cc -O2 -static -nostdlib -fno-stack-protector pause.c -o pause
#if defined(__x86_64__)
void _start(void) { __asm__ volatile("1: mov $34, %eax\n syscall\n jmp 1b"); }
#elif defined(__aarch64__)
void _start(void) { __asm__ volatile("1: mov x8, #73\n mov x0, #0\n mov x1, #0\n mov x2, #0\n mov x3, #0\n mov x4, #0\n svc #0\n b 1b"); }
#endif
