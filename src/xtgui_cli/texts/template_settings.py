"""Texts about the settings of a custom prompt template; texts/settings.py includes them."""

TEXTS: dict[str, tuple[str, str]] = {
    "template_wrong": (
        "Invalid {field} in the custom prompt template.",
        "自定义提示词模板的 {field} 无效。",
    ),
    "template_wrong.hint": (
        "All fields are text. INSTRUCTION contains {{input}} once and SYSTEM contains {{system}}; "
        "double all other braces. A SUFFIX that ends answers must not be empty.",
        "各字段都是文本：INSTRUCTION 中要有一个 {{input}}，SYSTEM 中要有 {{system}}，"
        "其他花括号要写两遍；用于结束回答的 SUFFIX 不能为空。",
    ),
    "model.template_system": ("Custom template: SYSTEM", "自定义模板：SYSTEM"),
    "model.template_system.help": (
        "For prompt_template = custom: the format of a system text, with {system} in its place.",
        "prompt_template = custom 时使用：系统提示的写法，用 {system} 表示其内容。",
    ),
    "model.template_instruction": ("Custom template: INSTRUCTION", "自定义模板：INSTRUCTION"),
    "model.template_instruction.help": (
        "For prompt_template = custom: the format of a question up to the start of the answer, "
        "with {input} in its place.",
        "prompt_template = custom 时使用：提问的写法，一直写到回答开始之前，"
        "用 {input} 表示其内容。",
    ),
    "model.template_suffix": ("Custom template: SUFFIX", "自定义模板：SUFFIX"),
    "model.template_suffix.help": (
        "For prompt_template = custom: the end of an answer. The model learns to write it.",
        "prompt_template = custom 时使用：回答的结束标记，模型会学着写出它。",
    ),
    "model.template_suffix_as_eos": ("Custom template: SUFFIX_AS_EOS", "自定义模板：SUFFIX_AS_EOS"),
    "model.template_suffix_as_eos.help": (
        "For prompt_template = custom: true if SUFFIX alone ends the answer. Otherwise the "
        "tokenizer's end token follows it.",
        "prompt_template = custom 时使用：为 true 时由 SUFFIX 结束回答，"
        "否则其后再加分词器的结束 token。",
    ),
    "model.template_sep": ("Custom template: SEP", "自定义模板：SEP"),
    "model.template_sep.help": (
        "For prompt_template = custom: the text between two turns, such as a line break.",
        "prompt_template = custom 时使用：两轮对话之间的内容，例如换行。",
    ),
    "model.template_stop_words": ("Custom template: STOP_WORDS", "自定义模板：STOP_WORDS"),
    "model.template_stop_words.help": (
        "For prompt_template = custom: texts that end an answer in chat, usually the SUFFIX.",
        "prompt_template = custom 时使用：对话中遇到这些文本就停止回答，通常就是 SUFFIX。",
    ),
}
