// A value of a document, written as it was read: for documents of which only a part is known.
#pragma once

#include <span>
#include <string_view>

#include "json/document.hpp"
#include "json/writer.hpp"

namespace caisson::json {

// Throws Error(Spec) for a number with a fraction, which no document of ours has.
void copy(const Value& value, Writer& out);
// Into an open object: every member but those of these names. Nothing for a value that is not present.
void copy_members(const Value& object, Writer& out, std::span<const std::string_view> but);

}  // namespace caisson::json
