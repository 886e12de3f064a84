"""Texts about data files of any format: what they are, and what cannot be converted."""

_SAY_EN = (
    "Say which column is which (plain text: --column text=COLUMN):\n"
    "xtgui data convert {quoted} NEW.jsonl --column user=COLUMN --column assistant=COLUMN"
)
_SAY_ZH = (
    "请指明各列的含义（纯文本：--column text=列名）：\n"
    "xtgui data convert {quoted} 新文件.jsonl --column user=列名 --column assistant=列名"
)

TEXTS: dict[str, tuple[str, str]] = {
    "not_data": (
        "{path} is a {kind} file, not a data file.",
        "{path} 是 {kind} 文件，不是数据文件。",
    ),
    "not_data.hint": (
        "Unpack it first; a table from Excel: save it as CSV.",
        "请先解压；如果是 Excel 表格，请另存为 CSV。",
    ),
    "web_page": (
        "{path} is a web page, not the data file that it shows.",
        "{path} 是网页，不是其中展示的数据文件。",
    ),
    "web_page.hint": (
        "Fetch the file itself: on a hub, by its download button.",
        "请下载文件本身：在平台页面上点“下载”按钮。",
    ),
    "lfs_pointer": (
        "{path} stands for a large file that was not fetched (Git LFS).",
        "{path} 只是大文件的指针（Git LFS），文件本身没有下载。",
    ),
    "lfs_pointer.hint": (
        "Fetch it in its repository: git lfs pull",
        "请在该仓库中获取：git lfs pull",
    ),
    "binary": ("{path} is neither text nor parquet.", "{path} 既不是文本，也不是 parquet。"),
    "binary.hint": (
        "Data files are JSON, JSON lines, CSV, TSV or parquet; .gz of them too.",
        "数据文件应为 JSON、JSON Lines、CSV、TSV 或 parquet，也可以是它们的 .gz。",
    ),
    "encoding": (
        "{path} has broken characters in line {line}: no UTF-8, UTF-16 or GB18030.",
        "{path} 第 {line} 行有损坏的字符：不是 UTF-8、UTF-16 或 GB18030 编码。",
    ),
    "encoding.hint": (
        "Open it in an editor and save it as UTF-8.",
        "请用编辑器打开，另存为 UTF-8 编码。",
    ),
    "broken_gz": ("{path} cannot be unpacked: {reason}", "{path} 无法解压：{reason}"),
    "broken_gz.hint": (
        "The file is cut off or damaged; fetch it again.",
        "文件不完整或已损坏，请重新获取。",
    ),
    "too_large": (
        "{path} unpacks to more than {limit_gib:.1f} GiB, suspiciously much for its size.",
        "{path} 解压后超过 {limit_gib:.1f} GiB，与文件大小不相称。",
    ),
    "too_large.hint": (
        "If you trust it, unpack it yourself and give the unpacked file.",
        "如果文件可信，请自行解压后再使用。",
    ),
    "too_long": (
        "{path} has a line or value of more than {limit_mib} MiB.",
        "{path} 有超过 {limit_mib} MiB 的行或字段。",
    ),
    "too_long.hint": (
        "One row is one conversation; a missing quote or line break makes rows run together.",
        "一行应是一个对话；缺少引号或换行会让多行连在一起。",
    ),
    "broken_json": (
        "{path}, line {line}: no valid JSON, beginning here: {near}",
        "{path} 第 {line} 行：不是合法的 JSON，从这里开始出错：{near}",
    ),
    "broken_json.hint": (
        'Mend that place: quotes must be straight ("), and often a comma, a quote or a bracket is '
        "missing there or is one too many.",
        '请修改该处：引号必须是英文双引号（"）；也可能少了或多了逗号、引号、括号。',
    ),
    "no_objects": (
        "{path}: none of its first rows is an object with named fields.",
        "{path}：开头的数据都不是带字段名的对象。",
    ),
    "no_objects.hint": (
        'A row looks like {{"prompt": "...", "response": "..."}}',
        '每条数据应类似 {{"prompt": "...", "response": "..."}}',
    ),
    "unclear": (
        "{path}: it is not clear which column is which. Columns: {columns}",
        "{path}：无法判断各列的含义。现有列：{columns}",
    ),
    "unclear.hint": (
        f"First row: {{first_row}}\n{_SAY_EN}",
        f"第一行：{{first_row}}\n{_SAY_ZH}",
    ),
    "unclear_table": (
        "{path}: it is not clear which column is which. Columns: {columns}",
        "{path}：无法判断各列的含义。现有列：{columns}",
    ),
    "unclear_table.hint": (
        f"First row: {{first_row}}\nIf the first line is no heading, put one above it: "
        f"question,answer\n{_SAY_EN}",
        f"第一行数据：{{first_row}}\n如果表格没有表头，请在最上面加一行：question,answer\n{_SAY_ZH}",
    ),
    "single_messages": (
        "{path}: each row is one message, and a row must be a whole conversation.",
        "{path}：每条数据只是一条消息；一条数据应是一段完整的对话。",
    ),
    "single_messages.hint": (
        "Put them together: "
        '{{"messages": [{{"role": "user", ...}}, {{"role": "assistant", ...}}]}}',
        '请合并：{{"messages": [{{"role": "user", ...}}, {{"role": "assistant", ...}}]}}',
    ),
    "no_column": (
        '{path} has no column "{column}"; it has: {columns}',
        '{path} 没有列 "{column}"；现有列：{columns}',
    ),
    "bad_column": (
        "--column {given}: ROLE=COLUMN is needed.",
        "--column {given}：格式应为 角色=列名。",
    ),
    "bad_column.hint": (
        "Roles are user, assistant, system and text, e.g. --column assistant=reply",
        "角色为 user、assistant、system、text，例如 --column assistant=reply",
    ),
    "half_said": (
        "--column names no column for: {roles}",
        "--column 还缺少角色：{roles}",
    ),
    "half_said.hint": (
        "Give both --column user=COLUMN and --column assistant=COLUMN.",
        "请同时给出 --column user=列名 和 --column assistant=列名。",
    ),
    "plain_text": (
        "{path} is not what its name says: no JSON, and no table with a heading.",
        "{path} 的内容与扩展名不符：既不是 JSON，也不是带表头的表格。",
    ),
    "plain_text.hint": (
        "Questions and answers: make a table of them (CSV) with the columns question,answer. Plain "
        "text to train on (pre-training): name it .txt.",
        "如果是问答，请做成表格（CSV），列名为 question,answer。如果就是要训练的纯文本（预训练），"
        "请改名为 .txt。",
    ),
    "nothing": (
        "Nothing in {path} can be converted (rows read: {rows}):",
        "{path} 的 {rows} 条数据都无法转换：",
    ),
    "no_files": ("There are no data files in {path}.", "{path} 里没有数据文件。"),
    "no_files.hint": (
        "Looked for: JSON, JSON lines, CSV, TSV and parquet, in subfolders too.",
        "可识别 JSON、JSON Lines、CSV、TSV 和 parquet，包括子文件夹。",
    ),
    "too_many_files": (
        "{path} holds more than {most:,} files: that is no folder of data.",
        "{path} 中的文件超过 {most:,} 个，不像是数据文件夹。",
    ),
    "too_many_files.hint": (
        "Name the folder with the data files alone.",
        "请只指定存放数据文件的文件夹。",
    ),
    "no_parquet": (
        "{path} is a parquet file, and pyarrow, which reads it, is not installed.",
        "{path} 是 parquet 文件，需要 pyarrow 才能读取。",
    ),
    "no_parquet.hint": ("Install it: pip install pyarrow", "请安装：pip install pyarrow"),
    "broken_parquet": ("{path} is damaged: {reason}", "{path} 已损坏：{reason}"),
    "target_exists": ("{path} exists already.", "{path} 已存在。"),
    "target_exists.hint": (
        "Nothing is overwritten: choose another name.",
        "不会覆盖已有文件，请换一个文件名。",
    ),
    "target_inside": (
        "{path} lies in the folder that is read: {folder}",
        "{path} 位于要读取的文件夹中：{folder}",
    ),
    "target_inside.hint": ("Write it somewhere else.", "请写到别处。"),
    "not_writable": ("{path} cannot be written: {reason}", "无法写入 {path}：{reason}"),
    # What a conversion says at its end.
    "head_file": ("file", "文件"),
    "head_format": ("format", "格式"),
    "head_encoding": ("encoding", "编码"),
    "done": (
        "{written:,} of {rows:,} {rows|row|rows} written to {path}",
        "{rows:,} 条数据中写入 {written:,} 条：{path}",
    ),
    "kind": ("{layout}, {container}", "{layout}（{container}）"),
    "aside": ("not read: {names} ({why})", "未读取：{names}（{why}）"),
    "rows_at": (
        "left out: {count:,} {count|row|rows}: {why} (row {first})",
        "未写入 {count:,} 条：{why}（第 {first} 条）",
    ),
    "one_row_at": ("left out: 1 row: {why} (row {first})", "未写入 1 条：{why}（第 {first} 条）"),
    "layout_openai": ("OpenAI messages", "OpenAI messages 格式"),
    "layout_sharegpt": ("ShareGPT", "ShareGPT 格式"),
    "layout_xtuner": ("XTuner conversation", "XTuner conversation 格式"),
    "layout_alpaca": ("Alpaca", "Alpaca 格式"),
    "layout_pairs": ("questions and answers", "问答对"),
    "layout_trl": ("prompt messages and an answer", "prompt 消息加回答"),
    "layout_text": ("plain text", "纯文本"),
    "layout_firefly": ("Firefly", "Firefly 格式"),
    "layout_guanaco": (
        "one text with ### Human and ### Assistant",
        "以 ### Human 和 ### Assistant 分段的文本",
    ),
    "layout_react": ("tool calls of MSAgent-Bench", "MSAgent-Bench 的工具调用"),
    "layout_known": ("as the catalogue knows it", "按收录信息读取"),
    "layout_columns": ("columns as given", "指定的列"),
    # Why a row is left out.
    "out_json": ("no valid JSON", "不是合法的 JSON"),
    "out_deep": ("too many brackets within each other", "括号嵌套过深"),
    "out_csv": ("broken table row", "表格行损坏"),
    "out_cells": ("more or fewer cells than the heading", "单元格数与表头不一致"),
    "out_not_object": ("no object with named fields", "不是带字段名的对象"),
    "out_no_turns": ("no conversation", "没有对话内容"),
    "out_turn": ("a turn is no object", "对话中有不是对象的项"),
    "out_role": ("unknown role", "角色无法识别"),
    "out_tool": ("tool calls, which XTuner cannot train", "含工具调用，XTuner 无法训练"),
    "out_no_text": ("a turn without text", "对话中有缺少文本的项"),
    "out_not_text": ("a field is not text", "有字段不是文本"),
    "out_history": ("history is not a list of pairs", "history 不是成对的列表"),
    "out_no_question": ("no question", "没有问题"),
    "out_no_answer": ("no answer", "没有回答"),
    "out_no_text_at_all": ("an empty text", "文本是空的"),
    "out_surrogate": ("a broken character", "含有损坏的字符"),
    "aside_no_data": ("no training data recognised", "未识别出训练数据"),
    "aside_test": ("for testing, by their names", "文件名表明用于测试"),
}
