"""Texts about data files of any format: their kinds, and conversions that fail."""

_SAY_EN = (
    "Assign the columns (plain text: --column text=COLUMN):\n"
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
    "web_page": ("{path} is a web page, not a data file.", "{path} 是网页，不是数据文件。"),
    "web_page.hint": (
        "Download the file itself with the download button on the page.",
        "请用页面上的“下载”按钮下载文件本身。",
    ),
    "lfs_pointer": (
        "{path} is only a Git LFS pointer; the large file itself is not downloaded.",
        "{path} 只是 Git LFS 指针，大文件本身没有下载。",
    ),
    "lfs_pointer.hint": ("In its repository, run: git lfs pull", "请在该仓库中运行：git lfs pull"),
    "binary": ("{path} is neither text nor Parquet.", "{path} 既不是文本，也不是 Parquet。"),
    "binary.hint": (
        "Data files are JSON, JSON Lines, CSV, TSV or Parquet, plain or compressed as .gz.",
        "数据文件应为 JSON、JSON Lines、CSV、TSV 或 Parquet，也可以是 .gz 压缩文件。",
    ),
    "encoding": (
        "Line {line} of {path} has invalid characters: not UTF-8, UTF-16 or GB18030.",
        "{path} 第 {line} 行有损坏的字符：不是 UTF-8、UTF-16 或 GB18030 编码。",
    ),
    "encoding.hint": (
        "Open it in an editor and save it as UTF-8.",
        "请用编辑器打开，另存为 UTF-8 编码。",
    ),
    "broken_gz": ("Cannot unpack {path}: {reason}", "无法解压 {path}：{reason}"),
    "broken_gz.hint": (
        "The file is incomplete or damaged. Download it again.",
        "文件不完整或已损坏，请重新下载。",
    ),
    "too_large": (
        "{path} unpacks to more than {limit_gib:.1f} GiB, which is suspicious for its size.",
        "{path} 解压后超过 {limit_gib:.1f} GiB，与文件大小不相称。",
    ),
    "too_large.hint": (
        "If you trust it, unpack it yourself and use the unpacked file.",
        "如果文件可信，请自行解压后再使用。",
    ),
    "too_long": (
        "{path} has a line or value longer than {limit_mib} MiB.",
        "{path} 中有超过 {limit_mib} MiB 的行或字段。",
    ),
    "too_long.hint": (
        "One row is one conversation. A missing quote or line break makes rows run together.",
        "一条数据应是一个对话；缺少引号或换行会让多条数据连在一起。",
    ),
    "broken_json": (
        "{path}, line {line}: invalid JSON, starting at: {near}",
        "{path} 第 {line} 行：不是有效的 JSON，从这里开始出错：{near}",
    ),
    "broken_json.hint": (
        'Fix it there: use straight quotes ("), and check for a missing or extra comma, quote or '
        "bracket.",
        '请修改该处：引号必须是英文双引号（"）；也可能少了或多了逗号、引号、括号。',
    ),
    "no_objects": (
        "{path}: none of the first rows is an object with named fields.",
        "{path}：开头的数据都不是带字段名的对象。",
    ),
    "no_objects.hint": (
        'A row looks like {{"prompt": "...", "response": "..."}}',
        '每条数据应类似 {{"prompt": "...", "response": "..."}}',
    ),
    "unclear": (
        "xtgui cannot tell what the columns of {path} mean: {columns}",
        "无法判断 {path} 各列的含义。现有列：{columns}",
    ),
    "unclear.hint": (
        f"First row: {{first_row}}\n{_SAY_EN}",
        f"第一行：{{first_row}}\n{_SAY_ZH}",
    ),
    "unclear_table": (
        "xtgui cannot tell what the columns of {path} mean: {columns}",
        "无法判断 {path} 各列的含义。现有列：{columns}",
    ),
    "unclear_table.hint": (
        f"First row: {{first_row}}\nIf the table has no header, add one at the top: "
        f"question,answer\n{_SAY_EN}",
        f"第一行数据：{{first_row}}\n如果表格没有表头，请在最上面加一行：question,answer\n{_SAY_ZH}",
    ),
    "single_messages": (
        "{path}: each row is a single message, but a row must be a whole conversation.",
        "{path}：每条数据只是一条消息；一条数据应是一段完整的对话。",
    ),
    "single_messages.hint": (
        'Combine them: {{"messages": [{{"role": "user", ...}}, {{"role": "assistant", ...}}]}}',
        '请合并：{{"messages": [{{"role": "user", ...}}, {{"role": "assistant", ...}}]}}',
    ),
    "no_column": (
        '{path} has no column "{column}". Its columns: {columns}',
        '{path} 中没有列 "{column}"。现有列：{columns}',
    ),
    "bad_column": (
        'Expected ROLE=COLUMN for --column, got "{given}".',
        "--column 的格式应为 角色=列名，当前输入：{given}。",
    ),
    "bad_column.hint": (
        "Roles are user, assistant, system and text, e.g. --column assistant=reply",
        "角色为 user、assistant、system、text，例如 --column assistant=reply",
    ),
    "half_said": ("--column assigns no column to: {roles}", "--column 还缺少角色：{roles}"),
    "half_said.hint": (
        "Use both --column user=COLUMN and --column assistant=COLUMN.",
        "请同时给出 --column user=列名 和 --column assistant=列名。",
    ),
    "plain_text": (
        "{path} is neither JSON nor a table with a header row.",
        "{path} 既不是 JSON，也不是带表头的表格。",
    ),
    "plain_text.hint": (
        "For questions and answers, make a table (CSV) with the columns question,answer. For "
        "plain text to train on (pre-training), rename the file to .txt.",
        "如果是问答，请做成表格（CSV），列名为 question,answer。如果就是要训练的纯文本（预训练），"
        "请改名为 .txt。",
    ),
    "nothing": (
        "{rows|The only row of {path} cannot be converted|None of the {rows} rows of {path} can "
        "be converted}:",
        "{path} 的 {rows} 条数据都无法转换：",
    ),
    "no_files": ("{path} contains no data files.", "{path} 中没有数据文件。"),
    "no_files.hint": (
        "xtgui reads JSON, JSON Lines, CSV, TSV and Parquet, also in subfolders.",
        "可识别 JSON、JSON Lines、CSV、TSV 和 Parquet，包括子文件夹中的。",
    ),
    "too_many_files": (
        "{path} contains more than {most:,} files; it does not look like a folder of data.",
        "{path} 中的文件超过 {most:,} 个，不像是数据文件夹。",
    ),
    "too_many_files.hint": (
        "Choose a folder that contains only data files.",
        "请指定只存放数据文件的文件夹。",
    ),
    "no_parquet": (
        "{path} is a Parquet file, but pyarrow is not installed.",
        "{path} 是 Parquet 文件，需要 pyarrow 才能读取。",
    ),
    "no_parquet.hint": ("Install it: pip install pyarrow", "请安装：pip install pyarrow"),
    "broken_parquet": ("{path} is damaged: {reason}", "{path} 已损坏：{reason}"),
    "target_exists": ("{path} already exists.", "{path} 已存在。"),
    "target_exists.hint": (
        "Choose a new file name. xtgui does not overwrite data.",
        "请换一个文件名，xtgui 不会覆盖数据。",
    ),
    "target_inside": (
        "{path} is inside the folder to convert: {folder}",
        "{path} 位于要转换的文件夹中：{folder}",
    ),
    "target_inside.hint": ("Write it somewhere else.", "请写到别处。"),
    "not_writable": ("Cannot write {path}: {reason}", "无法写入 {path}：{reason}"),
    # The report of a conversion.
    "head_file": ("file", "文件"),
    "head_format": ("format", "格式"),
    "head_encoding": ("encoding", "编码"),
    "done": (
        "Wrote {written:,} of {rows:,} {rows|row|rows} to {path}",
        "共 {rows:,} 条数据，写入 {written:,} 条：{path}",
    ),
    "kind": ("{layout}, {container}", "{layout}（{container}）"),
    "aside": ("skipped: {names} ({why})", "已跳过：{names}（{why}）"),
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
    "layout_trl": ("prompt messages with an answer", "prompt 消息加回答"),
    "layout_text": ("plain text", "纯文本"),
    "layout_firefly": ("Firefly", "Firefly 格式"),
    "layout_guanaco": (
        "one text with ### Human and ### Assistant",
        "以 ### Human 和 ### Assistant 分段的文本",
    ),
    "layout_react": ("MSAgent-Bench tool calls", "MSAgent-Bench 的工具调用"),
    "layout_known": ("as listed in `xtgui datasets`", "按 `xtgui datasets` 的收录信息读取"),
    "layout_columns": ("columns as assigned", "指定的列"),
    # Reasons for leaving a row out.
    "out_json": ("invalid JSON", "不是有效的 JSON"),
    "out_deep": ("brackets nested too deeply", "括号嵌套过深"),
    "out_csv": ("broken table row", "表格行损坏"),
    "out_cells": ("more or fewer cells than the header", "单元格数与表头不一致"),
    "out_not_object": ("not an object with named fields", "不是带字段名的对象"),
    "out_no_turns": ("no conversation", "没有对话内容"),
    "out_turn": ("a turn is not an object", "对话中有不是对象的项"),
    "out_role": ("unknown role", "角色无法识别"),
    "out_tool": ("tool calls, which xtuner cannot train", "含工具调用，xtuner 无法训练"),
    "out_no_text": ("a turn without text", "对话中有缺少文本的项"),
    "out_not_text": ("a field is not text", "有字段不是文本"),
    "out_history": ("history is not a list of pairs", "history 不是成对的列表"),
    "out_no_question": ("no question", "没有问题"),
    "out_no_answer": ("no answer", "没有回答"),
    "out_no_text_at_all": ("an empty text", "文本是空的"),
    "out_surrogate": ("an invalid character", "含有损坏的字符"),
    "aside_no_data": ("no training data recognized", "未识别出训练数据"),
    "aside_test": ("test data, judging by the name", "文件名表明是测试数据"),
}
