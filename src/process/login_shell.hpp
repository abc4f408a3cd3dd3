// Which shell starts when no program was named, as util-linux chooses: $SHELL, that of the user's passwd entry, /bin/sh.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caisson::process {

// variable: the value of SHELL, empty when there is none; passwd: the text of /etc/passwd.
std::string login_shell(std::string_view variable, std::string_view passwd, std::uint32_t uid);
// "-bash" for /bin/bash: by its dash a shell knows that it begins a session and reads its profile.
std::string login_name(std::string_view shell);

}  // namespace caisson::process
