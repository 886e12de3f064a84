"""Texts about the settings of a custom prompt template; texts/settings.py takes them in."""

TEXTS: dict[str, tuple[str, str]] = {
    "template_wrong": (
        "{field} of the custom prompt template is not right.",
        "自定义对话模板的 {field} 不正确。",
    ),
    "template_wrong.hint": (
        "All fields are texts. INSTRUCTION holds {{input}} once, SYSTEM {{system}}; other braces "
        "are doubled. A SUFFIX that ends answers must not be empty.",
        "各字段都是文本：INSTRUCTION 中要有 {{input}}，SYSTEM 中要有 {{system}}，"
        "其他花括号要写两遍；"
        "用于结束回答的 SUFFIX 不能为空。",
    ),
    "model.template_system": ("Custom template: SYSTEM", "自定义模板：SYSTEM"),
    "model.template_system.help": (
        "With prompt_template = custom: how a system text is written, {system} in its place.",
        "prompt_template = custom 时使用：系统提示的写法，用 {system} 表示其内容。",
    ),
    "model.template_instruction": ("Custom template: INSTRUCTION", "自定义模板：INSTRUCTION"),
    "model.template_instruction.help": (
        "With prompt_template = custom: how a question is written, {input} in its place, up to "
        "where the answer begins.",
        "prompt_template = custom 时使用：提问的写法，用 {input} 表示其内容，"
        "一直写到回答开始之前。",
    ),
    "model.template_suffix": ("Custom template: SUFFIX", "自定义模板：SUFFIX"),
    "model.template_suffix.help": (
        "With prompt_template = custom: what ends an answer. The model learns to write it.",
        "prompt_template = custom 时使用：回答的结束标记，模型会学着写出它。",
    ),
    "model.template_suffix_as_eos": (
        "Custom template: SUFFIX_AS_EOS",
        "自定义模板：SUFFIX_AS_EOS",
    ),
    "model.template_suffix_as_eos.help": (
        "With prompt_template = custom: true where SUFFIX ends the answer by itself; otherwise "
        "the tokenizer's end token follows it.",
        "prompt_template = custom 时使用：为 true 时由 SUFFIX 结束回答，"
        "否则其后再加分词器的结束符。",
    ),
    "model.template_sep": ("Custom template: SEP", "自定义模板：SEP"),
    "model.template_sep.help": (
        "With prompt_template = custom: what stands between two turns, such as a line break.",
        "prompt_template = custom 时使用：两轮对话之间的内容，例如换行。",
    ),
    "model.template_stop_words": ("Custom template: STOP_WORDS", "自定义模板：STOP_WORDS"),
    "model.template_stop_words.help": (
        "With prompt_template = custom: texts at which a chat stops, mostly the SUFFIX.",
        "prompt_template = custom 时使用：对话时遇到即停止的文本，通常就是 SUFFIX。",
    ),
}
