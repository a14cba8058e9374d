// Dates for strftime_now. The calendar is computed here: gmtime and strftime depend on the
// process's locale and zone. Days to dates: Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms" (civil_from_days).
#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "tokenizer/template/concat.h"
#include "tokenizer/template/globals.h"

namespace erato {
namespace {

constexpr int64_t kSecondsPerDay = 86400;

struct Civil {
  int64_t year, month, day, hour, minute, second, weekday, year_day;  // weekday 0 = Sunday
};

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool IsLeap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

Civil CivilOf(int64_t unix_seconds) {
  // About ±10^11 years of what an int64 could say are cut to ±10^7.
  unix_seconds = std::clamp<int64_t>(unix_seconds, -315'576'000'000'000, 315'576'000'000'000);
  const int64_t days = FloorDivide(unix_seconds, kSecondsPerDay);
  const int64_t second = unix_seconds - days * kSecondsPerDay;
  const int64_t shifted = days + 719'468;  // days since 0000-03-01
  const int64_t era = FloorDivide(shifted, 146'097);
  const int64_t era_day = shifted - era * 146'097;
  const int64_t era_year = (era_day - era_day / 1460 + era_day / 36'524 - era_day / 146'096) / 365;
  const int64_t march_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
  const int64_t march_month = (5 * march_day + 2) / 153;
  Civil c;
  c.day = march_day - (153 * march_month + 2) / 5 + 1;
  c.month = march_month < 10 ? march_month + 3 : march_month - 9;
  c.year = era_year + era * 400 + (c.month <= 2 ? 1 : 0);
  c.hour = second / 3600;
  c.minute = second / 60 % 60;
  c.second = second % 60;
  c.weekday = ((days + 4) % 7 + 7) % 7;
  static constexpr std::array<int64_t, 12> kBefore = {0,   31,  59,  90,  120, 151,
                                                      181, 212, 243, 273, 304, 334};
  c.year_day =
      kBefore[static_cast<size_t>(c.month - 1)] + c.day + (c.month > 2 && IsLeap(c.year) ? 1 : 0);
  return c;
}

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// One directive; false where it is unknown. `pads` is false after %-.
bool AppendDirective(const Civil& c, int64_t unix_seconds, char directive, bool pads,
                     std::string& out) {
  const auto number = [&](int64_t value, int width, char fill = '0') {
    std::string digits = Concat(value);
    if (pads && static_cast<int>(digits.size()) < width) {
      digits.insert(0, static_cast<size_t>(width) - digits.size(), fill);
    }
    out += digits;
  };
  const auto all = [&](std::string_view directives) {
    for (const char d : directives) {
      if (d >= 'A' && d != ' ') {
        AppendDirective(c, unix_seconds, d, true, out);
      } else {
        out += d;
      }
    }
  };
  const std::string_view day = kDays[static_cast<size_t>(c.weekday)];
  const std::string_view month = kMonths[static_cast<size_t>(c.month - 1)];
  const int64_t hour12 = c.hour % 12 == 0 ? 12 : c.hour % 12;
  const int64_t monday_based = (c.weekday + 6) % 7;
  switch (directive) {
    case 'a':
      out += day.substr(0, 3);
      break;
    case 'A':
      out += day;
      break;
    case 'b':
    case 'h':
      out += month.substr(0, 3);
      break;
    case 'B':
      out += month;
      break;
    case 'c':
      all("a b ");
      number(c.day, 2, ' ');
      all(" H:M:S Y");
      break;
    case 'C':
      number(c.year / 100, 2);
      break;
    case 'd':
      number(c.day, 2);
      break;
    case 'D':
    case 'x':
      all("m/d/y");
      break;
    case 'e':
      number(c.day, 2, ' ');
      break;
    case 'f':
      out += "000000";
      break;
    case 'F':
      all("Y-m-d");
      break;
    case 'H':
      number(c.hour, 2);
      break;
    case 'I':
      number(hour12, 2);
      break;
    case 'j':
      number(c.year_day, 3);
      break;
    case 'k':
      number(c.hour, 2, ' ');
      break;
    case 'l':
      number(hour12, 2, ' ');
      break;
    case 'm':
      number(c.month, 2);
      break;
    case 'M':
      number(c.minute, 2);
      break;
    case 'n':
      out += '\n';
      break;
    case 'p':
      out += c.hour < 12 ? "AM" : "PM";
      break;
    case 'P':
      out += c.hour < 12 ? "am" : "pm";
      break;
    case 'r':
      all("I:M:S p");
      break;
    case 'R':
      all("H:M");
      break;
    case 's':
      AppendPieces(&out, unix_seconds);
      break;
    case 'S':
      number(c.second, 2);
      break;
    case 't':
      out += '\t';
      break;
    case 'T':
    case 'X':
      all("H:M:S");
      break;
    case 'u':
      number(c.weekday == 0 ? 7 : c.weekday, 1);
      break;
    case 'U':
      number((c.year_day - 1 + 7 - c.weekday) / 7, 2);
      break;
    case 'w':
      number(c.weekday, 1);
      break;
    case 'W':
      number((c.year_day - 1 + 7 - monday_based) / 7, 2);
      break;
    case 'y':
      number(((c.year % 100) + 100) % 100, 2);
      break;
    case 'Y':
      AppendPieces(&out, c.year);
      break;
    case 'z':
    case 'Z':
      break;  // Python's naive times have none
    case '%':
      out += '%';
      break;
    default:
      return false;
  }
  return true;
}

}  // namespace

std::string FormatTime(Run& run, const std::string& format, int64_t unix_seconds) {
  const Civil civil = CivilOf(unix_seconds);
  std::string out;
  for (size_t at = 0; at < format.size() && run.Spend(1); ++at) {
    if (format[at] != '%' || at + 1 == format.size()) {
      out += format[at];
      continue;
    }
    bool pads = true;
    if (format[at + 1] == '-' && at + 2 < format.size()) {
      pads = false;
      ++at;
    }
    if (!AppendDirective(civil, unix_seconds, format[++at], pads, out)) {
      run.Fail(
          Concat("strftime_now directive, got %", format.substr(at, 1), ", expected a known one"));
    }
  }
  return out;
}

}  // namespace erato
