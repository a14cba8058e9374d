// Every table of kernels that can run here.
#ifndef ERATO_TESTS_CPU_TABLES_H_
#define ERATO_TESTS_CPU_TABLES_H_

#include <string>
#include <vector>

#include "core/cpu/isa.h"
#include "gtest/gtest.h"
#include "tests/cpu/emulated.h"

namespace erato::cpu {

inline std::vector<const Kernels*> Tables() {
  std::vector<const Kernels*> tables;
  for (const std::string& name : UsableIsaNames()) tables.push_back(*ChooseKernels(name));
  tables.push_back(EmulatedAvx512Kernels());
  return tables;
}

inline std::string TableName(const testing::TestParamInfo<const Kernels*>& info) {
  std::string name = info.param->name;
  for (char& c : name)
    if (c == ' ') c = '_';
  return name;
}

}  // namespace erato::cpu

#endif  // ERATO_TESTS_CPU_TABLES_H_
