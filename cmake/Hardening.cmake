# What the compiler can add at no measurable cost. FORTIFY_SOURCE needs glibc; musl has no checked variants.
add_library(caisson_hardening INTERFACE)
target_compile_options(caisson_hardening INTERFACE -fstack-protector-strong -fno-omit-frame-pointer
  -ffunction-sections -fdata-sections                # the linker drops what is not used
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)           # the same binary from every folder
if(NOT CAISSON_SANITIZE)
  target_compile_options(caisson_hardening INTERFACE
    -fstack-clash-protection $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-ftrivial-auto-var-init=zero>)
endif()
target_compile_definitions(caisson_hardening INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(caisson_hardening INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
