"""Failures of the machine and of training itself; `faults` includes these texts."""

TEXTS: dict[str, tuple[str, str]] = {
    "shared_memory_full": (
        "The processes that load the data ran out of shared memory.",
        "数据加载子进程用完了共享内存。",
    ),
    "shared_memory_full.why": (
        "They pass samples through /dev/shm, which containers often limit to 64 MB.",
        "子进程通过 /dev/shm 传递样本，容器通常只给它 64 MB。",
    ),
    "shared_memory_full.hint": (
        "Load the data without these processes: xtgui train --fresh --set "
        "train.dataloader_num_workers=0. Or start the container with --shm-size=8g.",
        "请不用子进程加载数据：xtgui train --fresh --set train.dataloader_num_workers=0；"
        "或启动容器时加上 --shm-size=8g。",
    ),
    # --- graphics cards
    "no_gpu": (
        "This needs an NVIDIA GPU, but PyTorch finds none.",
        "需要 NVIDIA 显卡，但 PyTorch 没有找到。",
    ),
    "no_gpu.why": (
        "The config was written for a machine with a GPU, the driver is missing, or the container "
        "was started without --gpus all.",
        "配置是为有显卡的机器写的，或没有安装驱动，或启动容器时没有加 --gpus all。",
    ),
    "no_gpu.hint": (
        "If `nvidia-smi` lists no GPU, write a config for this machine: xtgui init --step 3",
        "如果 `nvidia-smi` 没有列出显卡，请为本机重新生成配置：xtgui init --step 3",
    ),
    "driver_too_old": (
        "The NVIDIA driver is too old for this PyTorch.",
        "NVIDIA 驱动太旧，不支持这个版本的 PyTorch。",
    ),
    "driver_too_old.why": (
        "PyTorch was built for a newer CUDA than the driver supports.",
        "PyTorch 使用的 CUDA 版本比驱动支持的新。",
    ),
    "driver_too_old.hint": (
        "Update the driver: `nvidia-smi` shows the newest CUDA it supports. Or use an environment "
        "with a PyTorch for that CUDA: xtgui setup --python PATH",
        "请升级驱动，`nvidia-smi` 会显示它支持的最高 CUDA 版本；或改用装有相应 PyTorch 的环境："
        "xtgui setup --python PATH",
    ),
    "gpu_not_supported": (
        "A library does not support this generation of GPU.",
        "某个程序库不支持这一代显卡。",
    ),
    "gpu_not_supported.why": (
        "PyTorch, bitsandbytes and flash-attn each support only certain generations; yours is too "
        "old or too new for the installed version.",
        "PyTorch、bitsandbytes 和 flash-attn 各自只支持某几代显卡，"
        "你的显卡对已安装的版本来说太旧或太新。",
    ),
    "gpu_not_supported.hint": (
        "The log names the library. For a new GPU, install newer versions: xtgui setup. For an "
        "old GPU, remove flash-attn: pip uninstall flash-attn",
        "日志中有程序库的名称。新显卡请安装更新的版本：xtgui setup；旧显卡请卸载 flash-attn："
        "pip uninstall flash-attn",
    ),
    "gpu_busy": ("Another program has exclusive use of the GPU.", "其他程序独占了显卡。"),
    "gpu_busy.why": (
        "The GPU is in exclusive mode, or its driver hangs.",
        "显卡处于独占模式，或驱动已失去响应。",
    ),
    "gpu_busy.hint": (
        "`nvidia-smi` lists the programs that use it. To choose another GPU: "
        "CUDA_VISIBLE_DEVICES=1 xtgui train",
        "用 `nvidia-smi` 查看占用显卡的程序，或换一张显卡：CUDA_VISIBLE_DEVICES=1 xtgui train",
    ),
    "gpu_failed": ("The GPU failed during computation.", "显卡在计算时出错。"),
    "gpu_failed.why": (
        "Possible causes: faulty GPU memory, overheating, too little power, or a bug in a CUDA "
        "kernel.",
        "可能是显存损坏、过热、供电不足，或 CUDA 内核有缺陷。",
    ),
    "gpu_failed.hint": (
        "Resume: xtgui train --resume. If it happens again, look at `nvidia-smi -q -d ECC` and "
        "`dmesg | grep -i xid`, and try another GPU.",
        "请先续训：xtgui train --resume。如果再次出现，请查看 `nvidia-smi -q -d ECC` 和 `dmesg | "
        "grep -i xid`，并换一张显卡试试。",
    ),
    "no_bf16": ("This GPU does not support bfloat16.", "这张显卡不支持 bfloat16。"),
    "no_bf16.why": (
        "GPUs before Ampere (V100, T4, RTX 20) support only float16.",
        "Ampere 之前的显卡（V100、T4、RTX 20 系列）只支持 float16。",
    ),
    "no_bf16.hint": (
        "Write a config for this GPU: xtgui init --step 3. In your own config, set "
        "dtype='float16'.",
        "请为这张显卡重新生成配置：xtgui init --step 3；自己的配置中请设 dtype='float16'。",
    ),
    "gpus_cannot_talk": (
        "The training processes lost contact with each other (NCCL).",
        "各训练进程之间失去了联系（NCCL）。",
    ),
    "gpus_cannot_talk.why": (
        "One of them ended, often because it ran out of memory, or the connection between GPUs or "
        "machines does not work.",
        "其中一个进程已经结束（常见原因是内存或显存不足），或显卡、机器之间的连接有问题。",
    ),
    "gpus_cannot_talk.hint": (
        "Look for the first error of any process: xtgui logs. If there is none: NCCL_DEBUG=INFO "
        "xtgui train shows what fails.",
        "请查找各进程中最早的错误：xtgui logs。如果没有，可用 NCCL_DEBUG=INFO xtgui train 查看哪一"
        "步失败。",
    ),
    "gpus_waited_too_long": (
        "One training process waited too long for another.",
        "某个训练进程等待其他进程的时间过长。",
    ),
    "gpus_waited_too_long.why": (
        "Usually the first one is still preparing a large dataset while the others wait, or one "
        "has died.",
        "通常是第一个进程还在处理大数据集，其他进程在等待；或其中一个进程已经结束。",
    ),
    "gpus_waited_too_long.hint": (
        "Allow more minutes: XTUNER_DATASET_TIMEOUT=120 xtgui train. If NCCL's watchdog ends it, "
        "also set the seconds in the config: env_cfg['dist_cfg']['timeout'] = 7200.",
        "请延长等待时间（分钟）：XTUNER_DATASET_TIMEOUT=120 xtgui train；"
        "如果是被 NCCL 的 watchdog 终止，还要在配置中设置秒数：env_cfg['dist_cfg']['timeout'] = "
        "7200。",
    ),
    "port_in_use": (
        "Port {port}, which the training processes use to communicate, is in use.",
        "训练进程通信所用的端口 {port} 已被占用。",
    ),
    "port_in_use.why": (
        "Another training uses it, or one that crashed still holds it.",
        "另一个训练正在使用它，或崩溃的训练仍占着它。",
    ),
    "port_in_use.hint": (
        "Use another port: MASTER_PORT=29511 xtgui train",
        "请换一个端口：MASTER_PORT=29511 xtgui train",
    ),
    "no_process_group": (
        "This config needs several processes, but only one was started.",
        "配置需要多个进程，但只启动了一个。",
    ),
    "no_process_group.why": (
        "Sequence parallelism, DeepSpeed and some attention code of XTuner need torch's process "
        "group, which only a launcher creates.",
        "序列并行、DeepSpeed 和 XTuner 的部分注意力代码需要 torch 的进程组，只有启动器会创建它。",
    ),
    "no_process_group.hint": (
        "Write a config for one process: xtgui init --step 3. Or start it on several GPUs with "
        "XTuner: NPROC_PER_NODE=2 xtuner train CONFIG",
        "请生成单进程的配置：xtgui init --step 3；或用 XTuner 在多张显卡上启动："
        "NPROC_PER_NODE=2 xtuner train CONFIG",
    ),
    # --- disks and files
    "no_permission": ("No permission to read or write: {reason}", "没有读写权限：{reason}"),
    "no_permission.why": (
        "The file or its folder belongs to another user.",
        "文件或其所在的文件夹属于其他用户。",
    ),
    "no_permission.hint": (
        "`ls -ld FOLDER` shows the owner. Ask for permission, then: xtgui train --resume. Or use "
        "your own folder: --root DIR",
        "用 `ls -ld 文件夹` 查看所有者。获得权限后运行 xtgui train --resume，或换用自己的文件夹："
        "--root DIR",
    ),
    "disk_read_only.why": (
        "Usually the system found errors on the disk or lost the connection to it: see `dmesg | "
        "tail`.",
        "通常是系统发现磁盘错误或连接中断，可用 `dmesg | tail` 查看。",
    ),
    "disk_failed": ("The disk does not respond: {reason}", "磁盘没有响应：{reason}"),
    "disk_failed.why": (
        "The disk is faulty, or the connection to a network folder was lost.",
        "磁盘可能已损坏，或与网络文件夹的连接中断。",
    ),
    "disk_failed.hint": (
        "Look at `dmesg | tail`, mount the folder again, then: xtgui train --resume. xtgui "
        "verifies the checkpoint first.",
        "请查看 `dmesg | tail` 并重新挂载文件夹，然后运行 xtgui train --resume。"
        "续训前会先校验检查点。",
    ),
    "too_many_files": (
        "Training has more files open than allowed.",
        "训练打开的文件数超过了上限。",
    ),
    "too_many_files.why": (
        "Each process that loads data opens some, and the shell's limit is low.",
        "每个数据加载子进程都会打开一些文件，而 shell 的上限较低。",
    ),
    "too_many_files.hint": (
        "Raise the limit: ulimit -n 65536 && xtgui train --resume",
        "请调高上限：ulimit -n 65536 && xtgui train --resume",
    ),
    "file_gone": (
        "A file of this training has disappeared: {reason}",
        "训练用到的文件不见了：{reason}",
    ),
    "file_gone.why": (
        "work_dir was moved, renamed or deleted during training, or its disk was unmounted.",
        "训练期间 work_dir 被移动、改名或删除，或所在磁盘被卸载。",
    ),
    "file_gone.hint": (
        "Put it back, then: xtgui train --resume",
        "请放回原处，然后运行 xtgui train --resume",
    ),
    "system_library_missing": ("A system library is missing: {library}", "缺少系统库：{library}"),
    "system_library_missing.why": (
        "A Python package was built for another version of CUDA or of this system.",
        "某个 Python 包是为其他版本的 CUDA 或系统编译的。",
    ),
    "system_library_missing.hint": (
        "Install matching packages: xtgui setup",
        "请安装相互匹配的包：xtgui setup",
    ),
    "system_too_old": (
        "A package needs a newer Linux: {version} is missing.",
        "某个包需要更新的 Linux：缺少 {version}。",
    ),
    "system_too_old.why": (
        "It was built with a newer C or C++ library than this system has.",
        "编译它所用的 C/C++ 库比本系统的新。",
    ),
    "system_too_old.hint": (
        "Train in a newer system or container (Ubuntu 22.04 or newer), or reinstall the packages: "
        "xtgui setup",
        "请在更新的系统或容器（Ubuntu 22.04 或更高版本）中训练，或重新安装软件包：xtgui setup",
    ),
    # --- the training itself
    "worker_killed.why": (
        "Most often the machine ran out of memory (RAM): each of these processes uses some. See "
        "`dmesg | tail`.",
        "最常见的原因是内存不足：每个子进程都会占用一部分。可用 `dmesg | tail` 查看。",
    ),
    "nothing_to_train": ("This model has no trainable weights.", "模型没有可训练的权重。"),
    "nothing_to_train.why": (
        "The config freezes the model without adding an adapter: freeze_llm is True and lora is "
        "missing.",
        "配置冻结了模型却没有加适配器：freeze_llm 为 True，但没有 lora。",
    ),
    "nothing_to_train.hint": (
        "Write a new config: xtgui init --step 3. In your own config, add lora or set "
        "freeze_llm=False.",
        "请重新生成配置：xtgui init --step 3；自己的配置中请加上 lora，或设 freeze_llm=False。",
    ),
    "dtypes_mixed": (
        "Parts of the model have different data types: {reason}",
        "模型各部分的数据类型不一致：{reason}",
    ),
    "dtypes_mixed.why": (
        "The config loads the model in 16 bits but trains without AmpOptimWrapper, or the adapter "
        "and the base model have different types.",
        "配置以 16 位加载模型，训练时却没有用 AmpOptimWrapper；或适配器与基座模型的类型不同。",
    ),
    "dtypes_mixed.hint": (
        "Write a config for this machine: xtgui init --step 3",
        "请为本机重新生成配置：xtgui init --step 3",
    ),
    "token_out_of_range": (
        "The data contains a token, or a length, that the model does not support.",
        "数据中有模型不支持的 token 或长度。",
    ),
    "token_out_of_range.why": (
        "The tokenizer belongs to another model or has new tokens that the model's embedding "
        "lacks, or max_length exceeds the model's context length.",
        "分词器属于另一个模型，或新增的 token 在词嵌入中不存在；也可能是 max_length 超过了模型的上"
        "下文长度。",
    ),
    "token_out_of_range.hint": (
        "`xtgui check model` compares the model with its tokenizer. If it is the length: xtgui "
        "train --fresh --set train.max_length=1024",
        "可用 `xtgui check model` 比较模型与分词器。如果是长度的问题："
        "xtgui train --fresh --set train.max_length=1024",
    ),
    "template_unanswered": (
        "Cannot render the model's chat template: {reason}",
        "无法渲染模型的对话模板：{reason}",
    ),
    "template_unanswered.why": (
        "xtgui renders it in a separate process, which got no CPU or memory on this machine or "
        "was killed. Without it, each conversation might start with other tokens.",
        "xtgui 在单独的进程中渲染模板，而该进程得不到 CPU 或内存，或被强制结束。如果跳过这一步，"
        "每段对话开头的 token 可能不同。",
    ),
    "template_unanswered.hint": (
        "Try again when the machine is less busy.",
        "请等机器空闲一些后重试。",
    ),
}
