"""Failures of this machine and of the training itself; `faults` takes these texts in."""

TEXTS: dict[str, tuple[str, str]] = {
    "shared_memory_full": (
        "The workers that load data ran out of shared memory.",
        "加载数据的子进程用完了共享内存。",
    ),
    "shared_memory_full.why": (
        "They pass samples on through /dev/shm, which a container often limits to 64 MB.",
        "子进程通过 /dev/shm 传递样本，容器通常只给它 64 MB。",
    ),
    "shared_memory_full.hint": (
        "Load data without workers: xtgui train --fresh --set train.dataloader_num_workers=0. Or "
        "start the container with --shm-size=8g.",
        "请不用子进程加载数据：xtgui train --fresh --set train.dataloader_num_workers=0；"
        "或启动容器时加上 --shm-size=8g。",
    ),
    # --- graphics cards
    "no_gpu": (
        "This needs an NVIDIA GPU, and PyTorch finds none here.",
        "需要 NVIDIA 显卡，但 PyTorch 没有找到。",
    ),
    "no_gpu.why": (
        "The config was written for a machine with a GPU, the driver is missing, or the container "
        "was started without --gpus all.",
        "配置是为有显卡的机器写的，或没有安装驱动，或启动容器时没有加 --gpus all。",
    ),
    "no_gpu.hint": (
        "Does `nvidia-smi` list a card? If there is none, write a config for this machine: "
        "xtgui init --step 3",
        "用 `nvidia-smi` 能看到显卡吗？如果确实没有，请为本机重新生成配置：xtgui init --step 3",
    ),
    "driver_too_old": (
        "The NVIDIA driver is too old for this PyTorch.",
        "NVIDIA 驱动对这个版本的 PyTorch 来说太旧。",
    ),
    "driver_too_old.why": (
        "PyTorch was built for a newer CUDA than the driver knows.",
        "PyTorch 使用的 CUDA 版本比驱动支持的新。",
    ),
    "driver_too_old.hint": (
        "Update the driver: `nvidia-smi` shows the newest CUDA that it can run. Or name an "
        "environment with a PyTorch for that CUDA: xtgui setup --python PATH",
        "请升级驱动，`nvidia-smi` 会显示它支持的最高 CUDA 版本；"
        "或指定装有相应 PyTorch 的环境：xtgui setup --python PATH",
    ),
    "gpu_not_supported": (
        "A library has no code for this generation of GPU.",
        "某个程序库不支持这一代显卡。",
    ),
    "gpu_not_supported.why": (
        "PyTorch, bitsandbytes and flash-attn each support certain generations only; yours is too "
        "old or too new for the installed one.",
        "PyTorch、bitsandbytes 和 flash-attn 各自只支持某几代显卡，"
        "你的显卡对已安装的版本来说太旧或太新。",
    ),
    "gpu_not_supported.hint": (
        "The log names the library. For a new card install newer versions: xtgui setup. "
        "For an old card remove flash-attn: pip uninstall flash-attn",
        "日志中有程序库的名字。新显卡请安装更新的版本：xtgui setup；"
        "旧显卡请卸载 flash-attn：pip uninstall flash-attn",
    ),
    "gpu_busy": (
        "Another program has the GPU to itself.",
        "显卡被其他程序独占。",
    ),
    "gpu_busy.why": (
        "The card is in exclusive mode, or its driver hangs.",
        "显卡处于独占模式，或驱动已失去响应。",
    ),
    "gpu_busy.hint": (
        "`nvidia-smi` lists the programs that use it. Choose another card: "
        "CUDA_VISIBLE_DEVICES=1 xtgui train",
        "用 `nvidia-smi` 查看占用的程序，或换一块显卡：CUDA_VISIBLE_DEVICES=1 xtgui train",
    ),
    "gpu_failed": (
        "The GPU failed while it computed.",
        "显卡在计算时出错。",
    ),
    "gpu_failed.why": (
        "Damaged GPU memory, heat, too little power, or a bug in a CUDA kernel.",
        "可能是显存损坏、过热、供电不足，或 CUDA 内核有缺陷。",
    ),
    "gpu_failed.hint": (
        "Resume: xtgui train --resume. If it happens again, look at `nvidia-smi -q -d ECC` and "
        "`dmesg | grep -i xid`, and try another card.",
        "请先续训：xtgui train --resume。如果再次出现，请查看 `nvidia-smi -q -d ECC` 和 "
        "`dmesg | grep -i xid`，并换一块显卡试试。",
    ),
    "no_bf16": (
        "This GPU cannot compute in bfloat16.",
        "这块显卡不支持 bfloat16。",
    ),
    "no_bf16.why": (
        "Cards before Ampere (V100, T4, RTX 20) have float16 only.",
        "Ampere 之前的显卡（V100、T4、RTX 20 系列）只支持 float16。",
    ),
    "no_bf16.hint": (
        "Write a config for this card: xtgui init --step 3. In a config of your own, set "
        "dtype='float16'.",
        "请为这块显卡重新生成配置：xtgui init --step 3；自己的配置中请设 dtype='float16'。",
    ),
    "gpus_cannot_talk": (
        "The processes of this training lost contact with each other (NCCL).",
        "各训练进程之间失去了联系（NCCL）。",
    ),
    "gpus_cannot_talk.why": (
        "One of them ended, often for lack of memory, or the connection between the cards or "
        "machines does not work.",
        "其中一个进程已经结束（常见原因是内存或显存不足），或显卡、机器之间的连接有问题。",
    ),
    "gpus_cannot_talk.hint": (
        "Look for the first error of any process: xtgui logs. If there is none: "
        "NCCL_DEBUG=INFO xtgui train says what fails.",
        "请查找各进程中最早的错误：xtgui logs。如果没有，可用 NCCL_DEBUG=INFO xtgui train "
        "查看哪一步失败。",
    ),
    "gpus_waited_too_long": (
        "One process of this training waited too long for another.",
        "某个训练进程等待其他进程的时间过长。",
    ),
    "gpus_waited_too_long.why": (
        "Usually the first one still prepares a large data set while the others wait, or one has "
        "died.",
        "通常是第一个进程还在处理大数据集而其他进程在等待，或其中一个进程已经结束。",
    ),
    "gpus_waited_too_long.hint": (
        "Give it more minutes: XTUNER_DATASET_TIMEOUT=120 xtgui train. Where NCCL's watchdog ends "
        "it, also set the seconds in the config: env_cfg['dist_cfg']['timeout'] = 7200.",
        "请延长等待时间（分钟）：XTUNER_DATASET_TIMEOUT=120 xtgui train；如果是被 NCCL 的 watchdog "
        "终止，还要在配置中设定秒数：env_cfg['dist_cfg']['timeout'] = 7200。",
    ),
    "port_in_use": (
        "Port {port}, over which the training processes talk, is in use.",
        "训练进程通信所用的端口 {port} 已被占用。",
    ),
    "port_in_use.why": (
        "Another training uses it, or one that ended badly still holds it.",
        "另一个训练正在使用，或异常结束的训练仍占着它。",
    ),
    "port_in_use.hint": (
        "Take another one: MASTER_PORT=29511 xtgui train",
        "请换一个端口：MASTER_PORT=29511 xtgui train",
    ),
    "no_process_group": (
        "This config trains in several processes, and was started in one.",
        "配置要求多进程训练，但只启动了一个进程。",
    ),
    "no_process_group.why": (
        "Sequence parallelism, DeepSpeed and some attention code of XTuner ask for torch's process "
        "group, which only a launcher makes.",
        "序列并行、DeepSpeed 和 XTuner 的部分注意力代码需要 torch 的进程组，而进程组由启动器创建。",
    ),
    "no_process_group.hint": (
        "Write a config for one process: xtgui init --step 3. Or start it on several GPUs with "
        "XTuner: NPROC_PER_NODE=2 xtuner train CONFIG",
        "请生成单进程的配置：xtgui init --step 3；或用 XTuner 在多块显卡上启动："
        "NPROC_PER_NODE=2 xtuner train CONFIG",
    ),
    # --- disks and files
    "no_permission": (
        "A file or folder may not be read or written: {reason}",
        "没有读写权限：{reason}",
    ),
    "no_permission.why": (
        "It belongs to another user, or its folder does.",
        "它或所在的文件夹属于其他用户。",
    ),
    "no_permission.hint": (
        "`ls -ld FOLDER` shows the owner. Get permission from them, then: xtgui train --resume. Or "
        "work in a folder of your own: --root DIR",
        "用 `ls -ld 文件夹` 查看所有者。取得权限后运行 xtgui train --resume，"
        "或换用自己的文件夹：--root DIR",
    ),
    "disk_read_only.why": (
        "Most often the system has found it damaged, or lost its connection: see `dmesg | tail`.",
        "通常是系统发现磁盘损坏或连接中断，可用 `dmesg | tail` 查看。",
    ),
    "disk_failed": (
        "The disk does not answer: {reason}",
        "磁盘没有响应：{reason}",
    ),
    "disk_failed.why": (
        "The disk is defective, or the connection to a network folder was lost.",
        "磁盘可能已损坏，或与网络文件夹的连接中断。",
    ),
    "disk_failed.hint": (
        "Look at `dmesg | tail`, mount the folder again, then: xtgui train --resume. The checksum "
        "of the checkpoint is tested first.",
        "请查看 `dmesg | tail` 并重新挂载文件夹，然后运行 xtgui train --resume。"
        "续训前会先校验检查点。",
    ),
    "too_many_files": (
        "The training has more files open than it may.",
        "训练打开的文件数超过了上限。",
    ),
    "too_many_files.why": (
        "Each worker that loads data holds some, and the shell's limit is low.",
        "每个加载数据的子进程都会占用一些，而 shell 的上限较低。",
    ),
    "too_many_files.hint": (
        "Raise the limit: ulimit -n 65536 && xtgui train --resume",
        "请调高上限：ulimit -n 65536 && xtgui train --resume",
    ),
    "file_gone": (
        "A file of this training has gone: {reason}",
        "训练用到的文件不见了：{reason}",
    ),
    "file_gone.why": (
        "work_dir was moved, renamed or deleted while the training ran, or its disk was unmounted.",
        "训练期间 work_dir 被移动、改名或删除，或所在磁盘被卸载。",
    ),
    "file_gone.hint": (
        "Put it back where it was, then: xtgui train --resume",
        "请放回原处，然后运行 xtgui train --resume",
    ),
    "system_library_missing": (
        "A library of the system is missing: {library}",
        "缺少系统库：{library}",
    ),
    "system_library_missing.why": (
        "A Python package was built for another version of CUDA, or of this system.",
        "某个 Python 包是为其他版本的 CUDA 或系统编译的。",
    ),
    "system_library_missing.hint": (
        "Install packages that fit each other: xtgui setup",
        "请重新安装相互匹配的包：xtgui setup",
    ),
    "system_too_old": (
        "A package needs a newer Linux: {version} is missing.",
        "某个包需要更新的 Linux：缺少 {version}。",
    ),
    "system_too_old.why": (
        "It was built with a newer C or C++ library than this system has.",
        "它编译时使用的 C/C++ 库比本系统的新。",
    ),
    "system_too_old.hint": (
        "Train in a newer system or container (Ubuntu 22.04 or later), or install the packages "
        "again: xtgui setup",
        "请在更新的系统或容器中训练（Ubuntu 22.04 或更高），或重新安装：xtgui setup",
    ),
    # --- the training itself
    "worker_killed.why": (
        "Most often the memory (RAM) ran out: each worker takes some. `dmesg | tail` tells.",
        "最常见的原因是内存不足：每个子进程都会占用一部分。可用 `dmesg | tail` 查看。",
    ),
    "nothing_to_train": (
        "No weight of this model is being trained.",
        "模型没有任何可训练的权重。",
    ),
    "nothing_to_train.why": (
        "The config freezes the model and puts no adapter on it: freeze_llm is True and lora is "
        "missing.",
        "配置冻结了模型却没有加适配器：freeze_llm 为 True 而没有 lora。",
    ),
    "nothing_to_train.hint": (
        "Write a new config: xtgui init --step 3. In one of your own, add lora or set "
        "freeze_llm=False.",
        "请重新生成配置：xtgui init --step 3；自己的配置中请加上 lora，或设 freeze_llm=False。",
    ),
    "dtypes_mixed": (
        "Parts of the model have different number types: {reason}",
        "模型各部分的数据类型不一致：{reason}",
    ),
    "dtypes_mixed.why": (
        "The config loads the model in 16 bits and trains without AmpOptimWrapper, or the adapter "
        "has another type than its base.",
        "配置以 16 位加载模型，训练时却没有用 AmpOptimWrapper；或适配器与基座的类型不同。",
    ),
    "dtypes_mixed.hint": (
        "Write a config that fits this machine: xtgui init --step 3",
        "请生成适合本机的配置：xtgui init --step 3",
    ),
    "token_out_of_range": (
        "The data have a token, or a length, that the model does not know.",
        "数据中有模型不认识的 token 或长度。",
    ),
    "token_out_of_range.why": (
        "The tokenizer belongs to another model or got tokens that the model's embedding lacks, or "
        "max_length is longer than the positions that the model has.",
        "分词器属于另一个模型，或新增的 token 在词嵌入中不存在；也可能是 max_length 超过了模型的"
        "位置上限。",
    ),
    "token_out_of_range.hint": (
        "`xtgui check model` compares the two. For the length: "
        "xtgui train --fresh --set train.max_length=1024",
        "可用 `xtgui check model` 比较两者。如果是长度："
        "xtgui train --fresh --set train.max_length=1024",
    ),
    "template_unanswered": (
        "The model's chat template could not be rendered: {reason}",
        "无法渲染模型的对话模板：{reason}",
    ),
    "template_unanswered.why": (
        "It is rendered in a process of its own, which got no core or no memory on this machine, "
        "or which somebody ended. Without it, other tokens might stand before each conversation.",
        "模板在单独的进程中渲染，而该进程得不到 CPU 或内存，或被外部终止。"
        "如果跳过它，每段对话前的 token 可能会不同。",
    ),
    "template_unanswered.hint": (
        "Try again when the machine is less busy.",
        "请等机器空闲一些后重试。",
    ),
}
