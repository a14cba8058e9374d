// The table of the instruction set that the including unit is compiled for.

namespace erato::cpu::ERATO_CPU_ISA {
namespace {

constexpr Kernels kTable = {ERATO_CPU_NAME, kStripRows, V::kUnsignedBytes, Strip,   RoundRow,
                            Norm,           AddScaled,  ActivateRow,       SoftCap, RotateHalf,
                            ToHalf,         Attend,     AttendRows};

}  // namespace
}  // namespace erato::cpu::ERATO_CPU_ISA
