// Packing and the matrix kernels of every table, for every weight format, against sums in double
// over what the format's own codec decodes and what the rounded rows say.
#include <cmath>
#include <random>
#include <vector>

#include "core/base/half.h"
#include "core/cpu/scratch.h"
#include "core/cpu/weight.h"
#include "tests/cpu/tables.h"

namespace erato::cpu {
namespace {

struct Source {
  std::vector<uint8_t> bytes;
  HostTensor tensor;
  std::vector<float> values;  // as the format decodes them
};

Source RandomTensor(std::mt19937& random, Format format, int64_t rows, int64_t cols,
                    float loudness) {
  const FormatInfo& info = InfoOf(format);
  std::normal_distribution<float> normal(0, loudness);
  Source source;
  source.values.resize(static_cast<size_t>(rows * cols));
  for (float& v : source.values) v = normal(random);
  const auto row_bytes = static_cast<size_t>(BytesOf(format, cols));
  source.bytes.resize(row_bytes * static_cast<size_t>(rows));
  for (int64_t r = 0; r < rows; r++) {
    uint8_t* row = source.bytes.data() + static_cast<size_t>(r) * row_bytes;
    info.encode(&source.values[static_cast<size_t>(r * cols)], cols, row);
    info.decode(row, cols, &source.values[static_cast<size_t>(r * cols)]);
  }
  source.tensor = {format, rows, cols, source.bytes.data(), row_bytes, false};
  return source;
}

/// n rows of activations in the form that the weight wants, and what they then stand for.
struct Rows {
  std::vector<uint8_t> bytes;
  size_t stride = 0;
  std::vector<double> values;
};

Rows RandomRows(std::mt19937& random, const Kernels& kernels, Form form, int64_t n, int64_t cols) {
  std::normal_distribution<float> normal(0, 1);
  Rows rows;
  const auto values = static_cast<size_t>(cols);
  rows.stride = form == Form::kRounded ? RoundUp(RoundedRowBytes(values), 64)
                : form == Form::kBf16  ? RoundUp(values * sizeof(uint16_t), 64)
                                       : values * sizeof(float);
  rows.bytes.resize(rows.stride * static_cast<size_t>(n));
  std::vector<float> x(static_cast<size_t>(cols));
  for (int64_t t = 0; t < n; t++) {
    for (float& v : x) v = normal(random);
    uint8_t* to = rows.bytes.data() + static_cast<size_t>(t) * rows.stride;
    if (form == Form::kRounded) {
      kernels.round_row(x.data(), cols, to, nullptr);
      const float* scale = reinterpret_cast<const float*>(to + cols);
      for (int64_t k = 0; k < cols; k++)
        rows.values.push_back(double{scale[k / 32]} * static_cast<int8_t>(to[k]));
    } else if (form == Form::kBf16) {
      uint16_t* row = reinterpret_cast<uint16_t*>(to);
      kernels.round_row_bf16(x.data(), cols, row, nullptr);
      for (int64_t k = 0; k < cols; k++) rows.values.push_back(Bf16ToFloat(row[k]));
    } else {
      std::copy(x.begin(), x.end(), reinterpret_cast<float*>(to));
      rows.values.insert(rows.values.end(), x.begin(), x.end());
    }
  }
  return rows;
}

class Strips : public testing::TestWithParam<const Kernels*> {
 protected:
  std::vector<float> Product(const CpuWeight& w, const Rows& in, int64_t n) {
    const Matrix& m = w.matrix;
    std::vector<float> out(static_cast<size_t>(n * w.rows)),
        tile(static_cast<size_t>(n * m.strip_rows));
    std::vector<uint8_t> scratch(
        StripScratchBytes(static_cast<size_t>(m.cols), static_cast<size_t>(m.strip_rows)) + 64);
    uint8_t* aligned =
        scratch.data() + (64 - reinterpret_cast<uintptr_t>(scratch.data()) % 64) % 64;
    for (int64_t s = 0; s < m.strips; s++) {
      GetParam()->strip(m, s, in.bytes.data(), in.stride, n, tile.data(), aligned);
      for (int64_t t = 0; t < n; t++)
        for (int64_t r = 0; r < m.strip_rows && s * m.strip_rows + r < w.rows; r++)
          out[static_cast<size_t>(t * w.rows + s * m.strip_rows + r)] =
              tile[static_cast<size_t>(t * m.strip_rows + r)];
    }
    return out;
  }
};

TEST_P(Strips, EqualTheSumsOfEveryFormat) {
  const Kernels& kernels = *GetParam();
  std::mt19937 random(1);
  Team team(2);
  for (const Format format : AllFormats()) {
    const int64_t block = InfoOf(format).block_values;
    for (const int64_t out : {int64_t{1}, int64_t{17}, int64_t{2 * kernels.strip_rows}}) {
      const int64_t cols = block == 1 ? 45 : block * (block == 32 ? 3 : 1);
      const Source source = RandomTensor(random, format, out, cols, 0.05f);
      const auto weight = PackMatrix(source.tensor, kernels, team);
      ASSERT_TRUE(weight.ok()) << weight.status();
      for (const int64_t n : {1, 2, 3, 4, 5, 8, 13, 33}) {
        const Rows in = RandomRows(random, kernels, (*weight)->form(), n, cols);
        const std::vector<float> got = Product(**weight, in, n);
        for (int64_t t = 0; t < n; t++)
          for (int64_t r = 0; r < out; r++) {
            double sum = 0, size = 0;
            for (int64_t k = 0; k < cols; k++) {
              const double term = source.values[static_cast<size_t>(r * cols + k)] *
                                  in.values[static_cast<size_t>(t * cols + k)];
              sum += term;
              size += term * term;
            }
            // Scales that are products of two (blocks of 256) are rounded to 11 bits; the rest is
            // float32.
            const double tolerance = (block == 256 ? 4e-3 : 4e-6) * std::sqrt(size) + 1e-9;
            ASSERT_NEAR(got[static_cast<size_t>(t * out + r)], sum, tolerance)
                << InfoOf(format).name << " row " << r << " of " << out << ", " << t << " of " << n;
          }
      }
    }
  }
}

TEST_P(Strips, DoNotDependOnTheRowsBeside) {
  const Kernels& kernels = *GetParam();
  std::mt19937 random(2);
  Team team(1);
  for (const Format format : AllFormats()) {
    const int64_t block = InfoOf(format).block_values, cols = block == 1 ? 40 : block * 2;
    const Source source = RandomTensor(random, format, 20, cols, 1);
    const auto weight = PackMatrix(source.tensor, kernels, team);
    ASSERT_TRUE(weight.ok());
    const Rows in = RandomRows(random, kernels, (*weight)->form(), 11, cols);
    const std::vector<float> all = Product(**weight, in, 11);
    for (int64_t t = 0; t < 11; t++) {
      Rows one = in;
      one.bytes.erase(one.bytes.begin(), one.bytes.begin() + static_cast<int64_t>(in.stride) * t);
      const std::vector<float> alone = Product(**weight, one, 1);
      for (size_t r = 0; r < 20; r++)
        ASSERT_EQ(alone[r], all[static_cast<size_t>(t) * 20 + r]) << InfoOf(format).name;
    }
  }
}

TEST_P(Strips, RowsReadBackAsTheFormatDecodesThem) {
  const Kernels& kernels = *GetParam();
  std::mt19937 random(3);
  Team team(2);
  for (const Format format : AllFormats()) {
    const int64_t block = InfoOf(format).block_values, cols = block == 1 ? 7 : block;
    for (const float loudness : {1e-6f, 1.0f, 1e4f}) {
      const Source source = RandomTensor(random, format, 37, cols, loudness);
      const auto weight = PackMatrix(source.tensor, kernels, team);
      ASSERT_TRUE(weight.ok());
      std::vector<float> row(static_cast<size_t>(cols));
      for (int64_t r = 0; r < 37; r++) {
        (*weight)->ReadRow(r, kernels.unsigned_bytes, row.data());
        float top = 0;
        for (int64_t k = 0; k < cols; k++)
          top = std::max(top, std::fabs(source.values[static_cast<size_t>(r * cols + k)]));
        for (size_t k = 0; k < row.size(); k++) {
          const float expected = source.values[static_cast<size_t>(r * cols) + k];
          // Blocks of 256 have products of two scales, the others are kept to the bit.
          if (block == 256) {
            ASSERT_NEAR(row[k], expected, 1e-3f * top) << InfoOf(format).name << loudness;
          } else {
            ASSERT_EQ(row[k], expected) << InfoOf(format).name << loudness;
          }
        }
      }
    }
  }
}

TEST_P(Strips, TransposedFloats) {
  const Kernels& kernels = *GetParam();
  std::mt19937 random(4);
  Team team(1);
  for (const Format format : {Format::kF32, Format::kF16, Format::kBF16}) {
    const Source source = RandomTensor(random, format, 11, 50, 1);  // stored [cols 11, rows 50]
    HostTensor tensor = source.tensor;
    tensor.rows = 50;
    tensor.cols = 11;
    tensor.transposed = true;
    const auto weight = PackMatrix(tensor, kernels, team);
    ASSERT_TRUE(weight.ok());
    std::vector<float> row(11);
    for (int64_t r = 0; r < 50; r++) {
      (*weight)->ReadRow(r, kernels.unsigned_bytes, row.data());
      for (int64_t k = 0; k < 11; k++)
        ASSERT_EQ(row[static_cast<size_t>(k)], source.values[static_cast<size_t>(k * 50 + r)]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Strips, testing::ValuesIn(Tables()), TableName);

}  // namespace
}  // namespace erato::cpu
