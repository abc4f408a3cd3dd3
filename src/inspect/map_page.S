/* The parts of the page that map_html() puts together, as bytes. */
    .macro part name, file
    .globl caisson_map_page_\name\()_begin
    .globl caisson_map_page_\name\()_end
caisson_map_page_\name\()_begin:
    .incbin "\file"
caisson_map_page_\name\()_end:
    .byte 0
    .endm

    .section .rodata.caisson_map_page, "a", %progbits
    part html, page.html
    part css, page.css
    part js, page.js
    .section .note.GNU-stack, "", %progbits
