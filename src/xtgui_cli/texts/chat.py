"""Texts of the chat."""

TEXTS: dict[str, tuple[str, str]] = {
    "you": ("you", "你"),
    "checkpoint": ("Checkpoint: {name}{why}", "检查点：{name}{why}"),
    "converting": (
        "{name} is not converted yet; converting it first",
        "{name} 尚未转换，先进行转换",
    ),
    "header_tuned": (
        "Chat with {models} · temperature {temperature} · seed {seed}",
        "与 {models} 对话 · 温度 {temperature} · 随机种子 {seed}",
    ),
    "header_base": (
        "Chat with the base model · temperature {temperature} · seed {seed}",
        "与基座模型对话 · 温度 {temperature} · 随机种子 {seed}",
    ),
    "header_compare": (
        "Compare · temperature {temperature} · seed {seed}",
        "并排对比 · 温度 {temperature} · 随机种子 {seed}",
    ),
    "figures": (
        "{tokens} {tokens|token|tokens} · {seconds} s · {speed} tok/s · {stop}",
        "{tokens} token · {seconds} 秒 · {speed} tok/s · {stop}",
    ),
    "stop_stop": ("stop", "结束"),
    "stop_length": ("limit", "上限"),
    "stop_loop": ("stopped: repeating itself", "不断重复，已截断"),
    "stop_cancelled": ("Ctrl-C", "中断"),
    "waiting": ("…", "…"),
    "once_more": (
        " Press Ctrl-C again, Ctrl-D or type /exit to leave the chat.",
        " 再按一次 Ctrl-C，或按 Ctrl-D、输入 /exit 退出对话。",
    ),
    "forgotten": (
        " Conversation cleared. The models remember nothing of it.",
        " 对话已清空，模型不再记得之前的内容。",
    ),
    "system_is": (" System: {system}", " 系统提示：{system}"),
    "system_none": (" No system text.", " 没有系统提示。"),
    "saved": (" Saved to {file}", " 已保存到 {file}"),
    "usage_help": ("/help", "/help"),
    "usage_exit": ("/exit", "/exit"),
    "usage_reset": ("/reset", "/reset"),
    "usage_retry": ("/retry", "/retry"),
    "usage_compare": ("/compare", "/compare"),
    "usage_tuned": ("/tuned", "/tuned"),
    "usage_base": ("/base", "/base"),
    "usage_system": ("/system [TEXT]", "/system [文本]"),
    "usage_set": ("/set [NAME VALUE]", "/set [名称 值]"),
    "usage_save": ("/save FILE", "/save 文件"),
    "help_help": ("show this list", "显示本帮助"),
    "help_exit": ("leave (also Ctrl-D)", "退出（或按 Ctrl-D）"),
    "help_reset": ("clear the conversation", "清空对话历史"),
    "help_retry": (
        "ask the last question again, with another seed",
        "换一个随机种子，重问上一个问题",
    ),
    "help_compare": ("ask both models, answers side by side", "同时问两个模型，并排显示"),
    "help_tuned": ("only the fine-tuned model answers", "只由微调后的模型回答"),
    "help_base": ("only the base model answers", "只由基座模型回答"),
    "help_system": (
        "show the system text, or set it and start over; - for none",
        "查看系统提示，或设置后重新开始；- 表示不用",
    ),
    "help_set": (
        "show or change temperature, top_k, top_p, max_new_tokens, seed …",
        "查看或修改 temperature、top_k、top_p、max_new_tokens、seed 等",
    ),
    "help_save": ("save the conversation to a new file", "把对话保存到新文件"),
    "help_keys": (
        "Ctrl-C stops an answer · Alt-Enter adds a line · ↑ earlier questions",
        "Ctrl-C 中断回答 · Alt-Enter 换行 · ↑ 之前的问题",
    ),
    "command_unknown": ("Unknown command {name}.", "没有 {name} 这个命令。"),
    "command_unknown.hint": ("Type /help to list all commands.", "输入 /help 查看全部命令。"),
    "nothing_to_retry": ("There is no question to repeat yet.", "还没有可以重问的问题。"),
    "no_tuned": (
        "This chat has only the base model. To chat with both, leave it and run: xtgui chat "
        "--compare",
        "当前对话只有基座模型。要同时与两个模型对话，请退出后运行：xtgui chat --compare",
    ),
    "set_unknown": (
        "Unknown setting {name}. Available: {names}",
        "没有设置项 {name}。可用：{names}",
    ),
    "set_wrong": (
        "{name} must be between {low} and {high}, got {value}.",
        "{name} 须在 {low} 到 {high} 之间，当前输入：{value}。",
    ),
    "save_where": ("Name a file: /save FILE", "请写出文件名：/save 文件"),
    "save_exists": ("{file} already exists and was not changed.", "{file} 已存在，没有改动它。"),
    "save_failed": ("Cannot write {file}: {reason}", "无法写入 {file}：{reason}"),
    "too_long": (
        "The conversation has {tokens} {tokens|token|tokens}, but this model supports at most "
        "{limit}.",
        "对话已有 {tokens} 个 token，而这个模型最多支持 {limit} 个。",
    ),
    "too_long.hint": ("Type /reset to start over.", "输入 /reset 重新开始。"),
    "nothing_loaded": ("No model is loaded.", "尚未加载模型。"),
    "no_template": (
        "{file} does not say which prompt template was used in training.",
        "{file} 中没有写明训练所用的提示词模板。",
    ),
    "no_template.hint": (
        "Set it with `xtgui init --step 2`.",
        "请运行 `xtgui init --step 2` 设置。",
    ),
    "prompt_empty": ("The prompt is empty.", "问题为空。"),
    "prompts_unreadable": ("Cannot read {file}: {reason}", "无法读取 {file}：{reason}"),
    "prompts_empty": ("{file} contains no questions.", "{file} 中没有问题。"),
}
