// Written from the formats that the model makers describe. All of them take messages of system (the
// first), user and assistant, and refuse others; none knows tools or thinking.
#include "tokenizer/template/builtin.h"

#include <string>

#include "tokenizer/message.h"

namespace erato {
namespace {

// A loop over messages that may be of these roles; `text` is the content.
#define LOOP(list, roles)                                         \
  "{%- for m in " list                                            \
  " %}"                                                           \
  "{%- if m.role not in [" roles                                  \
  "] %}{{ raise_exception('[chat] role ' ~ m.role) }}{% endif %}" \
  "{%- set text = m.content or '' %}"                             \
  "{%- if text is not string %}{{ raise_exception('[chat] content that is no text') }}{% endif %}"
#define ANY_ROLE LOOP("messages", "'system', 'user', 'assistant'")
#define END "{%- endfor %}"
#define ASK(text) "{%- if add_generation_prompt %}{{ '" text "' }}{% endif %}"

// Spelt out: a marker is one only where the template writes all of it.
#define ROLE_MARKER \
  "{'system': '<|system|>', 'user': '<|user|>', 'assistant': '<|assistant|>'}[m.role]"

// Formats without a place for a system message put it in front of a user's.
#define SPLIT_SYSTEM                                                     \
  "{%- set with_system = messages and messages[0].role == 'system' %}"   \
  "{%- set system = messages[0].content or '' if with_system else '' %}" \
  "{%- set turns = messages[1:] if with_system else messages %}"
#define TURNS LOOP("turns", "'user', 'assistant'")

constexpr BuiltinTemplate kTemplates[] = {
    {"chatml", "Qwen, SmolLM, Yi, Hermes and all that speak ChatML",
     ANY_ROLE "{{ '<|im_start|>' ~ m.role ~ '\\n' ~ text ~ '<|im_end|>\\n' }}" END ASK(
         "<|im_start|>assistant\\n")},
    {"llama2", "Llama 2",
     SPLIT_SYSTEM TURNS
     "{%- if m.role == 'user' %}{{ bos_token ~ '[INST] ' }}"
     "{%- if loop.first and system %}{{ '<<SYS>>\\n' ~ system ~ '\\n<</SYS>>\\n\\n' }}{% endif %}"
     "{{ text|trim ~ ' [/INST]' }}"
     "{%- else %}{{ ' ' ~ text|trim ~ ' ' ~ eos_token }}{% endif %}" END},
    {"llama3", "Llama 3 to 3.3",
     "{{ bos_token }}" ANY_ROLE
     "{{ '<|start_header_id|>' ~ m.role ~ '<|end_header_id|>\\n\\n' ~ text|trim ~ '<|eot_id|>' "
     "}}" END ASK("<|start_header_id|>assistant<|end_header_id|>\\n\\n")},
    {"gemma", "Gemma 1 to 3",
     "{{ bos_token }}" SPLIT_SYSTEM TURNS
     "{{ '<start_of_turn>' ~ ('model' if m.role == 'assistant' else 'user') ~ '\\n' }}"
     "{%- if loop.first and system %}{{ system ~ '\\n\\n' }}{% endif %}"
     "{{ text|trim ~ '<end_of_turn>\\n' }}" END ASK("<start_of_turn>model\\n")},
    {"mistral", "Mistral with SentencePiece (v0.2, v0.3, Mixtral)",
     "{{ bos_token }}" SPLIT_SYSTEM TURNS "{%- if m.role == 'user' %}"
     "{{ '[INST] ' ~ (system ~ '\\n\\n' if loop.last and system else '') ~ text ~ '[/INST]' }}"
     "{%- else %}{{ ' ' ~ text ~ eos_token }}{% endif %}" END},
    {"mistral-tekken", "Mistral with Tekken (Nemo and later)",
     "{{ bos_token }}" SPLIT_SYSTEM TURNS "{%- if m.role == 'user' %}"
     "{{ '[INST]' ~ (system ~ '\\n\\n' if loop.last and system else '') ~ text ~ '[/INST]' }}"
     "{%- else %}{{ text ~ eos_token }}{% endif %}" END},
    {"phi3", "Phi 3 and 3.5",
     ANY_ROLE "{{ " ROLE_MARKER " ~ '\\n' ~ text ~ '<|end|>\\n' }}" END ASK("<|assistant|>\\n")},
    {"phi4", "Phi 4",
     ANY_ROLE "{{ '<|im_start|>' ~ m.role ~ '<|im_sep|>' ~ text ~ '<|im_end|>' }}" END ASK(
         "<|im_start|>assistant<|im_sep|>")},
    {"zephyr", "Zephyr, TinyLlama, StableLM Zephyr",
     ANY_ROLE "{{ " ROLE_MARKER
              " ~ '\\n' ~ text ~ eos_token ~ '\\n' }}" END ASK("<|assistant|>\\n")},
    {"deepseek", "DeepSeek V2.5, V3, R1",
     "{{ bos_token }}" SPLIT_SYSTEM "{{ system }}" TURNS
     "{%- if m.role == 'user' %}{{ '<｜User｜>' ~ text }}"
     "{%- else %}{{ '<｜Assistant｜>' ~ text ~ eos_token }}{% endif %}" END ASK("<｜Assistant｜>")},
    {"command-r", "Command R and R+, Aya",
     "{{ bos_token }}" ANY_ROLE
     "{{ '<|START_OF_TURN_TOKEN|>' ~ {'system': '<|SYSTEM_TOKEN|>', 'user': '<|USER_TOKEN|>', "
     "'assistant': '<|CHATBOT_TOKEN|>'}[m.role] ~ text|trim ~ '<|END_OF_TURN_TOKEN|>' }}" END ASK(
         "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>")},
    {"granite", "Granite 3",
     ANY_ROLE
     "{{ '<|start_of_role|>' ~ m.role ~ '<|end_of_role|>' ~ text ~ '<|end_of_text|>\\n' }}" END ASK(
         "<|start_of_role|>assistant<|end_of_role|>")},
    {"vicuna", "Vicuna 1.1 and 1.5",
     "{{ bos_token }}" SPLIT_SYSTEM "{% if system %}{{ system ~ ' ' }}{% endif %}" TURNS
     "{%- if m.role == 'user' %}{{ 'USER: ' ~ text ~ ' ' }}"
     "{%- else %}{{ 'ASSISTANT: ' ~ text ~ eos_token }}{% endif %}" END ASK("ASSISTANT:")},
    {"alpaca", "Alpaca and its like",
     "{{ bos_token }}" SPLIT_SYSTEM "{% if system %}{{ system ~ '\\n\\n' }}{% endif %}" TURNS
     "{%- if m.role == 'user' %}{{ '### Instruction:\\n' ~ text ~ '\\n\\n' }}"
     "{%- else %}{{ '### Response:\\n' ~ text ~ eos_token ~ '\\n\\n' }}{% endif %}" END ASK(
         "### Response:\\n")},
};

}  // namespace

absl::Span<const BuiltinTemplate> BuiltinTemplates() { return kTemplates; }

absl::StatusOr<std::string_view> BuiltinOrSource(std::string_view name_or_source) {
  if (name_or_source.empty() || name_or_source.find('{') != std::string_view::npos) {
    return name_or_source;
  }
  std::string names;
  for (const BuiltinTemplate& known : kTemplates) {
    if (known.name == name_or_source) return known.source;
    names.append(names.empty() ? "" : ", ").append(known.name);
  }
  return message::Wrong("[template] name, got ", message::Quoted(name_or_source),
                        ", expected one of ", names, ", or a template");
}

}  // namespace erato
