// The completion files of the shells: each only asks the program itself what may follow (complete.hpp), so they do not change
// with its options. The files in completions/ are this function's output, checked by a test.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace caisson::app {

enum class Shell : std::uint8_t { Bash, Zsh, Fish };

// faces: other programs whose names the program may be called by; completed only where that name is a link to it.
std::string completion_script(Shell shell, std::string_view program, std::span<const std::string_view> faces = {});

}  // namespace caisson::app
