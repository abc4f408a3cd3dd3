#include "sys/shared_page.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "sys/call.hpp"

namespace caisson::sys {

SysResult<SharedPage> SharedPage::make() noexcept {
  const long address = call(SYS_mmap, 0, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (address < 0 && address > -4096) return SysResult<SharedPage>::failed(static_cast<int>(-address));
  SharedPage page;
  page.words_ = reinterpret_cast<std::atomic<std::uint32_t>*>(address);
  return page;
}

SharedPage::~SharedPage() {
  if (words_ != nullptr) raw_syscall(SYS_munmap, as_word(words_), kSize);
}

}  // namespace caisson::sys
