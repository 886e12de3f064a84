"""Downloads of models and datasets."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- on the way
    "asks": ("Looking up {id} on {host} ...", "正在 {host} 上查询 {id} ……"),
    "begins": (
        "{id} from {hub} ({host}): {files}, {size}",
        "{id}，来自 {hub}（{host}）：{files}，共 {size}",
    ),
    "one_file": ("1 file", "1 个文件"),
    "files": ("{count} {count|file|files}", "{count} 个文件"),
    "here": ("  {size} of it is already downloaded.", "  其中 {size} 已下载。"),
    "file_done": ("  {file}  {size}", "  {file}  {size}"),
    "line": (
        "  {percent}%  {done} of {total}  {speed}  {left} left",
        "  {percent}%  {done} / {total}  {speed}  剩余 {left}",
    ),
    "checks": ("checking {file}", "校验 {file}"),
    "checks_line": ("  Checking {file} ({size}) ...", "  正在校验 {file}（{size}）……"),
    "speed": ("{size}/s", "{size}/s"),
    "unknown_time": ("?", "？"),
    "checked": (
        "✓ {files}, {size}: complete; sizes and checksums match {hub}.",
        "✓ {files}，共 {size}：下载完整，大小和校验值与 {hub} 一致。",
    ),
    "checked_sizes": (
        "✓ {files}, {size}: complete. {hub} lists no checksum for {unknown} of them; "
        "{unknown|its size matches|their sizes match}.",
        "✓ {files}，共 {size}：下载完整。{hub} 未提供其中 {unknown} 个文件的校验值，只核对了大小。",
    ),
    "was_here": (
        "✓ {id} is already downloaded and complete: {files}, {size}. xtgui did not connect to the "
        "internet.",
        "✓ {id} 已下载且完整：{files}，共 {size}。没有访问网络。",
    ),
    "code": (
        "It comes with Python code: {files}. The code runs only if you set "
        "model.trust_remote_code=true.",
        "其中带有 Python 代码：{files}。只有设置 model.trust_remote_code=true 才会执行。",
    ),
    "next_model": (
        "Use it:\nxtgui init --set model.path={folder}",
        "使用该模型：\nxtgui init --set model.path={folder}",
    ),
    "next_dataset": (
        "Check one of its files:\nxtgui check data {file}",
        "检查其中的文件：\nxtgui check data {file}",
    ),
    "kept": (
        "Downloaded data is kept; run the same command to resume.",
        "已下载的部分会保留，再次运行同一条命令即可续传。",
    ),
    "again": ("  {file}: {why}. Retrying in {seconds} s.", "  {file}：{why}。{seconds} 秒后重试。"),
    "why_stalled": ("the download stalled", "下载停滞"),
    "why_slow": ("slower than {least:g} bytes per second", "每秒不足 {least:g} 字节"),
    "why_cut": ("connection lost", "连接中断"),
    "why_name": ("cannot resolve the host name", "域名无法解析"),
    "why_refused": ("connection refused", "连接被拒绝"),
    "why_certificate": ("its certificate is not trusted", "证书校验失败"),
    "why_timeout": ("timed out", "连接超时"),
    "busy_hub": (
        "  {host} is busy (HTTP {status}). Retrying in {seconds} s.",
        "  {host} 繁忙（HTTP {status}）。{seconds} 秒后重试。",
    ),
    "damaged_again": (
        "  {file} arrived damaged. Downloading it again.",
        "  {file} 下载后校验不一致，正在重新下载。",
    ),
    "changed": (
        "  {file} has changed since it was downloaded. Downloading it again.",
        "  {file} 在下载之后有改动，将重新下载。",
    ),
    "set_aside": ("  The existing {file} is kept as {kept}", "  原有的 {file} 已保留为 {kept}"),
    # --- what goes wrong
    "bad_id": (
        "{id} is not a valid name of a model or dataset.",
        "{id} 不是有效的模型或数据集名称。",
    ),
    "bad_id.hint": (
        "A name looks like user/name, for example Qwen/Qwen2.5-0.5B-Instruct. The address of its "
        "page works too.",
        "名称形如 user/name，例如 Qwen/Qwen2.5-0.5B-Instruct；也可以直接粘贴页面地址。",
    ),
    "other_kind": ("That page is not of the kind you asked for.", "这个页面的类型与要下载的不符。"),
    "other_kind.hint": ("Run: xtgui download {other} {id}", "请运行：xtgui download {other} {id}"),
    "known_as_dataset": ("{id} is a dataset, not a model.", "{id} 是数据集，不是模型。"),
    "known_as_dataset.hint": (
        "Run: xtgui download dataset {id}",
        "请运行：xtgui download dataset {id}",
    ),
    "known_as_model": ("{id} is a model, not a dataset.", "{id} 是模型，不是数据集。"),
    "known_as_model.hint": ("Run: xtgui download model {id}", "请运行：xtgui download model {id}"),
    "bad_endpoint": (
        "{endpoint} is not a valid hub address.",
        "{endpoint} 不是有效的模型社区地址。",
    ),
    "bad_endpoint.hint": (
        "Write the full address, for example https://hf-mirror.com",
        "请写出完整地址，例如 https://hf-mirror.com",
    ),
    "too_many_files": (
        "{host} lists more than {most:,} files for {id}.",
        "{host} 列出的 {id} 文件超过 {most:,} 个。",
    ),
    "too_many_files.hint": (
        "This is not a model or dataset for training. Check the name and the address.",
        "这不像是可用于训练的模型或数据集，请检查名称和地址。",
    ),
    "too_long_answer": (
        "The response from {host} about {id} is endless or far too long.",
        "{host} 关于 {id} 的应答过长，或没有结束。",
    ),
    "too_long_answer.hint": (
        "A hub does not respond like this. Check the address.",
        "这不是模型社区的应答，请检查地址。",
    ),
    "bad_order": (
        "Expected a list of hubs for download.order in {path}.",
        "{path} 中的 download.order 须为下载源列表。",
    ),
    "bad_order.hint": (
        'For example: order = ["modelscope", "huggingface"]',
        '例如：order = ["modelscope", "huggingface"]',
    ),
    "bad_hosts": (
        "Expected a list of host names for download.token_hosts in {path}.",
        "{path} 中的 download.token_hosts 须为主机名列表。",
    ),
    "bad_hosts.hint": (
        'For example: token_hosts = ["hub.example.com"]',
        '例如：token_hosts = ["hub.example.com"]',
    ),
    "not_found": (
        "{host} has no {kind} {id}, or you do not have access to it.",
        "{host} 上没有 {id}，或者你没有访问权限。",
    ),
    "not_found.hint": (
        "Check the spelling, including upper and lower case, on {page}. If it is a private "
        "{kind}, log in: {login}. If it is the other kind: xtgui download dataset, xtgui download "
        "model.",
        "请在 {page} 核对名称（区分大小写）。如果是私有仓库，请先登录：{login}。也请确认类型："
        "模型用 xtgui download model，数据集用 xtgui download dataset。",
    ),
    "not_found_near": (
        "{host} has no {kind} {id}, or you do not have access to it.",
        "{host} 上没有 {id}，或者你没有访问权限。",
    ),
    "not_found_near.hint": (
        "Did you mean {near}? Otherwise check the spelling, including upper and lower case, on "
        "{page}.",
        "是不是 {near}？也可以在 {page} 核对名称（区分大小写）。",
    ),
    "not_there": (
        "xtgui does not know the name of {id} on {hub}.",
        "xtgui 不知道 {id} 在 {hub} 上的名称。",
    ),
    "gated": (
        "{id} is gated: you have to accept its terms first.",
        "{id} 需要先同意使用条款（gated）。",
    ),
    "gated.hint": (
        "Accept the terms on {page}, log in once with `{login}`, then run the same command again.",
        "请在 {page} 同意条款，用 `{login}` 登录一次，然后重新运行同一条命令。",
    ),
    "gated_no_token": (
        "{id} is gated, and xtgui does not send your token to {host}.",
        "{id} 需要先同意使用条款（gated），而 xtgui 不会把你的令牌发送给 {host}。",
    ),
    "gated_no_token.hint": (
        "Accept the terms on {page}, log in with `{login}`, and download from the official hub "
        "(without --endpoint and HF_ENDPOINT). If you trust {host} with your token, allow it: see "
        "token_hosts in docs/downloads.md.",
        "请在 {page} 同意条款，用 `{login}` 登录，然后从官方社区下载（不用 --endpoint 和 "
        "HF_ENDPOINT）。如果你信任 {host}，也可以允许向它发送令牌：见 docs/downloads.zh.md 中的 "
        "token_hosts。",
    ),
    "denied": (
        "{host} denies access to {id} (HTTP {status}).",
        "{host} 拒绝访问 {id}（HTTP {status}）。",
    ),
    "denied.hint": (
        "Your login may have expired: `{login}` renews it. Check that you can open {page} in a "
        "browser.",
        "登录可能已失效：请用 `{login}` 重新登录，并在浏览器中确认能否打开 {page}。",
    ),
    "denied_no_token": (
        "{host} denies access to {id} (HTTP {status}); xtgui does not send your token there.",
        "{host} 拒绝访问 {id}（HTTP {status}）；xtgui 不会把你的令牌发送给它。",
    ),
    "denied_no_token.hint": (
        "If you trust {host} with your token, allow it: see token_hosts in docs/downloads.md.",
        "如果你信任 {host}，可以允许向它发送令牌：见 docs/downloads.zh.md 中的 token_hosts。",
    ),
    "too_many": (
        "{host} is limiting the requests from your address.",
        "{host} 限制了来自你的地址的请求。",
    ),
    "too_many.hint": (
        "Wait a few minutes, or log in for a higher limit: {login}",
        "请等几分钟再试；登录后限额更高：{login}",
    ),
    "answered": (
        "{host} could not serve {id}: HTTP {status}.",
        "{host} 无法提供 {id}：HTTP {status}。",
    ),
    "answered.hint": (
        "This is usually temporary: run the same command again later.",
        "通常是暂时的问题：请稍后重新运行同一条命令。",
    ),
    "no_hub": ("{host} did not respond like a hub.", "{host} 返回的不是模型社区的应答。"),
    "no_hub.hint": (
        "Check the address. A network with a login page (hotel, campus) answers in place of every "
        "site.",
        "请检查地址。需要网页登录的网络（如校园网、酒店网络）会代替所有网站作答。",
    ),
    "offline": (
        "HF_HUB_OFFLINE is set, so huggingface_hub does not connect to the internet.",
        "已设置 HF_HUB_OFFLINE，huggingface_hub 不会访问网络。",
    ),
    "offline.hint": ("Unset it: unset HF_HUB_OFFLINE", "请取消设置：unset HF_HUB_OFFLINE"),
    "unreachable_huggingface": ("Cannot connect to {host}: {why}", "无法连接 {host}：{why}"),
    "unreachable_huggingface.hint": (
        "Use a mirror, or ModelScope:\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
        "可以使用镜像，或从魔搭下载：\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
    ),
    "unreachable_huggingface_only.hint": (
        "Use a mirror:\nxtgui download {kind} {id} --endpoint hf-mirror.com",
        "可以使用镜像：\nxtgui download {kind} {id} --endpoint hf-mirror.com",
    ),
    "unreachable_huggingface_mirror_only.hint": (
        "Check the address, or use another mirror:\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com",
        "请检查地址，或换一个镜像：\nxtgui download {kind} {id} --endpoint hf-mirror.com",
    ),
    "unreachable_huggingface_mirror": ("Cannot connect to {host}: {why}", "无法连接 {host}：{why}"),
    "unreachable_huggingface_mirror.hint": (
        "Check the address, or use another mirror or ModelScope:\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
        "请检查地址，或换一个镜像，或从魔搭下载：\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
    ),
    "unreachable_modelscope": ("Cannot connect to {host}: {why}", "无法连接 {host}：{why}"),
    "unreachable_modelscope.hint": (
        "Check your network, or use Hugging Face or a mirror of it:\n"
        "xtgui download {kind} {id} --source huggingface\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com",
        "请检查网络，或改用 Hugging Face 或其镜像：\n"
        "xtgui download {kind} {id} --source huggingface\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com",
    ),
    "unreachable_modelscope_mirror": ("Cannot connect to {host}: {why}", "无法连接 {host}：{why}"),
    "unreachable_modelscope_mirror.hint": (
        "Check the address. To download from ModelScope itself, leave out --endpoint and unset "
        "MODELSCOPE_ENDPOINT.",
        "请检查地址；若要从魔搭官方下载，请去掉 --endpoint，并取消设置 MODELSCOPE_ENDPOINT。",
    ),
    "no_package": (
        "The Python package for {hub} is not installed.",
        "没有安装 {hub} 的 Python 包。",
    ),
    "no_package.hint": (
        'Install it: pip install "xtgui[{extra}]"',
        '请安装：pip install "xtgui[{extra}]"',
    ),
    "gave_up": (
        "Could not download {file} of {id} from {host}: {why}, {times} {times|time|times} in a "
        "row.",
        "无法从 {host} 下载 {id} 的 {file}：{why}，已连续 {times} 次。",
    ),
    "gave_up.hint": (
        "Downloaded data is kept; run the same command to resume.",
        "已下载的部分会保留，再次运行同一条命令即可续传。",
    ),
    "damaged": (
        "{file} of {id} arrived damaged {times} {times|time|times}: it does not match the file "
        "that {host} lists.",
        "{id} 的 {file} 连续 {times} 次校验不一致：与 {host} 列出的文件不符。",
    ),
    "damaged.hint": (
        "Something changes the file in transit: try another network or another source (--source, "
        "--endpoint).",
        "传输途中文件被改动：请换一个网络，或换一个下载源（--source、--endpoint）。",
    ),
    "unsafe_name": (
        "Download refused: the file name {name} leads out of {folder}.",
        "已拒绝下载：其中的文件名 {name} 会写到 {folder} 之外。",
    ),
    "unsafe_name.hint": (
        "A legitimate repository has no such file name. Do not use this one.",
        "正常的仓库不会有这样的文件名，请不要使用它。",
    ),
    "no_weights": (
        "{id} on {host} has no weights for training, only {others}.",
        "{host} 上的 {id} 没有可用于训练的权重，只有 {others}。",
    ),
    "no_weights.hint": (
        "GGUF, ONNX and similar formats are for inference. Use the repository with safetensors, "
        "usually the same name without the suffix.",
        "GGUF、ONNX 等格式只用于推理。请选择提供 safetensors 的仓库，通常是去掉后缀的同名仓库。",
    ),
    "nothing_there": ("{id} on {host} has no usable files.", "{host} 上的 {id} 没有可用的文件。"),
    "other_there": (
        "{folder} already contains another download: {other}.",
        "{folder} 中已有另一个下载：{other}。",
    ),
    "other_there.hint": (
        "Move it, or choose another folder: --root",
        "请先移走，或用 --root 选择另一个文件夹。",
    ),
    "busy": (
        "Another xtgui is downloading into {folder}.",
        "另一个 xtgui 正在向 {folder} 下载。",
    ),
    "busy.hint": (
        "Wait until it has finished; this command then finds all files in place.",
        "请等它完成；之后再运行本命令，文件就已齐全。",
    ),
    "disk": ("Cannot write to {folder}: {reason}", "无法写入 {folder}：{reason}"),
    "disk.hint": (
        "Fix this, or choose another folder: --root, or xtgui init --step 1. Downloaded data is "
        "kept.",
        "请处理该问题，或换一个文件夹：--root，或 xtgui init --step 1。已下载的部分会保留。",
    ),
    "no_space": (
        "Not enough disk space in {folder}: {needed:.1f} {unit} still to download, {free:.1f} "
        "{unit} free, {short:.1f} {unit} short.",
        "{folder} 所在磁盘空间不足：还需下载 {needed:.1f} {unit}，剩余 {free:.1f} {unit}，"
        "还差 {short:.1f} {unit}。",
    ),
    "no_space.hint": (
        "Free some space, or choose a folder on another disk: xtgui init --step 1, or --root.",
        "请清理磁盘，或把下载文件夹改到其他磁盘：xtgui init --step 1，或用 --root。",
    ),
    "all_failed_near": (
        "{id} could not be downloaded from any hub:",
        "从所有下载源都无法获取 {id}：",
    ),
    "all_failed_near.hint": ("Did you mean {near}?", "是不是 {near}？"),
    "none_reached": (
        "{id} could not be downloaded: no hub can be reached.",
        "无法下载 {id}：所有下载源都无法连接。",
    ),
    "none_reached.hint": (
        "Check your network. If only Hugging Face cannot be reached, try a mirror:\n"
        "xtgui download {kind} {id} --endpoint https://hf-mirror.com",
        "请检查网络。如果只是无法连接 Hugging Face，可以试试镜像：\n"
        "xtgui download {kind} {id} --endpoint https://hf-mirror.com",
    ),
    "unreached": ("{host}: {why}", "{host}：{why}"),
    "without_package": (
        "{hub}: its Python package is not installed",
        "{hub}：没有安装它的 Python 包",
    ),
    "all_failed": ("{id} could not be downloaded from any hub:", "从所有下载源都无法获取 {id}："),
}
