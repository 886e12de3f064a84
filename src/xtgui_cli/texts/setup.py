"""What `xtgui setup` says, and what is said where no engine can be found."""

TEXTS: dict[str, tuple[str, str]] = {
    "windows": (
        "XTuner does not train on native Windows; use WSL2, where xtgui runs as on Linux.",
        "XTuner 不支持在原生 Windows 上训练；请使用 WSL2，xtgui 在其中与 Linux 上一样运行。",
    ),
    "engine_missing": (
        "The training engine (torch, xtuner, ...) is not installed beside {python}.",
        "{python} 的环境中没有安装训练引擎（torch、xtuner 等）。",
    ),
    "engine_missing.hint": (
        "Install it: xtgui setup     Or use an environment that has it: "
        "xtgui setup --python /path/to/python",
        "安装：xtgui setup     或指定已有的环境：xtgui setup --python /path/to/python",
    ),
    "classic_missing": (
        "This model brings code of its own, written for older libraries (transformers 4.48): it "
        "needs the classic engine, which is not installed.",
        "该模型自带的代码是为较旧的库（transformers 4.48）写的，"
        "需要旧版（classic）训练环境，目前尚未安装。",
    ),
    "classic_missing.hint": (
        "Install it beside the other one, which stays as it is: xtgui setup --stack classic",
        "安装后与现有环境并存，互不影响：xtgui setup --stack classic",
    ),
    "question_modern": (
        "Install it now (about {needed} GB, a few minutes)?",
        "现在安装吗（约 {needed} GB，几分钟）？",
    ),
    "question_classic": (
        "Install it now (about {needed} GB and a few minutes; 0.1 GB where it can share the rest "
        "with the modern one)?",
        "现在安装吗（约 {needed} GB，几分钟；若能与新版环境共用文件，则只需约 0.1 GB）？",
    ),
    "not_classic": (
        "{python} has transformers {version}: the classic engine needs 4.x.",
        "{python} 中的 transformers 是 {version}：旧版（classic）训练环境需要 4.x。",
    ),
    "not_classic.hint": (
        "Let xtgui make an environment for it: xtgui setup --stack classic",
        "可以让 xtgui 新建一个环境：xtgui setup --stack classic",
    ),
    "engine_gone": (
        "The interpreter that trains cannot be run: {python}",
        "无法运行用于训练的 Python 解释器：{python}",
    ),
    "engine_gone.hint": (
        "Name another one: xtgui setup --python /path/to/python",
        "请另外指定一个：xtgui setup --python /path/to/python",
    ),
    "not_a_python": (
        "This is no Python interpreter that can be run: {python}",
        "这不是可以运行的 Python 解释器：{python}",
    ),
    "not_a_python.hint": (
        "It ends in bin/python, for example ~/miniconda3/envs/xtuner/bin/python",
        "路径应以 bin/python 结尾，例如 ~/miniconda3/envs/xtuner/bin/python",
    ),
    "wrong_python": (
        "{python} is Python {version}; the training engine needs {oldest} to {newest}. "
        "xtgui itself runs here as it is.",
        "{python} 是 Python {version}；训练引擎需要 {oldest} 到 {newest}。xtgui 本身可以照常使用。",
    ),
    "wrong_python.hint": (
        "Make an environment for the engine and name it:\n"
        "    python{newest} -m venv ~/xtgui-engine\n"
        "    xtgui setup --python ~/xtgui-engine/bin/python",
        "请为训练引擎新建一个环境，并指定它：\n"
        "    python{newest} -m venv ~/xtgui-engine\n"
        "    xtgui setup --python ~/xtgui-engine/bin/python",
    ),
    "managed": (
        "{python} belongs to the system, which does not let other programs install into it.",
        "{python} 由系统管理，不允许其他程序向其中安装软件包。",
    ),
    "managed.hint": (
        "Make an environment for the engine and name it:\n"
        "    {python} -m venv ~/xtgui-engine\n"
        "    xtgui setup --python ~/xtgui-engine/bin/python",
        "请为训练引擎新建一个环境，并指定它：\n"
        "    {python} -m venv ~/xtgui-engine\n"
        "    xtgui setup --python ~/xtgui-engine/bin/python",
    ),
    "would_change": (
        "The environment of {python} has other versions of what the engine needs: {changes}. "
        "They were left as they are.",
        "{python} 的环境中已有训练引擎所需软件包的其他版本：{changes}。它们没有被改动。",
    ),
    "would_change.hint": (
        "Keep it, and make a fresh environment for the engine:\n"
        "    {python} -m venv ~/xtgui-engine\n"
        "    xtgui setup --python ~/xtgui-engine/bin/python",
        "建议保留原环境，另建一个新环境：\n"
        "    {python} -m venv ~/xtgui-engine\n"
        "    xtgui setup --python ~/xtgui-engine/bin/python",
    ),
    "needs_yes": (
        "The engine is not installed beside {python} yet. It takes about {needed} GB, and there is "
        "no terminal to ask in.",
        "{python} 的环境中尚未安装训练引擎。安装约需 {needed} GB，而这里没有可供确认的终端。",
    ),
    "needs_yes.hint": ("Add --yes to install it.", "如需安装，请加上 --yes。"),
    "change_question": (
        "This environment's versions will change: {changes}. Go on?",
        "该环境中的软件包版本将改变：{changes}。继续吗？",
    ),
    "no_space": (
        "The engine needs about {needed} GB in {folder}; {free} are free.",
        "训练引擎需要在 {folder} 占用约 {needed} GB；现在只剩 {free}。",
    ),
    "no_space.hint": (
        "Make room, or put it on a larger disk: an environment there "
        "(xtgui setup --python ...), and the download cache with UV_CACHE_DIR=/large/disk/uv",
        "请清理磁盘，或改用更大的磁盘：在那里新建环境（xtgui setup --python ...），"
        "并用 UV_CACHE_DIR=/大磁盘/uv 指定下载缓存的位置",
    ),
    "uv_missing": (
        "uv, which installs the engine, is not there.",
        "没有找到用来安装训练引擎的 uv。",
    ),
    "uv_missing.hint": (
        "Install it: {python} -m pip install uv",
        "请安装：{python} -m pip install uv",
    ),
    "unreachable": (
        "The package index could not be reached, or a download broke off.",
        "无法连接软件包索引，或下载中断。",
    ),
    "unreachable.hint": (
        "What has arrived is kept: run xtgui setup again. A mirror is taken from pip's "
        "configuration (pip config set global.index-url URL). Log: {log}",
        "已下载的部分会保留：请重新运行 xtgui setup。镜像地址取自 pip 的配置"
        "（pip config set global.index-url 地址）。日志：{log}",
    ),
    "index_lacks": (
        "The package index does not have all that the engine needs: {detail}",
        "软件包索引中缺少训练引擎所需的版本：{detail}",
    ),
    "index_lacks.hint": (
        "Mirrors can be late or incomplete: try another one. Log: {log}",
        "镜像可能不完整或更新较慢：请换一个试试。日志：{log}",
    ),
    "disk_full": (
        "The disk became full while the engine was being installed.",
        "安装训练引擎时磁盘已满。",
    ),
    "disk_full.hint": (
        "Make room and run xtgui setup again.",
        "请清理磁盘后重新运行 xtgui setup。",
    ),
    "install_failed": (
        "The engine could not be installed: {detail}",
        "训练引擎安装失败：{detail}",
    ),
    "install_failed.hint": ("All that uv said: {log}", "uv 的完整输出：{log}"),
    "broken": (
        "The engine is installed but does not start: {detail}",
        "训练引擎已安装，但无法启动：{detail}",
    ),
    "broken.hint": (
        "A fresh environment helps most often: see xtgui setup --help",
        "通常新建一个环境即可解决：参见 xtgui setup --help",
    ),
    "installing": (
        "Installing the training engine beside {python} (about {needed} GB; "
        "a few minutes, depending on the network)",
        "正在把训练引擎安装到 {python} 的环境（约 {needed} GB；耗时取决于网络，通常几分钟）",
    ),
    "step.resolving": ("looking up versions", "正在解析版本"),
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
        "xtgui now trains with {python} (xtuner {xtuner}, torch {torch}). "
        "Nothing was changed in it.",
        "xtgui 现在使用 {python} 训练（xtuner {xtuner}，torch {torch}）。该环境未做任何改动。",
    ),
    "adopted_classic": (
        "Models that need the classic engine are now trained with {python} (xtuner {xtuner}, torch "
        "{torch}). Nothing was changed in it.",
        "需要旧版（classic）训练环境的模型现在使用 {python}（xtuner {xtuner}，torch {torch}）。"
        "该环境未做任何改动。",
    ),
    "next_classic": (
        "It is used for the models that need it, and for no other: xtgui init",
        "只有需要它的模型才会使用它：xtgui init",
    ),
    "ready": (
        "The training engine is ready: torch {torch}, xtuner {xtuner}, on {device}.",
        "训练引擎已就绪：torch {torch}，xtuner {xtuner}，运行于 {device}。",
    ),
    "next_modern": (
        "Next: xtgui demo (the whole road in minutes) or xtgui init (your own model)",
        "下一步：xtgui demo（几分钟走完全程）或 xtgui init（训练你自己的模型）",
    ),
    "old_driver": (
        "There is an NVIDIA GPU, but this torch cannot use it: the driver knows CUDA {driver}, "
        "torch was built for {built}. Update the driver, or install an older CUDA build of the "
        "same torch into this environment. Until then training runs on the CPU.",
        "检测到 NVIDIA GPU，但当前 torch 无法使用：驱动支持 CUDA {driver}，torch 基于 CUDA {built} "
        "构建。请升级驱动，或在该环境中安装同版本 torch 的较旧 CUDA 构建。"
        "在此之前只能用 CPU 训练。",
    ),
}
