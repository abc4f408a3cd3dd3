// The end of both programs.
#pragma once

namespace caisson::app {

// Without running destructors of static objects, of which there are none that matter. A build with the address sanitizer looks
// for leaks first, as the end of main would have it do.
[[noreturn]] void end_program(int status) noexcept;

}  // namespace caisson::app
