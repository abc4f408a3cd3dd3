// The forms of what the monitor writes: the head of a log line, as Kubernetes has them (time, stream, F for a whole line or P
// for a piece of one), and the exit record. Freestanding and pure, so that tests see the very same code.
#pragma once

#include <stdint.h>

#include "base/calendar.hpp"

namespace caisson::launch {

inline constexpr char kStreamNames[2][7] = {"stdout", "stderr"};
// "2026-01-02T03:04:05.123456789+00:00 stdout F "
inline constexpr int kLogHeadSize = 45;
// "run 12 code 0 signal 0 at 1767322800 123456789\n", padded with blanks: one write that replaces the last one.
inline constexpr int kExitRecordSize = 96;

constexpr char* put_digits(char* out, uint64_t number, int width) {
  for (int i = width - 1; i >= 0; --i, number /= 10) out[i] = static_cast<char>('0' + number % 10);
  return out + width;
}

constexpr char* put_text(char* out, const char* text) {
  while (*text != 0) *out++ = *text++;
  return out;
}

constexpr char* put_number(char* out, uint64_t number) {
  int width = 1;
  for (uint64_t rest = number; rest >= 10; rest /= 10) ++width;
  return put_digits(out, number, width);
}

// Years 1970 to 9999.
constexpr char* put_time(char* out, int64_t seconds, int64_t nanoseconds) {
  const int64_t of_day = seconds % 86400;
  const calendar::Date date = calendar::date_of(seconds / 86400);
  out = put_digits(out, static_cast<uint64_t>(date.year), 4);
  *out++ = '-';
  out = put_digits(out, static_cast<uint64_t>(date.month), 2);
  *out++ = '-';
  out = put_digits(out, static_cast<uint64_t>(date.day), 2);
  *out++ = 'T';
  out = put_digits(out, static_cast<uint64_t>(of_day / 3600), 2);
  *out++ = ':';
  out = put_digits(out, static_cast<uint64_t>(of_day / 60 % 60), 2);
  *out++ = ':';
  out = put_digits(out, static_cast<uint64_t>(of_day % 60), 2);
  *out++ = '.';
  out = put_digits(out, static_cast<uint64_t>(nanoseconds), 9);
  return put_text(out, "+00:00");
}

// stream: 0 or 1; tag: 'F' or 'P'. kLogHeadSize bytes.
constexpr void put_log_head(char* out, int64_t seconds, int64_t nanoseconds, int stream, char tag) {
  out = put_time(out, seconds, nanoseconds);
  *out++ = ' ';
  out = put_text(out, kStreamNames[stream]);
  *out++ = ' ';
  *out++ = tag;
  *out++ = ' ';
}

struct ExitRecord {
  uint32_t run = 0;
  int32_t code = 0, signal = 0;  // signal: 0 when the process ended by itself
  int64_t seconds = 0, nanoseconds = 0;
};

// kExitRecordSize bytes.
constexpr void put_exit_record(char* out, const ExitRecord& record) {
  char* const begin = out;
  out = put_number(put_text(out, "run "), record.run);
  out = put_number(put_text(out, " code "), static_cast<uint64_t>(record.code));
  out = put_number(put_text(out, " signal "), static_cast<uint64_t>(record.signal));
  out = put_number(put_text(out, " at "), static_cast<uint64_t>(record.seconds));
  *out++ = ' ';
  out = put_digits(out, static_cast<uint64_t>(record.nanoseconds), 9);
  while (out < begin + kExitRecordSize - 1) *out++ = ' ';
  *out = '\n';
}

}  // namespace caisson::launch
