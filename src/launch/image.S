/* The trampoline's ELF file, as bytes. */
    .section .rodata.caisson_trampoline, "a", %progbits
    .balign 16
    .globl caisson_trampoline_begin
    .globl caisson_trampoline_end
caisson_trampoline_begin:
    .incbin CAISSON_TRAMPOLINE
caisson_trampoline_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
