add_library(caisson_warnings INTERFACE)
target_compile_options(caisson_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wswitch-enum -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers>
  $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-field-initializers>
  # When it optimises, GCC 12 finds what is not there in the library's strings (GCC bug 105651) and optionals (80635).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict$<SEMICOLON>-Wno-maybe-uninitialized>)
option(CAISSON_WERROR "Treat warnings as errors" ON)
if(CAISSON_WERROR)
  target_compile_options(caisson_warnings INTERFACE -Werror)
endif()
