// Where rope's numbers stand. GGUF: {arch}.rope.*, and a tensor of divisors in place of llama3's
// four numbers. Hugging Face: rope_parameters since transformers 5, before that rope_theta beside
// rope_scaling.
#include <cmath>
#include <string>

#include "core/base/concat.h"
#include "core/base/status.h"
#include "models/rope.h"

namespace erato {
namespace {

constexpr double kMinBase = 2, kMaxBase = 1e12, kMaxFactor = 1e4, kMaxContext = 1 << 24;

double YarnMagnitude(double factor, double weight) {
  return factor <= 1 ? 1.0 : 0.1 * weight * std::log(factor) + 1;
}

/// The field of a config's rope section: rope_parameters/[section/]field, or rope_scaling/field.
class RopeSection {
 public:
  RopeSection(const Keys& keys, std::string_view section) {
    path_ = keys.Has({"", "rope_parameters"}) ? "rope_parameters/" : "rope_scaling/";
    if (section.empty()) return;
    if (keys.Has({"", Concat("rope_parameters/", section)})) path_ = Concat(path_, section, "/");
  }
  const std::string& operator()(std::string_view field) { return name_ = Concat(path_, field); }

 private:
  std::string path_, name_;
};

absl::Status ReadLlama3(const Keys& keys, RopeSection& at, RopeSpec& spec) {
  spec.scaling = RopeSpec::Scaling::kLlama3;
  ERATO_ASSIGN_OR_RETURN(spec.factor, keys.Float({"", at("factor")}, 1, kMaxFactor));
  ERATO_ASSIGN_OR_RETURN(spec.low_freq, keys.Float({"", at("low_freq_factor")}, 1e-3, 1e3, 1));
  ERATO_ASSIGN_OR_RETURN(spec.high_freq, keys.Float({"", at("high_freq_factor")}, 1e-3, 1e3, 4));
  if (spec.high_freq <= spec.low_freq) {
    return keys.Error({"", at("high_freq_factor")}, spec.high_freq, "more than low_freq_factor");
  }
  ERATO_ASSIGN_OR_RETURN(spec.original_context,
                         keys.Float({"", at("original_max_position_embeddings")}, 1, kMaxContext));
  return absl::OkStatus();
}

absl::Status ReadYarn(const Keys& keys, RopeSection& at, RopeSpec& spec) {
  spec.scaling = RopeSpec::Scaling::kYarn;
  ERATO_ASSIGN_OR_RETURN(const double context,
                         keys.Float({"", "max_position_embeddings"}, 1, kMaxContext, 2048));
  ERATO_ASSIGN_OR_RETURN(
      spec.original_context,
      keys.Float({"", at("original_max_position_embeddings")}, 1, kMaxContext, context));
  ERATO_ASSIGN_OR_RETURN(spec.factor, keys.Float({"", at("factor")}, 1, kMaxFactor,
                                                 std::max(1.0, context / spec.original_context)));
  ERATO_ASSIGN_OR_RETURN(spec.beta_fast, keys.Float({"", at("beta_fast")}, 1e-3, 1e4, 32));
  ERATO_ASSIGN_OR_RETURN(spec.beta_slow, keys.Float({"", at("beta_slow")}, 1e-3, 1e4, 1));
  ERATO_ASSIGN_OR_RETURN(spec.truncate, keys.Bool({"", at("truncate")}, true));
  ERATO_ASSIGN_OR_RETURN(const double m, keys.Float({"", at("mscale")}, 0, 100, 0));
  ERATO_ASSIGN_OR_RETURN(const double all, keys.Float({"", at("mscale_all_dim")}, 0, 100, 0));
  const double magnitude = m > 0 && all > 0
                               ? YarnMagnitude(spec.factor, m) / YarnMagnitude(spec.factor, all)
                               : YarnMagnitude(spec.factor, 1);
  ERATO_ASSIGN_OR_RETURN(spec.magnitude,
                         keys.Float({"", at("attention_factor")}, 1e-3, 1e3, magnitude));
  return absl::OkStatus();
}

absl::StatusOr<RopeSpec> ReadConfig(const Keys& keys, RopeSpec spec, std::string_view section) {
  RopeSection at(keys, section);
  ERATO_ASSIGN_OR_RETURN(const double outer,
                         keys.Float({"", "rope_theta"}, kMinBase, kMaxBase, spec.base));
  ERATO_ASSIGN_OR_RETURN(spec.base, keys.Float({"", at("rope_theta")}, kMinBase, kMaxBase, outer));
  ERATO_ASSIGN_OR_RETURN(const std::string older, keys.String({"", at("type")}, "default"));
  ERATO_ASSIGN_OR_RETURN(const std::string kind, keys.String({"", at("rope_type")}, older));
  absl::Status status;
  if (kind == "llama3") {
    status = ReadLlama3(keys, at, spec);
  } else if (kind == "yarn") {
    status = ReadYarn(keys, at, spec);
  } else if (kind == "linear") {
    spec.scaling = RopeSpec::Scaling::kLinear;
    ERATO_ASSIGN_OR_RETURN(spec.factor, keys.Float({"", at("factor")}, 1e-3, kMaxFactor));
  } else if (kind != "default") {
    status = keys.Error({"", at("rope_type")}, kind, "default, linear, llama3 or yarn");
  }
  if (!status.ok()) return status;
  return spec;
}

/// rope_freqs.weight: one float32 divisor a pair.
absl::Status ReadDivisors(const Keys& keys, RopeSpec& spec) {
  const TensorEntry* entry = keys.files().Find("rope_freqs.weight");
  if (entry == nullptr) return absl::OkStatus();
  if (entry->format != Format::kF32 || entry->rows() != 1 || entry->cols() != spec.pairs) {
    return absl::InvalidArgumentError(Concat("[tensor] rope_freqs.weight, got ",
                                             InfoOf(entry->format).name, " [", entry->rows(), ", ",
                                             entry->cols(), "], expected f32 [", spec.pairs, "]"));
  }
  std::vector<uint8_t> room(entry->bytes);
  ERATO_ASSIGN_OR_RETURN(const uint8_t* bytes,
                         keys.files().Read(*entry, 0, room.size(), room.data()));
  spec.divisors.resize(spec.pairs);
  InfoOf(Format::kF32).decode(bytes, spec.pairs, spec.divisors.data());
  for (float divisor : spec.divisors) {
    if (std::isfinite(divisor) && divisor > 0) continue;
    return absl::InvalidArgumentError(
        Concat("[tensor] rope_freqs.weight, got ", divisor, ", expected positive numbers"));
  }
  return absl::OkStatus();
}

absl::StatusOr<RopeSpec> ReadGguf(const Keys& keys, RopeSpec spec, int64_t head_width) {
  ERATO_ASSIGN_OR_RETURN(spec.base,
                         keys.Float({".rope.freq_base", ""}, kMinBase, kMaxBase, spec.base));
  ERATO_ASSIGN_OR_RETURN(const int64_t turning,
                         keys.Int({".rope.dimension_count", ""}, 2, head_width, head_width));
  spec.pairs = static_cast<int32_t>(turning / 2);
  ERATO_RETURN_IF_ERROR(ReadDivisors(keys, spec));
  ERATO_ASSIGN_OR_RETURN(const double older,
                         keys.Float({".rope.scale_linear", ""}, 1e-3, kMaxFactor, 1));
  ERATO_ASSIGN_OR_RETURN(spec.factor,
                         keys.Float({".rope.scaling.factor", ""}, 0, kMaxFactor, older));
  if (spec.factor == 0) spec.factor = 1;  // some converters write 0 for "none"
  ERATO_ASSIGN_OR_RETURN(const std::string kind, keys.String({".rope.scaling.type", ""},
                                                             spec.factor == 1 ? "none" : "linear"));
  if (kind == "linear") {
    spec.scaling = RopeSpec::Scaling::kLinear;
  } else if (kind == "yarn") {
    spec.scaling = RopeSpec::Scaling::kYarn;
    const Key original = {".rope.scaling.original_context_length", ""};
    ERATO_ASSIGN_OR_RETURN(const double context,
                           keys.Float({".context_length", ""}, 1, kMaxContext, 2048));
    ERATO_ASSIGN_OR_RETURN(spec.original_context, keys.Float(original, 1, kMaxContext, context));
    ERATO_ASSIGN_OR_RETURN(spec.beta_fast,
                           keys.Float({".rope.scaling.yarn_beta_fast", ""}, 1e-3, 1e4, 32));
    ERATO_ASSIGN_OR_RETURN(spec.beta_slow,
                           keys.Float({".rope.scaling.yarn_beta_slow", ""}, 1e-3, 1e4, 1));
    ERATO_ASSIGN_OR_RETURN(const double louder,
                           keys.Float({".rope.scaling.attn_factor", ""}, 1e-3, 1e3, 1));
    spec.magnitude = louder * YarnMagnitude(spec.factor, 1);
  } else if (kind != "none") {
    return keys.Error({".rope.scaling.type", ""}, kind, "none, linear or yarn");
  }
  return spec;
}

}  // namespace

absl::StatusOr<RopeSpec> ReadRope(const Keys& keys, int64_t head_width, double default_base,
                                  std::string_view section) {
  RopeSpec spec;
  spec.base = default_base;
  spec.pairs = static_cast<int32_t>(head_width / 2);
  if (keys.is_gguf()) return ReadGguf(keys, spec, head_width);
  return ReadConfig(keys, spec, section);
}

}  // namespace erato
