"""What `xtgui doctor` finds."""

TEXTS: dict[str, tuple[str, str]] = {
    "can_train": ("Training works here.", "可以在本机训练。"),
    "can_train_but": (
        "Nothing found that keeps training from working. Marked with !, to look at: {warnings}",
        "没有发现妨碍训练的问题。标有 ! 需留意的有 {warnings} 项。",
    ),
    "cannot_train": ("Training cannot work here.", "无法在本机训练。"),
    "looking": ("Looking at this machine", "正在检查本机"),
    "next_deep": (
        "To see a tiny model quantised and trained here, in half a minute:",
        "在本机实际量化并训练一个极小的模型（约半分钟）：",
    ),
    "next_mend": (
        "What is marked ✗ keeps training from working; mend that first.",
        "标有 ✗ 的问题会导致无法训练，请先解决。",
    ),
    # --- labels -------------------------------------------------------------------------------
    "row_system": ("System", "系统"),
    "row_modern": ("Engine", "训练环境"),
    "row_classic": ("Classic engine", "旧版环境"),
    "row_gpu": ("GPU", "显卡"),
    "row_capability": ("Precision", "计算精度"),
    "row_disk": ("Disk", "磁盘"),
    "row_memory": ("Memory", "内存"),
    "row_shared_memory": ("Shared memory", "共享内存"),
    "row_hub": ("Hubs", "模型站点"),
    "row_token": ("Token", "令牌"),
    "row_clock": ("Clock", "时钟"),
    "row_locale": ("Text", "字符编码"),
    "row_deep": ("Trial", "试训练"),
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
        "XTuner does not train on native Windows. Use WSL2, where xtgui runs as on Linux.",
        "XTuner 不支持在原生 Windows 上训练。请使用 WSL2，xtgui 在其中与 Linux 上一样运行。",
    ),
    "python.ok": ("{version}", "{version}"),
    "python.ok_other": ("{version}, {python}", "{version}，{python}"),
    "python.wrong": (
        "{python} is Python {version}; the engine needs {oldest} to {newest}. Make an environment "
        "for it:",
        "{python} 是 Python {version}；训练引擎需要 {oldest} 到 {newest}。请为它新建一个环境：",
    ),
    "stack.ok": ("as tested: {versions}", "与测试过的版本一致：{versions}"),
    "stack.absent_classic": (
        "not installed; needed only for models that bring code of 2023 and 2024",
        "未安装；只有自带 2023、2024 年代码的模型才需要",
    ),
    "stack.silent": (
        "The interpreter that trains did not answer within 10 s; nothing is known of it: {python}",
        "用于训练的 Python 解释器 10 秒内没有响应，无法了解其情况：{python}",
    ),
    "stack.gone": (
        "The interpreter that trains cannot be run: {python}",
        "无法运行用于训练的 Python 解释器：{python}",
    ),
    "stack.missing": (
        "torch and xtuner are not installed beside {python} (about 8 GB).",
        "{python} 的环境中没有安装 torch 和 xtuner（约 8 GB）。",
    ),
    "stack.incomplete": (
        "These packages are missing: {names}.",
        "缺少这些软件包：{names}。",
    ),
    "stack.torch_pair": (
        "torch {torch} with a torchvision made for torch {wanted}: xtuner cannot be imported.",
        "torch {torch} 与为 torch {wanted} 构建的 torchvision 不匹配：无法导入 xtuner。",
    ),
    "stack.untested": (
        "Other versions than the tested ones (in brackets): {differences}",
        "与测试过的版本（括号内）不同：{differences}",
    ),
    # --- GPU ----------------------------------------------------------------------------------
    "gpu.ok": (
        "{name}, {memory:.1f} GiB ({free:.1f} free), driver {driver}",
        "{name}，{memory:.1f} GiB（空闲 {free:.1f}），驱动 {driver}",
    ),
    "gpu.ok_many": (
        "{count} GPUs, number {index} is used: {name}, {memory:.1f} GiB ({free:.1f} free), driver "
        "{driver}",
        "共 {count} 块显卡，使用第 {index} 号：{name}，{memory:.1f} GiB（空闲 {free:.1f}），"
        "驱动 {driver}",
    ),
    "gpu.none": (
        "No NVIDIA GPU: training runs on the CPU, which does for small models.",
        "没有 NVIDIA 显卡：用 CPU 训练，只适合小模型。",
    ),
    "gpu.mac": (
        "XTuner uses no Apple GPU: training runs on the CPU, for small models only.",
        "XTuner 不使用 Apple 的 GPU：用 CPU 训练，只适合小模型。",
    ),
    "gpu.hidden": (
        'There is an NVIDIA GPU, but CUDA_VISIBLE_DEVICES="{visible}" hides it: training runs on '
        "the CPU.",
        '有 NVIDIA 显卡，但 CUDA_VISIBLE_DEVICES="{visible}" 把它隐藏了：只能用 CPU 训练。',
    ),
    "gpu.no_driver": (
        "There is an NVIDIA GPU without a driver: training runs on the CPU. Install the driver (on "
        "Ubuntu with the command below) and reboot. In a container, start it with --gpus all.",
        "有 NVIDIA 显卡，但没有驱动：只能用 CPU 训练。请安装驱动（Ubuntu 可用下面的命令）并重启。"
        "如果在容器中，启动时请加 --gpus all。",
    ),
    "gpu.no_program": (
        "The driver {driver} is loaded, but there is no nvidia-smi on the PATH, so nothing is "
        "known of the GPU. In a container, start it with --gpus all.",
        "已加载驱动 {driver}，但 PATH 中没有 nvidia-smi，无法了解显卡情况。"
        "如果在容器中，启动时请加 --gpus all。",
    ),
    "gpu.failed": (
        "nvidia-smi fails, so training runs on the CPU. After an update of the driver a reboot "
        "helps. It says: {said}",
        "nvidia-smi 运行失败，只能用 CPU 训练。如果刚更新过驱动，重启即可。它的提示：{said}",
    ),
    "gpu.silent": (
        "nvidia-smi does not answer. A GPU that hangs needs a reboot.",
        "nvidia-smi 没有响应。如果显卡已经卡死，需要重启。",
    ),
    "cuda.unused": (
        "torch is built for {built}, and works without a GPU too",
        "torch 基于 {built} 构建，没有显卡也能运行",
    ),
    "cuda.for_cpu": ("torch is a build for CPUs", "torch 是 CPU 版"),
    "cuda.built": ("torch is built for {built}", "torch 基于 {built} 构建"),
    "cuda.ok": (
        "torch is built for {built}, the driver knows {known}",
        "torch 基于 {built} 构建，驱动支持到 {known}",
    ),
    "cuda.ok_minor": (
        "torch is built for {built}; the driver knows {known}, which runs "
        "every build for its major version",
        "torch 基于 {built} 构建；驱动支持到 {known}，同一主版本内可以运行",
    ),
    "cuda.cpu_build": (
        "This torch is a build for CPUs: it cannot use the GPU.",
        "这个 torch 是 CPU 版，无法使用显卡。",
    ),
    "cuda.old_driver": (
        "torch is built for CUDA {built}, the driver knows {known} only: training runs on the CPU. "
        "Update the NVIDIA driver to version 525 or newer.",
        "torch 基于 CUDA {built} 构建，而驱动只支持到 {known}：只能用 CPU 训练。"
        "请把 NVIDIA 驱动升级到 525 或更新版本。",
    ),
    "cuda.older_build": (
        "torch is built for CUDA {built}, the driver knows {known} only: training runs on the CPU. "
        "Update the driver, or install the same torch for an older CUDA:",
        "torch 基于 CUDA {built} 构建，而驱动只支持到 {known}：只能用 CPU 训练。"
        "请升级驱动，或安装基于较旧 CUDA 的同版本 torch：",
    ),
    "capability.bf16": (
        "bfloat16 (compute capability {capability})",
        "bfloat16（计算能力 {capability}）",
    ),
    "capability.fp16": (
        "float16 (compute capability {capability}; bfloat16 comes with 8.0)",
        "float16（计算能力 {capability}；8.0 起支持 bfloat16）",
    ),
    "capability.too_old": (
        "This torch has no code for {name} (compute capability {capability}; it begins at "
        "{oldest}). Another build of the same torch has:",
        "这个 torch 没有适用于 {name} 的代码（计算能力 {capability}；它从 {oldest} 开始支持）。"
        "同版本的另一种构建支持：",
    ),
    "capability.too_new": (
        "This torch has no code for {name} (compute capability {capability}) yet. A newer build "
        "may have:",
        "这个 torch 还没有适用于 {name} 的代码（计算能力 {capability}）。较新的构建可能支持：",
    ),
    "capability.never": (
        "{name} is too old for torch (compute capability {capability}). Train on the CPU:",
        "{name} 对 torch 来说太旧（计算能力 {capability}）。请改用 CPU 训练：",
    ),
    # --- packages -----------------------------------------------------------------------------
    "flash.unused": (
        "{version}, not used here",
        "{version}，这里不会用到",
    ),
    "flash.trap": (
        "flash-attn {version} makes xtuner patch Llama, Qwen 2, Mistral and InternLM models so "
        "that training in one process crashes. xtgui needs no flash-attn.",
        "装有 flash-attn {version} 时，xtuner 会改写 Llama、Qwen 2、Mistral 和 InternLM 模型，"
        "导致单进程训练崩溃。xtgui 不需要 flash-attn。",
    ),
    "triton.ok": ("{version}", "{version}"),
    "triton.missing": (
        "Not installed; this torch needs {wanted} on a GPU.",
        "未安装；在显卡上，这个 torch 需要 {wanted}。",
    ),
    "triton.other": (
        "{version}, while this torch was made with {wanted}.",
        "{version}，而这个 torch 对应的是 {wanted}。",
    ),
    "bitsandbytes.ok": ("{version}", "{version}"),
    "bitsandbytes.missing": (
        "Not installed: lora and full work, qlora does not.",
        "未安装：lora 和 full 可用，qlora 不可用。",
    ),
    "bitsandbytes.broken": (
        "{version} cannot be imported beside triton {triton}, and neither can what trains.",
        "{version} 与 triton {triton} 不兼容，无法导入，训练也无法启动。",
    ),
    "bitsandbytes.no_cuda": (
        "{version} has no library for CUDA {cuda}: qlora does not work on the GPU.",
        "{version} 没有适用于 CUDA {cuda} 的库：无法在显卡上使用 qlora。",
    ),
    # --- machine ------------------------------------------------------------------------------
    "disk.ok": ("{free} free in {folder}", "{folder} 剩余 {free}"),
    "disk.little": (
        "{free} free in {folder}: little for models and checkpoints. What is large:",
        "{folder} 只剩 {free}，放模型和检查点不太够。查看占用最大的文件夹：",
    ),
    "disk.full": (
        "{free} free in {folder}: no checkpoint can be saved. What is large:",
        "{folder} 只剩 {free}，无法保存检查点。查看占用最大的文件夹：",
    ),
    "disk.read_only": (
        "{folder} cannot be written to. Choose another folder with --root DIR.",
        "{folder} 无法写入。请用 --root DIR 另选一个文件夹。",
    ),
    "memory.ok": ("{total:.1f} GiB, {free:.1f} free", "{total:.1f} GiB，空闲 {free:.1f}"),
    "memory.ok_limited": (
        "{total:.1f} GiB allowed of {machine:.1f}, {free:.1f} free",
        "总共 {machine:.1f} GiB，允许使用 {total:.1f}，空闲 {free:.1f}",
    ),
    "memory.little": (
        "{total:.1f} GiB ({free:.1f} free) does for small models only. What a run needs:",
        "{total:.1f} GiB（空闲 {free:.1f}）只够训练小模型。估算所需内存：",
    ),
    "memory.little_limited": (
        "This container or job may use {total:.1f} GiB of {machine:.1f}, which does for small "
        "models only: raise its limit (docker run --memory, sbatch --mem). What a run needs:",
        "此容器或任务只能使用 {machine:.1f} GiB 中的 {total:.1f}，只够训练小模型："
        "请提高限制（docker run --memory、sbatch --mem）。估算所需内存：",
    ),
    "memory.too_little": (
        "{total:.1f} GiB: the engine alone takes 1.5. Train on another machine.",
        "{total:.1f} GiB：仅训练引擎就要 1.5。请换一台机器训练。",
    ),
    "memory.too_little_limited": (
        "This container or job may use {total:.1f} GiB of {machine:.1f}; the engine alone takes "
        "1.5. Raise its limit (docker run --memory, sbatch --mem).",
        "此容器或任务只能使用 {machine:.1f} GiB 中的 {total:.1f}，而仅训练引擎就要 1.5。"
        "请提高限制（docker run --memory、sbatch --mem）。",
    ),
    "shm.ok": ("{size:.1f} GiB", "{size:.1f} GiB"),
    "shm.small": (
        "Only {size:.2f} GiB in /dev/shm: too little for data-loader workers and several GPUs. "
        "Give the container more:",
        "共享内存（/dev/shm）只有 {size:.2f} GiB，不够数据加载进程和多块显卡使用。请给容器更多：",
    ),
    "shm.missing": (
        "There is no /dev/shm: keep train.dataloader_num_workers at 0.",
        "没有 /dev/shm：请让 train.dataloader_num_workers 保持为 0。",
    ),
    "wsl.ok": ("{total:.1f} GiB of Windows' memory", "分到 Windows 内存中的 {total:.1f} GiB"),
    "wsl.capped": (
        "WSL has {total:.1f} GiB, by default half of what Windows has. For more, write "
        "[wsl2] and memory=24GB into %UserProfile%\\.wslconfig, then in Windows:",
        "WSL 有 {total:.1f} GiB，默认为 Windows 内存的一半。要增加，请在 "
        "%UserProfile%\\.wslconfig 中写入 [wsl2] 和 memory=24GB，然后在 Windows 中运行：",
    ),
    "wsl.windows_drive": (
        "{folder} lies on a drive of Windows, which WSL reads and writes many times slower. Put "
        "projects into Linux's own home:",
        "{folder} 在 Windows 的磁盘上，WSL 读写要慢很多倍。请把项目放到 Linux 的主目录：",
    ),
    # --- hubs, token, clock, text -------------------------------------------------------------
    "hub.ok": ("{there} answer", "{there} 可以访问"),
    "hub.ok_some": ("{there} answers; not {others}", "{there} 可以访问；{others} 不能"),
    "hub.ok_other": (
        "{others} cannot be reached; {there} can, if you name it:",
        "无法访问 {others}；可以访问 {there}，指定它即可：",
    ),
    "hub.silent": (
        "{others} did not answer within 1.5 s. Downloads may be slow or fail; models on this "
        "machine train without. In China, a mirror:",
        "{others} 在 1.5 秒内没有响应，下载可能很慢或失败；本机已有的模型不受影响。"
        "在中国大陆可以使用镜像：",
    ),
    "hub.unreachable": (
        "{others} cannot be reached ({reason}). Models on this machine train without. In China, a "
        "mirror:",
        "无法访问 {others}（{reason}）。本机已有的模型不受影响。在中国大陆可以使用镜像：",
    ),
    "hub.offline": (
        "HF_HUB_OFFLINE forbids downloads; models on this machine train without.",
        "设置了 HF_HUB_OFFLINE，禁止下载；本机已有的模型不受影响。",
    ),
    "token.there": ("there is one for Hugging Face", "已有 Hugging Face 的令牌"),
    "token.none": (
        "none; only gated models, such as Llama and Gemma, ask for one (hf auth login)",
        "没有；只有 Llama、Gemma 等需要申请的模型才要求（hf auth login）",
    ),
    "clock.ok": ("{now}", "{now}"),
    "clock.compared": ("{now}, as at the hub", "{now}，与站点一致"),
    "clock.off": (
        "{now} is {minutes} {minutes|minute|minutes} off: secure connections and the times of "
        "runs go wrong.",
        "{now}，与实际相差 {minutes} 分钟：安全连接和训练时间都会出错。",
    ),
    "clock.early": (
        "{now} is earlier than xtgui was installed: secure connections and the times of runs go "
        "wrong.",
        "{now} 早于 xtgui 的安装时间：安全连接和训练时间都会出错。",
    ),
    "locale.ok": ("{encoding} ({locale})", "{encoding}（{locale}）"),
    "locale.narrow": (
        "{encoding} cannot show Chinese and some file names.",
        "{encoding} 无法显示中文和某些文件名。",
    ),
    # --- --deep -------------------------------------------------------------------------------
    "deep.ok": (
        "quantised and trained on {device}: two steps in {step_s:.1f} s, {seconds:.0f} s in all",
        "已在 {device} 上量化并训练：两步 {step_s:.1f} 秒，共 {seconds:.0f} 秒",
    ),
    "deep.no_4bit": (
        "Trained on {device}, but nothing can be quantised: qlora does not work here. {reason}",
        "已在 {device} 上训练，但无法量化：不能使用 qlora。{reason}",
    ),
    "deep.on_cpu": (
        "Trained on the CPU although there is a GPU: torch cannot use it.",
        "有显卡，但训练是在 CPU 上进行的：torch 无法使用显卡。",
    ),
    "deep.failed": (
        "A tiny model could not be trained. {problem} Log: {log}",
        "无法训练一个极小的模型。{problem} 日志：{log}",
    ),
}
