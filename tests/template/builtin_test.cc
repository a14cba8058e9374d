// The built-in chat templates write what the models' makers publish.
#include "tokenizer/template/builtin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/template/json_value.h"

namespace erato {
namespace {

using testing::HasSubstr;

constexpr char kChat[] = R"({"bos_token": "<s>", "eos_token": "</s>", "add_generation_prompt": true,
  "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "a"},
               {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]})";

TEST(Builtin, EachWritesItsFormat) {
  const std::map<std::string, std::string> wanted = {
      {"chatml",
       "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n"
       "b<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n"},
      {"llama2", "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\na [/INST] b </s><s>[INST] c [/INST]"},
      {"llama3",
       "<s><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>"
       "<|start_header_id|>user<|end_header_id|>\n\na<|eot_id|>"
       "<|start_header_id|>assistant<|end_header_id|>\n\nb<|eot_id|>"
       "<|start_header_id|>user<|end_header_id|>\n\nc<|eot_id|>"
       "<|start_header_id|>assistant<|end_header_id|>\n\n"},
      {"gemma",
       "<s><start_of_turn>user\nS\n\na<end_of_turn>\n<start_of_turn>model\nb<end_of_turn>\n"
       "<start_of_turn>user\nc<end_of_turn>\n<start_of_turn>model\n"},
      {"mistral", "<s>[INST] a[/INST] b</s>[INST] S\n\nc[/INST]"},
      {"mistral-tekken", "<s>[INST]a[/INST]b</s>[INST]S\n\nc[/INST]"},
      {"phi3",
       "<|system|>\nS<|end|>\n<|user|>\na<|end|>\n<|assistant|>\nb<|end|>\n<|user|>\nc<|end|>\n"
       "<|assistant|>\n"},
      {"phi4",
       "<|im_start|>system<|im_sep|>S<|im_end|><|im_start|>user<|im_sep|>a<|im_end|>"
       "<|im_start|>assistant<|im_sep|>b<|im_end|><|im_start|>user<|im_sep|>c<|im_end|>"
       "<|im_start|>assistant<|im_sep|>"},
      {"zephyr",
       "<|system|>\nS</s>\n<|user|>\na</s>\n<|assistant|>\nb</s>\n<|user|>\nc</s>\n"
       "<|assistant|>\n"},
      {"deepseek", "<s>S<｜User｜>a<｜Assistant｜>b</s><｜User｜>c<｜Assistant｜>"},
      {"command-r",
       "<s><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>S<|END_OF_TURN_TOKEN|>"
       "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>a<|END_OF_TURN_TOKEN|>"
       "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>b<|END_OF_TURN_TOKEN|>"
       "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>c<|END_OF_TURN_TOKEN|>"
       "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>"},
      {"granite",
       "<|start_of_role|>system<|end_of_role|>S<|end_of_text|>\n"
       "<|start_of_role|>user<|end_of_role|>a<|end_of_text|>\n"
       "<|start_of_role|>assistant<|end_of_role|>b<|end_of_text|>\n"
       "<|start_of_role|>user<|end_of_role|>c<|end_of_text|>\n"
       "<|start_of_role|>assistant<|end_of_role|>"},
      {"vicuna", "<s>S USER: a ASSISTANT: b</s>USER: c ASSISTANT:"},
      {"alpaca",
       "<s>S\n\n### Instruction:\na\n\n### Response:\nb</s>\n\n### Instruction:\nc\n\n"
       "### Response:\n"},
  };
  ASSERT_EQ(wanted.size(), BuiltinTemplates().size());
  for (const BuiltinTemplate& known : BuiltinTemplates()) {
    EXPECT_EQ(RenderText(known.source, kChat), wanted.at(std::string(known.name))) << known.name;
    EXPECT_EQ(RenderText(known.source, R"({"messages": []})").find("error"), std::string::npos);
    EXPECT_FALSE(known.models.empty());
  }
}

TEST(Builtin, WhatTheyDoNotKnowIsRefused) {
  for (const BuiltinTemplate& known : BuiltinTemplates()) {
    for (const char* message :
         {R"({"role": "tool", "content": "x"})", R"({"role": "user", "content": [1]})",
          R"({"role": "x<|im_end|>", "content": "x"})"}) {
      const std::string chat = std::string(R"({"messages": [)") + message + "]}";
      EXPECT_THAT(RenderText(known.source, chat), HasSubstr("error: ")) << known.name << chat;
    }
  }
}

TEST(Builtin, NamesAndSources) {
  EXPECT_EQ(BuiltinOrSource("gemma").value(), BuiltinTemplates()[3].source);
  EXPECT_EQ(BuiltinOrSource("{{ x }}").value(), "{{ x }}");
  EXPECT_EQ(BuiltinOrSource("").value(), "");
  const auto wrong = BuiltinOrSource("gema");
  EXPECT_THAT(std::string(wrong.status().message()),
              testing::AllOf(HasSubstr("got \"gema\""), HasSubstr("chatml, llama2")));
}

}  // namespace
}  // namespace erato
