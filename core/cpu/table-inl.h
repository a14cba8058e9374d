// The table of the instruction set that the including unit is compiled for.

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

#ifdef ERATO_CPU_BF16
constexpr auto kRoundRowBf16 = RoundRowBf16;
#else
constexpr decltype(Kernels::round_row_bf16) kRoundRowBf16 = nullptr;
#endif

constexpr Kernels kTable = {
    ERATO_CPU_NAME, kStripRows, V::kUnsignedBytes, Strip,  RoundRow, kRoundRowBf16, Norm, AddScaled,
    ActivateRow,    SoftCap,    RotateHalf,        ToHalf, Attend,   AttendRows};

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
