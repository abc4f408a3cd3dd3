// Reference payload for bench/: exits at once, without a C library, so that a start is measured and not the payload.
// Build: cc -O2 -static -nostdlib -fno-stack-protector true.c -o true
#if defined(__x86_64__)
void _start(void) { __asm__ volatile("mov $60, %eax\n xor %edi, %edi\n syscall"); }
#elif defined(__aarch64__)
void _start(void) { __asm__ volatile("mov x8, #93\n mov x0, #0\n svc #0"); }
#endif
