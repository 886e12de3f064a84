"""Texts about the faults of data rows.

CODE describes one fault, CODE.name the kind of fault, CODE.does its effect on training, and
CODE.helps the fix.
"""

_LOSES = ("This row is not trained.", "这条数据不参与训练。")
_STOPS = ("Training stops with an error.", "训练会报错中止。")

TEXTS: dict[str, tuple[str, str]] = {
    # --- stop
    "broken_json": ("invalid JSON, starting at: {near}", "不是有效的 JSON，从这里开始出错：{near}"),
    "broken_json.name": ("invalid JSON", "JSON 有语法错误"),
    "broken_json.does": _STOPS,
    "broken_json.helps": (
        "Write one object per line, with straight double quotes, no comma after the last item and "
        "none between lines.",
        "每行写一个对象：用英文双引号，最后一项后不加逗号，行间不加逗号。",
    ),
    "cut_json": ("incomplete, ends after: … {near}", "不完整，到这里就结束：… {near}"),
    "cut_json.name": ("incomplete JSON", "JSON 不完整"),
    "cut_json.does": _STOPS,
    "cut_json.helps": (
        "Put each row on one line and write line breaks in texts as \\n.",
        "每条数据占一行；文本里的换行写成 \\n。",
    ),
    "spread_json": ("one object spread over {lines} {lines|line|lines}", "一个对象占了 {lines} 行"),
    "spread_json.name": ("objects spread over several lines", "一个对象占多行"),
    "spread_json.does": _STOPS,
    "spread_json.helps": (
        "JSON Lines needs each object on one line, which --fix does. Or put all objects between [ "
        "and ], separated by commas.",
        "JSON Lines 要求每个对象占一行，--fix 会改好。也可以把所有对象放在 [ 和 ] 之间，"
        "用逗号隔开。",
    ),
    "deep_json": ("brackets nested too deeply: {near} …", "括号嵌套过深：{near} …"),
    "deep_json.name": ("brackets nested too deeply", "括号嵌套过深"),
    "deep_json.does": _STOPS,
    "deep_json.helps": ("Remove the row.", "请删除这条数据。"),
    "long_row": ("longer than 16 MiB: {near} …", "超过 16 MiB：{near} …"),
    "long_row.name": ("rows longer than 16 MiB", "超过 16 MiB 的数据"),
    "long_row.does": (
        "xtgui does not read it: no conversation is that long.",
        "不会读取：正常的对话不会这么长。",
    ),
    "long_row.helps": (
        "Remove the row. If line breaks are missing, put each row on its own line.",
        "请删除这条数据。如果缺少换行，请让每条数据各占一行。",
    ),
    "broken_utf8": ("invalid UTF-8 at the end of: {near}", "从这段末尾起不是 UTF-8：{near}"),
    "broken_utf8.name": ("invalid UTF-8", "不是 UTF-8 编码"),
    "broken_utf8.does": _STOPS,
    "broken_utf8.helps": (
        "Save the file as UTF-8: iconv -f GB18030 -t UTF-8 OLD > NEW",
        "请存为 UTF-8：iconv -f GB18030 -t UTF-8 旧文件 > 新文件",
    ),
    "not_an_object": ("expected an object, found {found}", "应为对象，实际是 {found}"),
    "not_an_object.name": ("rows that are not objects", "数据不是对象"),
    "not_an_object.does": _STOPS,
    "not_an_object.helps": (
        'A row looks like {{"messages": [...]}}.',
        '每条数据应为 {{"messages": [...]}}。',
    ),
    "no_messages": ('no "messages"; fields: {fields}', '没有 "messages"；现有字段：{fields}'),
    "no_messages.meant": (
        'should be called "messages" (--fix renames it)',
        '字段名应为 "messages"（--fix 会改名）',
    ),
    "no_messages.name": ('rows without "messages"', '缺少 "messages"'),
    "no_messages.does": _STOPS,
    "no_messages.helps": (
        "If the file is in another format (Alpaca, ShareGPT, questions and answers), run: xtgui "
        "data convert",
        "如果是其他格式（Alpaca、ShareGPT、问答对），请运行：xtgui data convert",
    ),
    "messages_twice": ('"messages" appears twice', '有两个 "messages"'),
    "messages_twice.name": ('"messages" twice in a row', '一条数据里有两个 "messages"'),
    "messages_twice.does": _STOPS,
    "messages_twice.helps": ("Keep one of them.", "请只保留一个。"),
    "messages_not_a_list": ("expected a list, found {found}", "应为列表，实际是 {found}"),
    "messages_not_a_list.name": ('"messages" that is not a list', '"messages" 不是列表'),
    "messages_not_a_list.does": _STOPS,
    "messages_not_a_list.helps": (
        "Put the messages between [ and ].",
        "请把消息放在 [ 和 ] 之间。",
    ),
    "message_not_an_object": ("expected an object, found {found}", "应为对象，实际是 {found}"),
    "message_not_an_object.name": ("messages that are not objects", "消息不是对象"),
    "message_not_an_object.does": _STOPS,
    "message_not_an_object.helps": (
        'A message looks like {{"role": "user", "content": "..."}}.',
        '消息应为 {{"role": "user", "content": "..."}}。',
    ),
    "no_role": ("missing", "缺失"),
    "no_role.meant": ('missing; "{meant}" must be spelled "role"', '缺失；"{meant}" 应写作 "role"'),
    "no_role.name": ("messages without a role", "消息缺少 role"),
    "no_role.does": _STOPS,
    "no_role.helps": (
        "Say who speaks: system, user or assistant. (--fix corrects upper and lower case.)",
        "写明是谁说的：system、user 或 assistant。（--fix 会改正大小写。）",
    ),
    "unknown_role": ('unknown role "{role}"', '未知的角色 "{role}"'),
    "unknown_role.meant": (
        'unknown role "{role}"; did you mean {meant}?',
        '未知的角色 "{role}"；是不是想写 {meant}？',
    ),
    "unknown_role.name": ("unknown roles", "未知的角色"),
    "unknown_role.does": (
        "Training stops with an error that does not explain why (NotImplementedError).",
        "训练会中止，且报错不说明原因（NotImplementedError）。",
    ),
    "unknown_role.helps": (
        "Roles are system, user and assistant.",
        "角色只能是 system、user、assistant。",
    ),
    "tool_role": ('xtuner does not support the role "{role}"', 'xtuner 不支持角色 "{role}"'),
    "tool_role.name": ("tool and function roles", "工具（tool、function）角色"),
    "tool_role.does": (
        "Training stops with an error that does not explain why (NotImplementedError).",
        "训练会中止，且报错不说明原因（NotImplementedError）。",
    ),
    "tool_role.helps": (
        "Leave these rows out, or write the result into a user message.",
        "请去掉这些数据，或把工具结果写进 user 消息。",
    ),
    "no_content": ("missing", "缺失"),
    "no_content.meant": (
        'missing; "{meant}" must be spelled "content"',
        '缺失；"{meant}" 应写作 "content"',
    ),
    "no_content.name": ("messages without content", "消息缺少 content"),
    "no_content.does": _STOPS,
    "no_content.helps": (
        "Add the text, or remove the message. (--fix corrects upper and lower case.)",
        "请补上文本，或删除该消息。（--fix 会改正大小写。）",
    ),
    "content_null": ("expected text, found null", "应为文本，实际是 null"),
    "content_null.name": ("content that is null", "content 为 null"),
    "content_null.does": _STOPS,
    "content_null.helps": (
        "Add the text, or leave the row out (common after tool calls).",
        "请补上文本，或去掉这条数据（多见于工具调用）。",
    ),
    "content_list": ("expected text, found a list", "应为文本，实际是列表"),
    "content_list.name": ("content that is a list of parts", "content 是列表"),
    "content_list.does": _STOPS,
    "content_list.helps": (
        "--fix joins text parts. Images cannot be trained.",
        "--fix 会合并文本部分；不支持训练图片。",
    ),
    "content_not_text": ("expected text, found {found}", "应为文本，实际是 {found}"),
    "content_not_text.name": ("content that is not text", "content 不是文本"),
    "content_not_text.does": _STOPS,
    "content_not_text.helps": ("Put it in double quotes.", "请加上双引号。"),
    "no_rows": ("the file contains no rows", "文件中没有数据"),
    "no_rows.name": ("no rows", "没有数据"),
    "no_rows.does": _STOPS,
    "no_rows.helps": ("Write at least 20 conversations.", "请至少写 20 条对话。"),
    "nothing_to_train": ("no row has an answer to train", "没有一条数据有可训练的回答"),
    "nothing_to_train.name": ("nothing to train", "没有可训练的内容"),
    "nothing_to_train.does": _STOPS,
    "nothing_to_train.helps": (
        "Add answers: only the assistant's messages are trained.",
        "只训练 assistant 的消息：请补上回答。",
    ),
    # --- silent
    "no_answer": ("no assistant message", "没有 assistant 的回答"),
    "no_answer.name": ("rows without an answer", "没有回答"),
    "no_answer.does": _LOSES,
    "no_answer.helps": ("Add an answer, or remove the row.", "请补上回答，或删除这条数据。"),
    "all_masked": ('"loss" turns off all answers', '"loss" 关闭了所有回答'),
    "all_masked.name": ('"loss" turns off all answers', '"loss" 关闭了所有回答'),
    "all_masked.does": _LOSES,
    "all_masked.helps": (
        'Set "loss": true on the answers to train, or remove the field.',
        '在需要训练的回答上写 "loss": true，或删除该字段。',
    ),
    "loss_null": ('"loss" is null', '"loss" 是 null'),
    "loss_null.name": ('"loss": null', '"loss": null（空值）'),
    "loss_null.does": (
        "null counts as false, so the answer is not trained.",
        "null 等同于 false，该回答不参与训练。",
    ),
    "loss_null.helps": (
        "Write true or false, or remove the field.",
        "请写 true 或 false，或删除该字段。",
    ),
    "loss_odd": ('"loss" is {value}, not true', '"loss" 是 {value}，不是 true'),
    "loss_odd.name": ('"loss" that is neither true nor false', '"loss" 不是 true 或 false'),
    "loss_odd.does": (
        "Only true trains the answer; 1, yes and any other value turn it off.",
        "只有 true 才训练该回答；1、yes 等其他值都会关闭它。",
    ),
    "loss_odd.helps": ("Write true or false.", "请写 true 或 false。"),
    "answer_first": ("the assistant speaks first", "由 assistant 开头"),
    "answer_first.name": ("the assistant speaks first", "由 assistant 开头"),
    "answer_first.does": (
        "xtuner drops the answers before the first question.",
        "xtuner 会丢弃第一个问题之前的回答。",
    ),
    "answer_first.helps": ("Put the question in front of it.", "请在前面补上问题。"),
    "ends_with_user": ("the last question has no answer", "最后的问题没有回答"),
    "ends_with_user.name": ("conversations that end with the user", "以 user 结尾"),
    "ends_with_user.does": ("xtuner drops the last question.", "xtuner 会丢弃最后的问题。"),
    "ends_with_user.helps": (
        "Add the answer, or remove the question.",
        "请补上回答，或删除该问题。",
    ),
    "ends_with_system": ("a system text after the last answer", "最后的回答之后还有系统提示"),
    "ends_with_system.name": ("conversations that end with a system text", "以 system 结尾"),
    "ends_with_system.does": ("xtuner drops the system text.", "xtuner 会丢弃该系统提示。"),
    "ends_with_system.helps": ("Put it first, or remove it.", "请移到开头，或删除。"),
    "users_joined": ("two user messages in a row", "连续两条 user 消息"),
    "users_joined.name": ("user messages in a row", "连续的 user 消息"),
    "users_joined.does": (
        'xtuner joins them with nothing in between: "Hello" "Who?" becomes "HelloWho?".',
        'xtuner 会把它们直接拼在一起，中间没有分隔："你好" "你是谁" 变成 "你好你是谁"。',
    ),
    "users_joined.helps": (
        "Combine them into one message, or add the answer in between.",
        "请合并成一条，或在中间补上回答。",
    ),
    "answers_in_a_row": ("two answers in a row", "连续两条回答"),
    "answers_in_a_row.name": ("answers in a row", "连续的回答"),
    "answers_in_a_row.does": (
        "The second one becomes the answer to an empty question.",
        "后一条成为空问题的回答。",
    ),
    "answers_in_a_row.helps": (
        "Combine them into one message, or add the question in between.",
        "请合并成一条，或在中间补上问题。",
    ),
    "system_lost": ("a second system text", "第二个系统提示"),
    "system_lost.name": ("several system texts before an answer", "回答之前有多个系统提示"),
    "system_lost.does": (
        "Only the last one counts; the others are lost.",
        "只有最后一个生效，其余丢失。",
    ),
    "system_lost.helps": ("Combine them into one system message.", "请合并成一条 system 消息。"),
    "system_later": ("a system text in the middle", "系统提示在对话中间"),
    "system_later.name": ("system texts in the middle", "系统提示在对话中间"),
    "system_later.does": (
        "xtuner puts it before that turn's question, as a new system block.",
        "xtuner 会把它作为新的 system 段写在该轮问题之前。",
    ),
    "system_later.helps": (
        "Move it to the start, unless you want it there; --fix leaves it.",
        "请移到开头，除非有意如此；--fix 不改动。",
    ),
    "empty_answer": ("an empty answer", "回答是空的"),
    "empty_answer.name": ("empty answers", "空的回答"),
    "empty_answer.does": ("The model learns to say nothing.", "模型会学着不说话。"),
    "empty_answer.helps": ("Add the answer, or remove the turn.", "请补上回答，或删除该轮。"),
    "blank_answer": ("an answer with only white space", "回答只有空白"),
    "blank_answer.name": ("answers with only white space", "只有空白的回答"),
    "blank_answer.does": ("The model learns to answer with white space.", "模型会学着只输出空白。"),
    "blank_answer.helps": ("Add the answer, or remove the turn.", "请补上回答，或删除该轮。"),
    "empty_question": ("an answer to an empty question", "问题是空的"),
    "empty_question.name": ("empty questions", "空的问题"),
    "empty_question.does": (
        "The model learns to give this answer to no question.",
        "模型会学着在没有问题时给出该回答。",
    ),
    "empty_question.helps": ("Add the question, or remove the turn.", "请补上问题，或删除该轮。"),
    "no_question": ("an answer without a question", "没有问题的回答"),
    "no_question.name": ("answers without a question", "没有问题的回答"),
    "no_question.does": (
        "The model learns to give this answer to no question.",
        "模型会学着在没有问题时给出该回答。",
    ),
    "no_question.helps": ("Add the question.", "请补上问题。"),
    "tool_calls": ('"{name}" is not trained', '"{name}" 不参与训练'),
    "tool_calls.name": ("tool calls", "工具调用"),
    "tool_calls.does": (
        "xtuner ignores the call and trains only the text.",
        "xtuner 会忽略调用，只训练文本。",
    ),
    "tool_calls.helps": (
        "Write the call into the text if the model should learn it.",
        "如果要让模型学会调用，请把调用写进文本。",
    ),
    # --- note
    "loss_partly": ('some answers have "loss", others do not', '有的回答有 "loss"，有的没有'),
    "loss_partly.name": ('"loss" on only some answers', '只有部分回答有 "loss"'),
    "loss_partly.does": (
        "Older versions of datasets fill the gaps with null, and null is not trained.",
        "旧版 datasets 会用 null 补齐，而 null 不参与训练。",
    ),
    "loss_partly.helps": (
        'Set "loss" on all answers, or on none.',
        '请给每条回答都写 "loss"，或都不写。',
    ),
    "thoughts": (
        "thoughts (<think>) before {rows} {rows|answer|answers}",
        "{rows} 条回答以思考内容（<think>）开头",
    ),
    "thoughts.name": (
        "answers that begin with thoughts (<think>)",
        "以思考内容（<think>）开头的回答",
    ),
    "thoughts.does": (
        "They are trained as they are. The template of a thinking model puts an empty thinking "
        "block before every answer, and your thoughts would come after it.",
        "会原样训练。但思考模型自己的模板会在每条回答前写一个空的思考块，"
        "你的思考内容会排在它之后。",
    ),
    "thoughts.helps": (
        "For such a model, use --set model.prompt_template=qwen_chat, which adds no such block.",
        "对这类模型请加 --set model.prompt_template=qwen_chat，它不写这个思考块。",
    ),
    "bom": ("the file starts with a BOM", "文件以 BOM 开头"),
    "bom.name": (
        "a BOM (a hidden mark that Windows editors add)",
        "文件带 BOM（Windows 编辑器添加的隐藏标记）",
    ),
    "bom.does": ("xtgui skips it; other tools may fail.", "xtgui 会跳过它，其他工具可能出错。"),
    "bom.helps": ("Save the file as UTF-8 without BOM.", "请存为不带 BOM 的 UTF-8。"),
    "array_in_jsonl": ("a JSON array in a .jsonl file", ".jsonl 文件里是 JSON 数组"),
    "array_in_jsonl.name": ("a JSON array in a .jsonl file", ".jsonl 文件里是 JSON 数组"),
    "array_in_jsonl.does": (
        "xtgui still reads it, but loads the whole file into memory.",
        "仍可读取，但要整个读入内存。",
    ),
    "array_in_jsonl.helps": (
        "Rename it to .json, or write one object per line.",
        "请改名为 .json，或每行写一个对象。",
    ),
    "lines_in_json": ("JSON Lines in a .json file", ".json 文件里是 JSON Lines"),
    "lines_in_json.name": ("JSON Lines in a .json file", ".json 文件里是 JSON Lines"),
    "lines_in_json.does": ("xtgui still reads it.", "仍可正常读取。"),
    "lines_in_json.helps": ("Rename it to .jsonl to make that clear.", "建议改名为 .jsonl。"),
    "plain_text": ("texts without questions", "只有文本，没有问题"),
    "plain_text.name": ("plain text, for pre-training", "纯文本，用于预训练"),
    "plain_text.does": (
        "The model learns to continue such texts, not to answer.",
        "模型学的是续写这类文本，而不是回答问题。",
    ),
    "plain_text.helps": (
        "Fine if that is what you want. Otherwise, add questions to the texts.",
        "如果这正是你想要的就没有问题；否则请给文本配上问题。",
    ),
    "duplicate": ("the same as row {first}", "与第 {first} 条相同"),
    "duplicate.name": ("duplicate rows", "重复的数据"),
    "duplicate.does": ("Each copy is trained.", "重复几次就训练几次。"),
    "duplicate.helps": (
        "Fine if that is what you want; --fix keeps them.",
        "如果有意如此则没有问题；--fix 会保留。",
    ),
    "duplicates_unseen": (
        "duplicates were checked only among the first {limit:,} different rows",
        "只在前 {limit:,} 条不同的数据中检查了重复",
    ),
    "duplicates_unseen.name": ("duplicates not checked in later rows", "未检查之后的重复"),
    "duplicates_unseen.does": (
        "This limits the memory that the check needs.",
        "这样可以限制检查占用的内存。",
    ),
    "duplicates_unseen.helps": (
        "To find the rest, run: sort FILE | uniq -d",
        "要找出其余的，请运行：sort 文件 | uniq -d",
    ),
    "unknown_field": ('field "{name}" is not used', '不使用字段 "{name}"'),
    "unknown_field.name": ("unused fields", "未使用的字段"),
    "unknown_field.does": ("xtuner ignores them in training.", "训练时会忽略。"),
    "unknown_field.helps": (
        "Nothing to do. (Each field is listed once.)",
        "无需处理。（每个字段只列一次。）",
    ),
    "unknown_message_field": ('field "{name}" is not used', '不使用字段 "{name}"'),
    "unknown_message_field.name": ("unused message fields", "消息中未使用的字段"),
    "unknown_message_field.does": ("xtuner ignores them in training.", "训练时会忽略。"),
    "unknown_message_field.helps": (
        "Only role, content and loss are used. (Each field is listed once.)",
        "只使用 role、content 和 loss。（每个字段只列一次。）",
    ),
}
