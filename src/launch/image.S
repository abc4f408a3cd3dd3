/* The ELF files of the freestanding programs, as bytes. */
    .section .rodata.caisson_images, "a", %progbits
    .balign 16
    .globl caisson_trampoline_begin
    .globl caisson_trampoline_end
caisson_trampoline_begin:
    .incbin CAISSON_TRAMPOLINE
caisson_trampoline_end:
    .byte 0
    .balign 16
    .globl caisson_supervisor_begin
    .globl caisson_supervisor_end
caisson_supervisor_begin:
    .incbin CAISSON_SUPERVISOR
caisson_supervisor_end:
    .byte 0
    .balign 16
    .globl caisson_monitor_begin
    .globl caisson_monitor_end
caisson_monitor_begin:
    .incbin CAISSON_MONITOR
caisson_monitor_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
