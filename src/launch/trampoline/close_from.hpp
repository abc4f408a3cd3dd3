// Really closes, and does not only mark, what is open from one descriptor on. A filter that is loaded already need not allow
// close_range(2), and kernels before 5.9 lack it: then one after the other, a thousand behind the first, or behind what is
// kept. All but what this program was given or has made was closed when it was executed.
#pragma once

#include <stdint.h>

namespace caisson::launch {

// kept stays open if it is among them.
void close_from(uint32_t first, uint32_t kept);

}  // namespace caisson::launch
