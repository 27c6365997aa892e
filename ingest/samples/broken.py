"""Files that cannot be loaded, each with the kind of reason that quarantine must give."""

from pathlib import Path
from random import Random

from ingest.samples.documents import KINDS
from ingest.samples.pdf import render_pdf

OTHER_TOPIC = (
    "城市公园夏季开放时间调整的通知\n\n"
    "为方便市民纳凉，自六月起各公园闭园时间推迟一小时，请游客注意安全，爱护花木。\n"
    "儿童乐园周一闭馆检修，其余时间照常开放。\n"
)


def write_broken_samples(directory: Path) -> dict[str, str]:
    """Write one file of each broken kind; returns file name -> kind of reason.

    Kinds: `empty_file`, `damaged_pdf`, `not_a_pdf`, `encrypted_pdf`, `no_disclosure`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    whole, _ = render_pdf(KINDS["national_final"](Random("broken"), "broken").document)
    locked, _ = render_pdf(KINDS["yuan_budget"](Random("locked"), "locked").document, password="mingzhang")
    files = {
        "empty.pdf": (b"", "empty_file"),
        "truncated.pdf": (whole[: len(whole) // 3], "damaged_pdf"),
        "text_named.pdf": ("这是一份改了扩展名的文本。\n".encode(), "not_a_pdf"),
        "garbage.pdf": (Random("garbage").randbytes(4096), "not_a_pdf"),
        "encrypted.pdf": (locked, "encrypted_pdf"),
        "other_topic.txt": (OTHER_TOPIC.encode(), "no_disclosure"),
    }
    for name, (content, _) in files.items():
        (directory / name).write_bytes(content)
    return {name: reason for name, (_, reason) in files.items()}
