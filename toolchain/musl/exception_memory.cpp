// Where thrown objects live: the four functions of libstdc++'s eh_alloc.cc (Itanium C++ ABI: Exception Handling, 2.4.2), on
// our heap. The library's own take 72 KiB for emergencies before main begins: two system calls and five page faults in
// programs that live a few milliseconds and have no emergency that they could outlive.
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>

namespace {

// sizeof(__cxa_refcounted_exception) and sizeof(__cxa_dependent_exception) of GCC's unwind-cxx.h on 64-bit machines; the
// thrown object begins where the header ends.
constexpr std::size_t kHeader = 128;
constexpr std::size_t kDependent = 112;
static_assert(sizeof(void*) == 8, "the sizes are those of 64-bit machines");

void* zeroed(std::size_t size) noexcept {
  void* block = std::calloc(1, size);
  if (block == nullptr) std::terminate();
  return block;
}

}  // namespace

extern "C" {

void* __cxa_allocate_exception(std::size_t thrown) noexcept { return static_cast<char*>(zeroed(thrown + kHeader)) + kHeader; }
void __cxa_free_exception(void* thrown) noexcept { std::free(static_cast<char*>(thrown) - kHeader); }
void* __cxa_allocate_dependent_exception() noexcept { return zeroed(kDependent); }
void __cxa_free_dependent_exception(void* dependent) noexcept { std::free(dependent); }

}  // extern "C"
