"""Findings of `xtgui doctor`."""

TEXTS: dict[str, tuple[str, str]] = {
    "can_train": ("Training works here.", "可以在本机训练。"),
    "can_train_but": (
        "Training should work here. {warnings} {warnings|warning|warnings}, marked with !.",
        "没有发现妨碍训练的问题，有 {warnings} 项警告（标有 !）。",
    ),
    "cannot_train": ("Training does not work here.", "无法在本机训练。"),
    "looking": ("Looking at this machine", "正在检查本机"),
    "next_deep": (
        "To quantize and train a tiny model here (half a minute):",
        "在本机实际量化并训练一个极小的模型（约半分钟）：",
    ),
    "next_mend": (
        "Fix the problems marked ✗ first: they keep training from working.",
        "标有 ✗ 的问题会导致无法训练，请先解决。",
    ),
    # --- labels -------------------------------------------------------------------------------
    "row_system": ("System", "系统"),
    "row_modern": ("Engine", "训练引擎"),
    "row_classic": ("Classic engine", "旧版引擎"),
    "row_gpu": ("GPU", "显卡"),
    "row_capability": ("Precision", "计算精度"),
    "row_disk": ("Disk", "磁盘"),
    "row_memory": ("Memory", "内存"),
    "row_shared_memory": ("Shared memory", "共享内存"),
    "row_hub": ("Hubs", "模型社区"),
    "row_token": ("Token", "令牌"),
    "row_clock": ("Clock", "时钟"),
    "row_locale": ("Encoding", "字符编码"),
    "row_deep": ("Test run", "试运行"),
    # --- system, Python, engine ---------------------------------------------------------------
    "system.linux": (
        "Linux {release}, {cores} CPU {cores|core|cores}",
        "Linux {release}，{cores} 个 CPU 核",
    ),
    "system.wsl": (
        "WSL, Linux {release}, {cores} CPU {cores|core|cores}",
        "WSL，Linux {release}，{cores} 个 CPU 核",
    ),
    "system.mac": (
        "macOS {release}, {cores} CPU {cores|core|cores}; small models only, on the CPU",
        "macOS {release}，{cores} 个 CPU 核；只能用 CPU 训练小模型",
    ),
    "system.windows": (
        "XTuner does not run on native Windows. Use WSL2, where xtgui works as on Linux.",
        "XTuner 不支持在原生 Windows 上训练。请使用 WSL2，xtgui 在其中与 Linux 上一样运行。",
    ),
    "python.ok": ("{version}", "{version}"),
    "python.ok_other": ("{version}, {python}", "{version}，{python}"),
    "python.wrong": (
        "{python} is Python {version}; the engine needs {oldest} to {newest}. Create an "
        "environment for it:",
        "{python} 是 Python {version}；训练引擎需要 {oldest} 到 {newest}。请为它新建一个环境：",
    ),
    "stack.ok": ("tested versions: {versions}", "均为测试过的版本：{versions}"),
    "stack.absent_classic": (
        "not installed; only models with their own code from 2023 or 2024 need it",
        "未安装；只有自带 2023、2024 年代码的模型才需要",
    ),
    "stack.silent": (
        "The Python interpreter of the engine did not respond within 10 s: {python}",
        "训练引擎的 Python 解释器 10 秒内没有响应：{python}",
    ),
    "stack.gone": (
        "The Python interpreter of the engine cannot be run: {python}",
        "无法运行训练引擎的 Python 解释器：{python}",
    ),
    "stack.missing": (
        "torch and xtuner are not installed for {python} (about 8 GB).",
        "{python} 的环境中没有安装 torch 和 xtuner（约 8 GB）。",
    ),
    "stack.incomplete": ("Missing packages: {names}.", "缺少这些软件包：{names}。"),
    "stack.torch_pair": (
        "torch {torch} does not match its torchvision, which was built for torch {wanted}: xtuner "
        "cannot be imported.",
        "torch {torch} 与 torchvision（为 torch {wanted} 构建）不匹配：无法导入 xtuner。",
    ),
    "stack.untested": (
        "Versions differ from the tested ones (in parentheses): {differences}",
        "与测试过的版本（括号内）不同：{differences}",
    ),
    # --- GPU ----------------------------------------------------------------------------------
    "gpu.ok": (
        "{name}, {memory:.1f} GiB ({free:.1f} free), driver {driver}",
        "{name}，{memory:.1f} GiB（空闲 {free:.1f}），驱动 {driver}",
    ),
    "gpu.ok_many": (
        "{count} GPUs, using number {index}: {name}, {memory:.1f} GiB ({free:.1f} free), driver "
        "{driver}",
        "共 {count} 块显卡，使用第 {index} 号：{name}，{memory:.1f} GiB（空闲 {free:.1f}），"
        "驱动 {driver}",
    ),
    "gpu.none": (
        "No NVIDIA GPU: training runs on the CPU, which is enough for small models only.",
        "没有 NVIDIA 显卡：用 CPU 训练，只适合小模型。",
    ),
    "gpu.mac": (
        "XTuner does not use Apple GPUs: training runs on the CPU, for small models only.",
        "XTuner 不支持 Apple 的 GPU：用 CPU 训练，只适合小模型。",
    ),
    "gpu.hidden": (
        'CUDA_VISIBLE_DEVICES="{visible}" hides the NVIDIA GPU: training runs on the CPU.',
        'CUDA_VISIBLE_DEVICES="{visible}" 隐藏了 NVIDIA 显卡：只能用 CPU 训练。',
    ),
    "gpu.no_driver": (
        "NVIDIA GPU found, but no driver: training runs on the CPU. Install the driver (on "
        "Ubuntu, with the command below) and reboot. Start a container with --gpus all.",
        "有 NVIDIA 显卡，但没有安装驱动：只能用 CPU 训练。请安装驱动（Ubuntu 可用下面的命令）"
        "并重启。如果在容器中，启动时请加 --gpus all。",
    ),
    "gpu.no_program": (
        "The driver {driver} is loaded, but nvidia-smi is not on the PATH, so nothing is known "
        "about the GPU. Start a container with --gpus all.",
        "驱动 {driver} 已加载，但 PATH 中没有 nvidia-smi，无法获取显卡信息。如果在容器中，"
        "启动时请加 --gpus all。",
    ),
    "gpu.failed": (
        "nvidia-smi fails, so training runs on the CPU. If you have just updated the driver, "
        "reboot. Output: {said}",
        "nvidia-smi 运行失败，只能用 CPU 训练。如果刚更新过驱动，请重启。它的输出：{said}",
    ),
    "gpu.silent": (
        "nvidia-smi does not respond. If the GPU hangs, reboot.",
        "nvidia-smi 没有响应。如果显卡卡死，请重启。",
    ),
    "cuda.unused": (
        "torch is built for {built}; it also runs without a GPU",
        "torch 基于 {built} 构建，没有显卡也能运行",
    ),
    "cuda.for_cpu": ("torch is a CPU-only build", "torch 是 CPU 版"),
    "cuda.built": ("torch is built for {built}", "torch 基于 {built} 构建"),
    "cuda.ok": (
        "torch is built for {built}, the driver supports {known}",
        "torch 基于 {built} 构建，驱动支持到 {known}",
    ),
    "cuda.ok_minor": (
        "torch is built for {built}; the driver supports {known}, which is enough for the same "
        "major version",
        "torch 基于 {built} 构建；驱动支持到 {known}，同一主版本内都可以运行",
    ),
    "cuda.cpu_build": (
        "This torch is a CPU-only build: it cannot use the GPU.",
        "这个 torch 是 CPU 版，无法使用显卡。",
    ),
    "cuda.old_driver": (
        "torch is built for CUDA {built}, but the driver only supports {known}: training runs on "
        "the CPU. Update the NVIDIA driver to version 525 or newer.",
        "torch 基于 CUDA {built} 构建，而驱动只支持到 {known}：只能用 CPU 训练。"
        "请把 NVIDIA 驱动升级到 525 或更新版本。",
    ),
    "cuda.older_build": (
        "torch is built for CUDA {built}, but the driver only supports {known}: training runs on "
        "the CPU. Update the driver, or install the same torch built for an older CUDA:",
        "torch 基于 CUDA {built} 构建，而驱动只支持到 {known}：只能用 CPU 训练。请升级驱动，"
        "或安装基于较旧 CUDA 的同版本 torch：",
    ),
    "capability.bf16": (
        "bfloat16 (compute capability {capability})",
        "bfloat16（计算能力 {capability}）",
    ),
    "capability.fp16": (
        "float16 (compute capability {capability}; bfloat16 needs 8.0)",
        "float16（计算能力 {capability}；bfloat16 需要 8.0）",
    ),
    "capability.too_old": (
        "This torch build does not support {name} (compute capability {capability}; it starts at "
        "{oldest}). Another build of the same torch does:",
        "这个 torch 不支持 {name}（计算能力 {capability}，而它从 {oldest} 开始支持）。"
        "同版本的另一种构建支持：",
    ),
    "capability.too_new": (
        "This torch build does not support {name} yet (compute capability {capability}). A newer "
        "build may:",
        "这个 torch 还不支持 {name}（计算能力 {capability}）。较新的构建可能支持：",
    ),
    "capability.never": (
        "torch does not support {name}, which is too old (compute capability {capability}). Train "
        "on the CPU:",
        "{name} 太旧，torch 不支持（计算能力 {capability}）。请改用 CPU 训练：",
    ),
    # --- packages -----------------------------------------------------------------------------
    "flash.unused": ("{version}, not used", "{version}，不会用到"),
    "flash.trap": (
        "With flash-attn {version} installed, xtuner patches Llama, Qwen 2, Mistral and InternLM "
        "models in a way that crashes training in a single process. xtgui does not need "
        "flash-attn.",
        "装有 flash-attn {version} 时，xtuner 会改写 Llama、Qwen 2、Mistral 和 InternLM 模型，"
        "导致单进程训练崩溃。xtgui 不需要 flash-attn。",
    ),
    "triton.ok": ("{version}", "{version}"),
    "triton.missing": (
        "Not installed; this torch needs {wanted} on a GPU.",
        "未安装；在显卡上，这个 torch 需要 {wanted}。",
    ),
    "triton.other": (
        "{version} is installed, but this torch was built with {wanted}.",
        "已安装 {version}，而这个 torch 对应的是 {wanted}。",
    ),
    "bitsandbytes.ok": ("{version}", "{version}"),
    "bitsandbytes.missing": (
        "Not installed: lora and full work, qlora does not.",
        "未安装：lora 和 full 可用，qlora 不可用。",
    ),
    "bitsandbytes.broken": (
        "{version} does not work with triton {triton}: it cannot be imported, and training cannot "
        "start.",
        "{version} 与 triton {triton} 不兼容：无法导入，训练也无法启动。",
    ),
    "bitsandbytes.no_cuda": (
        "{version} does not support CUDA {cuda}: qlora does not work on the GPU.",
        "{version} 不支持 CUDA {cuda}：无法在显卡上使用 qlora。",
    ),
    # --- machine ------------------------------------------------------------------------------
    "disk.ok": ("{free} free in {folder}", "{folder} 剩余 {free}"),
    "disk.little": (
        "Only {free} free in {folder}: tight for models and checkpoints. To see what takes up "
        "space:",
        "{folder} 只剩 {free}，放模型和检查点不太够。查看占用最大的文件夹：",
    ),
    "disk.full": (
        "Only {free} free in {folder}: checkpoints cannot be saved. To see what takes up space:",
        "{folder} 只剩 {free}，无法保存检查点。查看占用最大的文件夹：",
    ),
    "disk.read_only": (
        "No permission to write to {folder}. Choose another folder with --root DIR.",
        "没有写入 {folder} 的权限。请用 --root DIR 另选一个文件夹。",
    ),
    "memory.ok": ("{total:.1f} GiB, {free:.1f} free", "{total:.1f} GiB，空闲 {free:.1f}"),
    "memory.ok_limited": (
        "limited to {total:.1f} of {machine:.1f} GiB, {free:.1f} free",
        "总共 {machine:.1f} GiB，限用 {total:.1f}，空闲 {free:.1f}",
    ),
    "memory.little": (
        "{total:.1f} GiB ({free:.1f} free) is enough for small models only. To estimate what a "
        "run needs:",
        "{total:.1f} GiB（空闲 {free:.1f}）只够训练小模型。估算训练所需内存：",
    ),
    "memory.little_limited": (
        "This container or job is limited to {total:.1f} of {machine:.1f} GiB, enough for small "
        "models only. Raise the limit (docker run --memory, sbatch --mem). To estimate what a run "
        "needs:",
        "此容器或任务限用 {total:.1f} GiB（本机共 {machine:.1f}），只够训练小模型。"
        "请提高限制（docker run --memory、sbatch --mem）。估算训练所需内存：",
    ),
    "memory.too_little": (
        "{total:.1f} GiB, of which the engine alone takes 1.5. Train on another machine.",
        "只有 {total:.1f} GiB，而训练引擎本身就要 1.5。请换一台机器训练。",
    ),
    "memory.too_little_limited": (
        "This container or job is limited to {total:.1f} of {machine:.1f} GiB; the engine alone "
        "takes 1.5. Raise the limit (docker run --memory, sbatch --mem).",
        "此容器或任务限用 {total:.1f} GiB（本机共 {machine:.1f}），而训练引擎本身就要 1.5。"
        "请提高限制（docker run --memory、sbatch --mem）。",
    ),
    "shm.ok": ("{size:.1f} GiB", "{size:.1f} GiB"),
    "shm.small": (
        "Only {size:.2f} GiB in /dev/shm: too little for data-loader workers or several GPUs. "
        "Give the container more:",
        "共享内存（/dev/shm）只有 {size:.2f} GiB，不够数据加载进程和多块显卡使用。请给容器更多：",
    ),
    "shm.missing": (
        "No /dev/shm: keep train.dataloader_num_workers at 0.",
        "没有 /dev/shm：请让 train.dataloader_num_workers 保持为 0。",
    ),
    "wsl.ok": ("{total:.1f} GiB of the Windows memory", "可用 Windows 内存中的 {total:.1f} GiB"),
    "wsl.capped": (
        "WSL can use {total:.1f} GiB, by default half of the Windows memory. For more, write "
        "[wsl2] and memory=24GB into %UserProfile%\\.wslconfig, then run in Windows:",
        "WSL 可用 {total:.1f} GiB，默认为 Windows 内存的一半。要增加，"
        "请在 %UserProfile%\\.wslconfig 中写入 [wsl2] 和 memory=24GB，然后在 Windows 中运行：",
    ),
    "wsl.windows_drive": (
        "{folder} is on a Windows drive, which WSL reads and writes many times more slowly. Keep "
        "projects in your Linux home folder:",
        "{folder} 在 Windows 的磁盘上，WSL 读写会慢很多倍。请把项目放到 Linux 的主目录：",
    ),
    # --- hubs, token, clock, text -------------------------------------------------------------
    "hub.ok": ("{there}: reachable", "{there}：可以访问"),
    "hub.ok_some": ("{there}: reachable; {others}: not", "{there}：可以访问；{others}：不能访问"),
    "hub.ok_other": (
        "Cannot connect to {others}. To download from {there}:",
        "无法访问 {others}。可以改从 {there} 下载：",
    ),
    "hub.silent": (
        "{others} did not respond within 1.5 s: downloads may be slow or fail. Models on this "
        "machine can be trained anyway. In China, use a mirror:",
        "{others} 在 1.5 秒内没有响应，下载可能很慢或失败；本机已有的模型仍可训练。"
        "在中国大陆可以使用镜像：",
    ),
    "hub.unreachable": (
        "Cannot connect to {others} ({reason}). Models on this machine can be trained anyway. In "
        "China, use a mirror:",
        "无法访问 {others}（{reason}）；本机已有的模型仍可训练。在中国大陆可以使用镜像：",
    ),
    "hub.offline": (
        "HF_HUB_OFFLINE is set: nothing is downloaded. Models on this machine can be trained "
        "anyway.",
        "已设置 HF_HUB_OFFLINE，不会下载；本机已有的模型仍可训练。",
    ),
    "token.there": ("found for Hugging Face", "已有 Hugging Face 的令牌"),
    "token.none": (
        "none; only gated models, such as Llama and Gemma, need one (hf auth login)",
        "没有；只有 Llama、Gemma 等需要申请的模型才用到（hf auth login）",
    ),
    "clock.ok": ("{now}", "{now}"),
    "clock.compared": ("{now}, same as the hub", "{now}，与模型社区一致"),
    "clock.off": (
        "{now} is {minutes} {minutes|minute|minutes} off: secure connections may fail, and the "
        "times of runs are wrong.",
        "{now}，与实际相差 {minutes} 分钟：安全连接可能失败，训练时间也会记错。",
    ),
    "clock.early": (
        "{now} is earlier than the installation of xtgui: secure connections may fail, and the "
        "times of runs are wrong.",
        "{now} 早于 xtgui 的安装时间：安全连接可能失败，训练时间也会记错。",
    ),
    "locale.ok": ("{encoding} ({locale})", "{encoding}（{locale}）"),
    "locale.narrow": (
        "{encoding} cannot show Chinese or some file names.",
        "{encoding} 无法显示中文和部分文件名。",
    ),
    # --- --deep -------------------------------------------------------------------------------
    "deep.ok": (
        "quantized and trained on {device}: two steps in {step_s:.1f} s, {seconds:.0f} s in total",
        "已在 {device} 上量化并训练：两步 {step_s:.1f} 秒，共 {seconds:.0f} 秒",
    ),
    "deep.no_4bit": (
        "Training works on {device}, but quantization does not: qlora is not available. {reason}",
        "在 {device} 上可以训练，但无法量化，因此不能使用 qlora。{reason}",
    ),
    "deep.on_cpu": (
        "Trained on the CPU although there is a GPU: torch cannot use it.",
        "有显卡，但训练是在 CPU 上进行的：torch 无法使用显卡。",
    ),
    "deep.failed": (
        "Could not train a tiny model. {problem} Log: {log}",
        "训练一个极小的模型时失败。{problem} 日志：{log}",
    ),
}
