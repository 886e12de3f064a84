"""Texts about downloading models and data."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- on the way
    "asks": ("Asking {host} for {id} ...", "正在向 {host} 查询 {id} ……"),
    "begins": (
        "{id} from {hub} ({host}): {files}, {size}",
        "{id}，来自 {hub}（{host}）：{files}，共 {size}",
    ),
    "one_file": ("1 file", "1 个文件"),
    "files": ("{count} {count|file|files}", "{count} 个文件"),
    "here": ("  {size} of it is here already.", "  其中 {size} 已在本地。"),
    "file_done": ("  {file}  {size}", "  {file}  {size}"),
    "line": (
        "  {percent} %  {done} of {total}  {speed}  {left} left",
        "  {percent} %  {done} / {total}  {speed}  剩余 {left}",
    ),
    "checks": ("checking {file}", "校验 {file}"),
    "checks_line": ("  Checking {file} ({size}) ...", "  正在校验 {file}（{size}）……"),
    "speed": ("{size}/s", "{size}/s"),
    "unknown_time": ("?", "？"),
    "checked": (
        "✓ {files}, {size}: all there, sizes and checksums as on {hub}.",
        "✓ {files}，共 {size}：下载完整，大小和校验值与 {hub} 一致。",
    ),
    "checked_sizes": (
        "✓ {files}, {size}: all there. {hub} names no checksum for {unknown} of them; "
        "their sizes are right.",
        "✓ {files}，共 {size}：下载完整。其中 {unknown} 个文件 {hub} 未提供校验值，仅核对了大小。",
    ),
    "was_here": (
        "✓ {id} is here already, whole: {files}, {size}. No hub was asked.",
        "✓ {id} 已完整下载到本地：{files}，共 {size}。没有访问网络。",
    ),
    "code": (
        "It brings Python code of its own: {files}. Nothing runs it unless you set "
        "model.trust_remote_code=true.",
        "该模型自带 Python 代码：{files}。除非设置 model.trust_remote_code=true，否则不会执行。",
    ),
    "next_model": (
        "Use it:\nxtgui init --set model.path={folder}",
        "使用它：\nxtgui init --set model.path={folder}",
    ),
    "next_dataset": (
        "Look at a file of it:\nxtgui check data {file}",
        "检查其中的文件：\nxtgui check data {file}",
    ),
    "kept": (
        "Interrupted. What has come is kept; the same command goes on from there.",
        "已中断。已下载的部分会保留，再次运行同一条命令即可续传。",
    ),
    "again": (
        "  {file}: {why}. Trying again in {seconds} s.",
        "  {file}：{why}。{seconds} 秒后重试。",
    ),
    "why_stalled": ("nothing came any more", "长时间没有收到数据"),
    "why_slow": ("less than {least:g} bytes came a second", "每秒收到不足 {least:g} 字节"),
    "why_cut": ("the connection was cut", "连接中断"),
    "why_name": ("the name is not known here", "域名无法解析"),
    "why_refused": ("connection refused", "连接被拒绝"),
    "why_certificate": (
        "its certificate is not accepted",
        "证书校验失败",
    ),
    "why_timeout": ("no answer in time", "等待超时"),
    "busy_hub": (
        "  {host} is busy (HTTP {status}). Asking again in {seconds} s.",
        "  {host} 繁忙（HTTP {status}）。{seconds} 秒后重试。",
    ),
    "damaged_again": (
        "  {file} arrived damaged. Fetching it again.",
        "  {file} 下载后校验不一致，正在重新下载。",
    ),
    "changed": (
        "  {file} is no longer as it was downloaded. Fetching it again.",
        "  {file} 与下载时不一致，将重新下载。",
    ),
    "set_aside": (
        "  The {file} that was there is kept: {kept}",
        "  原有的 {file} 已保留：{kept}",
    ),
    # --- what goes wrong
    "bad_id": (
        "{id} is not the name of a model or data set.",
        "{id} 不是有效的模型或数据集名称。",
    ),
    "bad_id.hint": (
        "Names have the form user/name, such as Qwen/Qwen2.5-0.5B-Instruct. The address of its "
        "page will do too.",
        "名称形如 user/name，例如 Qwen/Qwen2.5-0.5B-Instruct；也可以直接粘贴页面地址。",
    ),
    "other_kind": (
        "That page is about another kind of thing.",
        "这个页面不是所要的类型。",
    ),
    "other_kind.hint": (
        "xtgui download {other} {id}",
        "请运行：xtgui download {other} {id}",
    ),
    "known_as_dataset": ("{id} is a data set, not a model.", "{id} 是数据集，不是模型。"),
    "known_as_dataset.hint": (
        "xtgui download dataset {id}",
        "请运行：xtgui download dataset {id}",
    ),
    "known_as_model": ("{id} is a model, not a data set.", "{id} 是模型，不是数据集。"),
    "known_as_model.hint": (
        "xtgui download model {id}",
        "请运行：xtgui download model {id}",
    ),
    "bad_endpoint": (
        "{endpoint} is not the address of a hub.",
        "{endpoint} 不是有效的站点地址。",
    ),
    "bad_endpoint.hint": (
        "Write it in full, such as https://hf-mirror.com",
        "请写出完整地址，例如 https://hf-mirror.com",
    ),
    "too_many_files": (
        "{host} lists more than {most:,} files of {id}.",
        "{host} 列出的 {id} 文件超过 {most:,} 个。",
    ),
    "too_many_files.hint": (
        "That is no model or data set to train with. Check the name and the address.",
        "这不像是可用于训练的模型或数据集，请检查名称和地址。",
    ),
    "too_long_answer": (
        "What {host} says of {id} has no end, or is far too long for a hub.",
        "{host} 关于 {id} 的应答没有尽头，或者远超正常长度。",
    ),
    "too_long_answer.hint": (
        "That is no hub's answer. Check the address.",
        "这不是模型平台的应答，请检查地址。",
    ),
    "bad_order": (
        "download.order in {path} is not a list of hubs.",
        "{path} 中的 download.order 不是有效的下载源列表。",
    ),
    "bad_order.hint": (
        'For example: order = ["modelscope", "huggingface"]',
        '例如：order = ["modelscope", "huggingface"]',
    ),
    "bad_hosts": (
        "download.token_hosts in {path} is not a list of host names.",
        "{path} 中的 download.token_hosts 不是有效的主机名列表。",
    ),
    "bad_hosts.hint": (
        'For example: token_hosts = ["hub.example.com"]',
        '例如：token_hosts = ["hub.example.com"]',
    ),
    "not_found": (
        "{host} has no {kind} {id}, or does not show it to you.",
        "{host} 上没有 {id}，或者你没有权限查看。",
    ),
    "not_found.hint": (
        "Check the spelling (capitals count) on {page}. A {kind} of your own that is private: "
        "{login}. Is it the other kind? xtgui download dataset, xtgui download model.",
        "请在 {page} 核对名称（区分大小写）。如果是你的私有仓库，请先登录：{login}。"
        "也请确认类型：模型用 xtgui download model，数据集用 xtgui download dataset。",
    ),
    "not_found_near": (
        "{host} has no {kind} {id}, or does not show it to you.",
        "{host} 上没有 {id}，或者你没有权限查看。",
    ),
    "not_found_near.hint": (
        "Did you mean {near}? Else check the spelling (capitals count) on {page}.",
        "是不是想要 {near}？也可以在 {page} 核对名称（区分大小写）。",
    ),
    "not_there": (
        "{id} is not known to be on {hub}.",
        "没有 {id} 在 {hub} 上的对应名称。",
    ),
    "gated": (
        "{id} is gated: its makers want you to accept their terms first.",
        "{id} 需要先同意使用条款才能下载（gated）。",
    ),
    "gated.hint": (
        "Accept them on {page}, log in once with `{login}`, then run the same command again.",
        "请在 {page} 同意条款，用 `{login}` 登录一次，然后重新运行本命令。",
    ),
    "gated_no_token": (
        "{id} is gated, and your token is not sent to {host}.",
        "{id} 需要先同意使用条款（gated），而你的令牌不会发送给 {host}。",
    ),
    "gated_no_token.hint": (
        "Accept the terms on {page}, log in with `{login}`, and download from the hub itself "
        "(without --endpoint and HF_ENDPOINT). Or, if you trust {host} with your token, allow it: "
        "token_hosts in docs/downloads.md.",
        "请在 {page} 同意条款，用 `{login}` 登录，然后直接从官方站点下载（不带 --endpoint 和 "
        "HF_ENDPOINT）。如果你信任 {host}，也可以允许向它发送令牌：见 docs/downloads.zh.md 中的 "
        "token_hosts。",
    ),
    "denied": (
        "{host} does not let you have {id} (HTTP {status}).",
        "{host} 拒绝访问 {id}（HTTP {status}）。",
    ),
    "denied.hint": (
        "Is your login still good? `{login}` renews it. May you see {page} in a browser?",
        "登录是否仍然有效？可用 `{login}` 重新登录，并在浏览器中确认能否打开 {page}。",
    ),
    "denied_no_token": (
        "{host} does not let you have {id} (HTTP {status}); your token is not sent there.",
        "{host} 拒绝访问 {id}（HTTP {status}）；你的令牌不会发送给该站点。",
    ),
    "denied_no_token.hint": (
        "If you trust {host} with your token, allow it: token_hosts in docs/downloads.md.",
        "如果你信任 {host}，可以允许向它发送令牌：见 docs/downloads.zh.md 中的 token_hosts。",
    ),
    "too_many": (
        "{host} has had too many requests from your address.",
        "{host} 限制了你的请求次数。",
    ),
    "too_many.hint": (
        "Wait a few minutes, or log in, which raises the limit: {login}",
        "请等几分钟再试；登录后限额更高：{login}",
    ),
    "answered": (
        "{host} could not give {id}: HTTP {status}.",
        "{host} 无法提供 {id}：HTTP {status}。",
    ),
    "answered.hint": (
        "Most often that passes: run the same command again in a while.",
        "通常是暂时的问题：请稍后重新运行同一条命令。",
    ),
    "no_hub": (
        "What answers at {host} is not a hub.",
        "{host} 返回的内容不是模型站点的应答。",
    ),
    "no_hub.hint": (
        "Check the address. A network that wants a login of its own (hotel, campus) answers in "
        "the place of every site.",
        "请检查地址。需要网页登录的网络（如校园网、酒店网络）会代替所有网站作答。",
    ),
    "offline": (
        "HF_HUB_OFFLINE is set: huggingface_hub must not use the network.",
        "设置了 HF_HUB_OFFLINE：huggingface_hub 不允许访问网络。",
    ),
    "offline.hint": ("Unset it:  unset HF_HUB_OFFLINE", "请取消设置：unset HF_HUB_OFFLINE"),
    "unreachable_huggingface": (
        "{host} cannot be reached: {why}",
        "无法连接 {host}：{why}",
    ),
    "unreachable_huggingface.hint": (
        "Through a mirror, or from ModelScope:\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
        "可以使用镜像，或从魔搭下载：\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
    ),
    "unreachable_huggingface_only.hint": (
        "Through a mirror:\nxtgui download {kind} {id} --endpoint hf-mirror.com",
        "可以使用镜像：\nxtgui download {kind} {id} --endpoint hf-mirror.com",
    ),
    "unreachable_huggingface_mirror_only.hint": (
        "Is the address right? Another mirror:\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com",
        "请检查地址，或换一个镜像：\nxtgui download {kind} {id} --endpoint hf-mirror.com",
    ),
    "unreachable_huggingface_mirror": (
        "{host} cannot be reached: {why}",
        "无法连接 {host}：{why}",
    ),
    "unreachable_huggingface_mirror.hint": (
        "Is the address right? Another mirror, or ModelScope:\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
        "请检查地址，或换一个镜像，或从魔搭下载：\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com\n"
        "xtgui download {kind} {id} --source modelscope",
    ),
    "unreachable_modelscope": (
        "{host} cannot be reached: {why}",
        "无法连接 {host}：{why}",
    ),
    "unreachable_modelscope.hint": (
        "Check your network, or take Hugging Face, or a mirror of it:\n"
        "xtgui download {kind} {id} --source huggingface\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com",
        "请检查网络，或改用 Hugging Face 或其镜像：\n"
        "xtgui download {kind} {id} --source huggingface\n"
        "xtgui download {kind} {id} --endpoint hf-mirror.com",
    ),
    "unreachable_modelscope_mirror": (
        "{host} cannot be reached: {why}",
        "无法连接 {host}：{why}",
    ),
    "unreachable_modelscope_mirror.hint": (
        "Is the address right? From ModelScope itself: without --endpoint, and with "
        "MODELSCOPE_ENDPOINT unset.",
        "请检查地址；若要从魔搭官方站点下载，请不带 --endpoint，并取消设置 MODELSCOPE_ENDPOINT。",
    ),
    "no_package": (
        "{hub}'s package is not installed.",
        "没有安装 {hub} 的 Python 包。",
    ),
    "no_package.hint": (
        'Install it:  pip install "xtgui[{extra}]"',
        '请安装：pip install "xtgui[{extra}]"',
    ),
    "gave_up": (
        "{file} of {id} does not come from {host}: {why}, {times} {times|time|times} in a row.",
        "无法从 {host} 下载 {id} 的 {file}：{why}，已连续 {times} 次。",
    ),
    "gave_up.hint": (
        "What has come is kept: the same command goes on from there.",
        "已下载的部分会保留，再次运行同一条命令即可续传。",
    ),
    "damaged": (
        "{file} of {id} came damaged {times} {times|time|times}: it is not the file that {host} "
        "lists.",
        "{id} 的 {file} 连续 {times} 次校验不一致：与 {host} 列出的文件不符。",
    ),
    "damaged.hint": (
        "Something on the way changes it: take another network, or another source (--source, "
        "--endpoint).",
        "传输途中文件被改动：请换一个网络，或换一个下载源（--source、--endpoint）。",
    ),
    "unsafe_name": (
        "The download is refused: a file name in it, {name}, would not stay in {folder}.",
        "已拒绝下载：其中的文件名 {name} 会写到 {folder} 之外。",
    ),
    "unsafe_name.hint": (
        "An honest repository has no such name. Do not use this one.",
        "正常的仓库不会有这样的文件名，请不要使用它。",
    ),
    "no_weights": (
        "{id} on {host} has no weights that can be trained; what it has is {others}.",
        "{host} 上的 {id} 没有可用于训练的权重，只有 {others}。",
    ),
    "no_weights.hint": (
        "GGUF, ONNX and the like are for running a model. Take the repository that holds "
        "safetensors, usually the same name without the ending.",
        "GGUF、ONNX 等格式只用于推理。请选择提供 safetensors 的仓库，通常是去掉后缀的同名仓库。",
    ),
    "nothing_there": (
        "{id} on {host} has no file that could be used.",
        "{host} 上的 {id} 没有可用的文件。",
    ),
    "other_there": (
        "{folder} holds another download: {other}.",
        "{folder} 中已有另一个下载：{other}。",
    ),
    "other_there.hint": (
        "Move it away, or choose another folder: --root",
        "请先移走，或用 --root 选择另一个文件夹。",
    ),
    "busy": (
        "Another xtgui is downloading into {folder}.",
        "另一个 xtgui 正在向 {folder} 下载。",
    ),
    "busy.hint": (
        "Let it finish; then this command finds everything there.",
        "请等它完成；之后再运行本命令就会发现文件已齐。",
    ),
    "disk": (
        "Nothing can be written into {folder}: {reason}",
        "无法写入 {folder}：{reason}",
    ),
    "disk.hint": (
        "Free it, or choose another folder: --root, or xtgui init --step 1. What has come is kept.",
        "请处理该问题，或换一个文件夹：--root，或 xtgui init --step 1。已下载的部分会保留。",
    ),
    "no_space": (
        "{needed:.1f} {unit} are still to come and the disk of {folder} has {free:.1f} {unit}: "
        "{short:.1f} {unit} too little.",
        "还需下载 {needed:.1f} {unit}，而 {folder} 所在磁盘只剩 {free:.1f} {unit}："
        "还差 {short:.1f} {unit}。",
    ),
    "no_space.hint": (
        "Free some space, or choose a folder on another disk: xtgui init --step 1, or --root.",
        "请清理磁盘，或把下载文件夹改到其他磁盘：xtgui init --step 1，或用 --root。",
    ),
    "all_failed_near": (
        "{id} could not be had from any hub:",
        "从所有下载源都无法获取 {id}：",
    ),
    "all_failed_near.hint": ("Did you mean {near}?", "是不是想要 {near}？"),
    "none_reached": (
        "{id} could not be had: no hub can be reached.",
        "无法获取 {id}：所有下载源都无法连接。",
    ),
    "none_reached.hint": (
        "Check your network. Where Hugging Face alone is out of reach, a mirror may help:\n"
        "xtgui download {kind} {id} --endpoint https://hf-mirror.com",
        "请检查网络。如果只是无法连接 Hugging Face，可以试试镜像：\n"
        "xtgui download {kind} {id} --endpoint https://hf-mirror.com",
    ),
    "unreached": ("{host}: {why}", "{host}：{why}"),
    "without_package": (
        "{hub}: its package is not installed",
        "{hub}：没有安装它的 Python 包",
    ),
    "all_failed": (
        "{id} could not be had from any hub:",
        "从所有下载源都无法获取 {id}：",
    ),
}
