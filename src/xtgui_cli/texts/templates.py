"""Texts about xtuner's prompt templates; the name of a template is the key of its use."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("xtuner's prompt templates", "xtuner 的提示词模板"),
    "count": ("{count} {count|template|templates}", "共 {count} 个"),
    "see_one": (
        "xtgui templates NAME shows how a template formats a conversation.",
        "xtgui templates 名称：查看该模板怎样写出一段对话。",
    ),
    "legend": (
        "The model learns to write the text in {begin}...{end}; {newline} is a line break; BOS "
        "and EOS are the tokenizer's own.",
        "{begin}...{end} 之间是模型要学会写出的内容；{newline} 表示换行；BOS 和 EOS 由分词器决定。",
    ),
    "no_system": ("This template has no place for a system text.", "该模板没有系统提示的位置。"),
    "bos_again": (
        "Each turn ends with EOS, and the next one starts with BOS again if the model has one.",
        "每轮以 EOS 结束；如果模型有 BOS，下一轮会重新以 BOS 开头。",
    ),
    "system": ("You are a friendly guide.", "你是一位友好的向导。"),
    "question_1": ("Where is Shanghai?", "上海在哪里？"),
    "answer_1": ("On the east coast of China.", "在中国东部沿海。"),
    "question_2": ("Is it large?", "它大吗？"),
    "answer_2": ("Yes, very.", "是的，非常大。"),
    "default": (
        "base models without chat tokens: InternLM, InternLM2, Baichuan, Qwen, Yi, LLaMA-1",
        "没有对话标记的基座模型：InternLM、InternLM2、Baichuan、Qwen、Yi、LLaMA-1",
    ),
    "zephyr": ("Zephyr 7B beta", "Zephyr 7B beta 模型"),
    "internlm_chat": ("InternLM-Chat, first version", "第一代 InternLM-Chat"),
    "internlm2_chat": ("InternLM2-Chat, InternLM2.5-Chat", "InternLM2-Chat、InternLM2.5-Chat"),
    "moss_sft": ("the MOSS plugin data", "MOSS 插件数据"),
    "llama2_chat": (
        "Llama 2 (formats the system text differently from Meta)",
        "Llama 2（系统提示的写法与 Meta 官方不同）",
    ),
    "code_llama_chat": ("Code Llama Instruct", "Code Llama Instruct 模型"),
    "chatglm2": ("ChatGLM2 (numbers its turns)", "ChatGLM2（带轮次编号）"),
    "chatglm3": ("ChatGLM3", "ChatGLM3 模型"),
    "qwen_chat": (
        "ChatML: Qwen-Chat, Qwen1.5, Qwen2, Qwen2.5, SmolLM2, Yi-1.5-Chat",
        "ChatML 格式：Qwen-Chat、Qwen1.5、Qwen2、Qwen2.5、SmolLM2、Yi-1.5-Chat",
    ),
    "baichuan_chat": ("Baichuan-13B-Chat", "Baichuan-13B-Chat 模型"),
    "baichuan2_chat": ("Baichuan2-Chat", "Baichuan2-Chat 模型"),
    "wizardlm": ("WizardLM", "WizardLM 模型"),
    "wizardcoder": ("WizardCoder", "WizardCoder 模型"),
    "vicuna": ("Vicuna 1.5", "Vicuna 1.5 模型"),
    "deepseek_coder": ("DeepSeek-Coder", "DeepSeek-Coder 模型"),
    "deepseekcoder": ("former name of deepseek_coder", "deepseek_coder 的旧名"),
    "deepseek_moe": ("DeepSeek-MoE 16B", "DeepSeek-MoE 16B 模型"),
    "deepseek_v2": ("DeepSeek-V2-Chat", "DeepSeek-V2-Chat 模型"),
    "mistral": ("Mistral 7B", "Mistral 7B 模型"),
    "mixtral": ("Mixtral 8x7B; identical to mistral", "Mixtral 8x7B；与 mistral 内容相同"),
    "minicpm": ("MiniCPM 1B and 2B", "MiniCPM 1B 和 2B"),
    "minicpm3": ("MiniCPM3 4B", "MiniCPM3 4B 模型"),
    "gemma": (
        "Gemma (xtuner invented the system turn)",
        "Gemma（其中的系统提示写法由 xtuner 自行设计）",
    ),
    "cohere_chat": ("Command R+", "Command R+ 模型"),
    "llama3_chat": ("Llama 3", "Llama 3 模型"),
    "phi3_chat": ("Phi-3 mini", "Phi-3 mini 模型"),
}
