"""`xtgui setup`, and a missing engine."""

TEXTS: dict[str, tuple[str, str]] = {
    "windows": (
        "XTuner does not run on native Windows; use WSL2, where xtgui works as on Linux.",
        "XTuner 不支持在原生 Windows 上训练；请使用 WSL2，xtgui 在其中与 Linux 上一样运行。",
    ),
    "engine_missing": (
        "The training engine (torch, xtuner, ...) is not installed for {python}.",
        "{python} 的环境中没有安装训练引擎（torch、xtuner 等）。",
    ),
    "engine_missing.hint": (
        "Install it: xtgui setup     Or use an environment that has it: xtgui setup --python "
        "/path/to/python",
        "安装：xtgui setup     或使用已有的环境：xtgui setup --python /path/to/python",
    ),
    "classic_missing": (
        "This model comes with code for older libraries (transformers 4.48): it needs the classic "
        "engine, which is not installed.",
        "该模型自带的代码是为较旧的库（transformers 4.48）写的，需要旧版训练引擎（classic），"
        "但尚未安装。",
    ),
    "classic_missing.hint": (
        "Install it; the other engine stays unchanged: xtgui setup --stack classic",
        "安装它（不影响现有的训练引擎）：xtgui setup --stack classic",
    ),
    "question_modern": (
        "Install it now (about {needed} GB, a few minutes)?",
        "现在安装吗（约 {needed} GB，几分钟）？",
    ),
    "question_classic": (
        "Install it now (about {needed} GB, a few minutes; 0.1 GB if it can share files with the "
        "modern engine)?",
        "现在安装吗（约 {needed} GB，几分钟；若能与新版训练引擎共用文件，只需约 0.1 GB）？",
    ),
    "not_classic": (
        "{python} has transformers {version}, but the classic engine needs 4.x.",
        "{python} 中的 transformers 是 {version}，而旧版训练引擎（classic）需要 4.x。",
    ),
    "not_classic.hint": (
        "Let xtgui create an environment for it: xtgui setup --stack classic",
        "让 xtgui 为它新建一个环境：xtgui setup --stack classic",
    ),
    "engine_gone": (
        "The Python interpreter of the engine cannot be run: {python}",
        "无法运行训练引擎的 Python 解释器：{python}",
    ),
    "engine_gone.hint": (
        "Choose another one: xtgui setup --python /path/to/python",
        "请指定另一个：xtgui setup --python /path/to/python",
    ),
    "not_a_python": (
        "Not a working Python interpreter: {python}",
        "不是可用的 Python 解释器：{python}",
    ),
    "not_a_python.hint": (
        "The path ends in bin/python, for example ~/miniconda3/envs/xtuner/bin/python",
        "路径应以 bin/python 结尾，例如 ~/miniconda3/envs/xtuner/bin/python",
    ),
    "wrong_python": (
        "{python} is Python {version}; the training engine needs {oldest} to {newest}. xtgui "
        "itself works with it.",
        "{python} 是 Python {version}；训练引擎需要 {oldest} 到 {newest}。xtgui 本身可以照常使用。",
    ),
    "wrong_python.hint": (
        "Create an environment for the engine and choose it:\n    python{newest} -m venv "
        "~/xtgui-engine\n    xtgui setup --python ~/xtgui-engine/bin/python",
        "请为训练引擎新建一个环境，并指定它：\n    python{newest} -m venv ~/xtgui-engine\n    "
        "xtgui setup --python ~/xtgui-engine/bin/python",
    ),
    "managed": (
        "{python} is managed by the system: other programs cannot install packages into it.",
        "{python} 由系统管理，其他程序不能向其中安装软件包。",
    ),
    "managed.hint": (
        "Create an environment for the engine and choose it:\n    {python} -m venv "
        "~/xtgui-engine\n    xtgui setup --python ~/xtgui-engine/bin/python",
        "请为训练引擎新建一个环境，并指定它：\n    {python} -m venv ~/xtgui-engine\n    xtgui "
        "setup --python ~/xtgui-engine/bin/python",
    ),
    "would_change": (
        "The environment of {python} has other versions than the engine needs: {changes}. Nothing "
        "was changed.",
        "{python} 的环境中，以下软件包的版本与训练引擎所需的不同：{changes}。没有做任何改动。",
    ),
    "would_change.hint": (
        "Keep it, and create a new environment for the engine:\n    {python} -m venv "
        "~/xtgui-engine\n    xtgui setup --python ~/xtgui-engine/bin/python",
        "建议保留原环境，为训练引擎另建一个：\n    {python} -m venv ~/xtgui-engine\n    xtgui "
        "setup --python ~/xtgui-engine/bin/python",
    ),
    "needs_yes": (
        "The engine is not installed for {python}. It takes about {needed} GB, and there is no "
        "terminal to ask in.",
        "{python} 的环境中尚未安装训练引擎。安装约需 {needed} GB，而这里没有终端，无法询问。",
    ),
    "needs_yes.hint": ("To install it, add --yes.", "如需安装，请加上 --yes。"),
    "change_question": (
        "This changes versions in the environment: {changes}. Continue?",
        "该环境中的软件包版本将改变：{changes}。继续吗？",
    ),
    "no_space": (
        "Not enough disk space in {folder}: about {needed} GB needed for the engine, {free} free.",
        "{folder} 所在磁盘空间不足：训练引擎约需 {needed} GB，剩余 {free}。",
    ),
    "no_space.hint": (
        "Free some space, or use a larger disk: create an environment there (xtgui setup --python "
        "...), and put the download cache there with UV_CACHE_DIR=/large/disk/uv",
        "请清理磁盘，或改用更大的磁盘：在那里新建环境（xtgui setup --python ...），"
        "并用 UV_CACHE_DIR=/大磁盘/uv 指定下载缓存的位置",
    ),
    "uv_missing": (
        "uv, which installs the engine, was not found.",
        "没有找到用来安装训练引擎的 uv。",
    ),
    "uv_missing.hint": (
        "Install it: {python} -m pip install uv",
        "请安装：{python} -m pip install uv",
    ),
    "unreachable": (
        "Cannot connect to the package index, or a download was interrupted.",
        "无法连接软件包索引，或下载中断。",
    ),
    "unreachable.hint": (
        "Downloaded packages are kept: run xtgui setup again. xtgui uses the mirror from pip's "
        "configuration (pip config set global.index-url URL). Log: {log}",
        "已下载的部分会保留：请重新运行 xtgui setup。xtgui 使用 pip 配置中的镜像（pip config set "
        "global.index-url 地址）。日志：{log}",
    ),
    "index_lacks": (
        "The package index lacks something that the engine needs: {detail}",
        "软件包索引中缺少训练引擎所需的软件包：{detail}",
    ),
    "index_lacks.hint": (
        "Mirrors can be outdated or incomplete: try another one. Log: {log}",
        "镜像可能不完整或更新较慢：请换一个试试。日志：{log}",
    ),
    "disk_full": (
        "The disk is full: the engine was not installed completely.",
        "磁盘已满，训练引擎没有安装完。",
    ),
    "disk_full.hint": (
        "Free some space and run xtgui setup again.",
        "请清理磁盘后重新运行 xtgui setup。",
    ),
    "install_failed": (
        "The engine could not be installed: {detail}",
        "训练引擎安装失败：{detail}",
    ),
    "install_failed.hint": ("Full output of uv: {log}", "uv 的完整输出：{log}"),
    "broken": (
        "The engine is installed but does not start: {detail}",
        "训练引擎已安装，但无法启动：{detail}",
    ),
    "broken.hint": (
        "A new environment usually helps: see xtgui setup --help",
        "通常新建一个环境即可解决：参见 xtgui setup --help",
    ),
    "installing": (
        "Installing the training engine for {python} (about {needed} GB; usually a few minutes, "
        "depending on the network)",
        "正在把训练引擎安装到 {python} 的环境（约 {needed} GB；耗时取决于网络，通常几分钟）",
    ),
    "step.resolving": ("resolving versions", "正在解析版本"),
    "step.downloading": (
        "downloading · {done} of {total} large {total|package|packages} · {name}",
        "正在下载 · 大文件 {done}/{total} · {name}",
    ),
    "step.installing": ("writing {count} {count|package|packages}", "正在写入 {count} 个软件包"),
    "step.downloaded": ("downloaded {name}", "已下载 {name}"),
    "checking": ("Checking that it starts", "正在检查能否启动"),
    "nothing_to_do": (
        "The training engine is ready: {python}. Nothing to do.",
        "训练引擎已就绪：{python}。无需安装。",
    ),
    "adopted_modern": (
        "xtgui now trains with {python} (xtuner {xtuner}, torch {torch}). The environment was not "
        "changed.",
        "xtgui 现在使用 {python} 训练（xtuner {xtuner}，torch {torch}）。没有改动该环境。",
    ),
    "adopted_classic": (
        "Models that need the classic engine now train with {python} (xtuner {xtuner}, torch "
        "{torch}). The environment was not changed.",
        "需要旧版训练引擎（classic）的模型现在使用 {python}（xtuner {xtuner}，torch {torch}）"
        "训练。没有改动该环境。",
    ),
    "next_classic": (
        "Only models that need it use it: xtgui init",
        "只有需要它的模型才会使用它：xtgui init",
    ),
    "ready": (
        "The training engine is ready: torch {torch}, xtuner {xtuner}, on {device}.",
        "训练引擎已就绪：torch {torch}，xtuner {xtuner}，运行于 {device}。",
    ),
    "next_modern": (
        "Next: xtgui demo (the full workflow in a few minutes) or xtgui init (your own model)",
        "下一步：xtgui demo（几分钟走完整个流程）或 xtgui init（训练你自己的模型）",
    ),
    "old_driver": (
        "There is an NVIDIA GPU, but this torch cannot use it: the driver supports CUDA {driver}, "
        "torch was built for {built}. Update the driver, or install the same torch built for an "
        "older CUDA into this environment. Until then, training runs on the CPU.",
        "检测到 NVIDIA 显卡，但当前的 torch 无法使用：驱动只支持 CUDA {driver}，"
        "torch 基于 {built} 构建。请升级驱动，或在该环境中安装基于较旧 CUDA 的同版本 torch。"
        "在此之前只能用 CPU 训练。",
    ),
}
