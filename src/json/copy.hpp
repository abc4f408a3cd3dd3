// A value of a document, written as it was read: for documents of which only a part is known.
#pragma once

#include "json/document.hpp"
#include "json/writer.hpp"

namespace caisson::json {

// Throws Error(Spec) for a number with a fraction, which no document of ours has.
void copy(const Value& value, Writer& out);

}  // namespace caisson::json
