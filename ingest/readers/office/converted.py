"""DOC, RTF and OpenDocument -> DOCX or XLSX by LibreOffice, then as any such file. Nothing in the file is run, updated or fetched."""

from __future__ import annotations

import io
import os
import resource
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import olefile

from ingest.config import LIMITS
from ingest.document.model import Document
from ingest.outcomes import DocumentError, Reason
from ingest.processes import group
from ingest.readers.containers import open_zip, read_head
from ingest.readers.office.docx import read_docx
from ingest.readers.office.xlsx import read_xlsx

DOC_TYPE = "application/msword"
RTF_TYPE = "application/rtf"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
"""What LibreOffice calls the formats that it writes."""
_MANIFEST = "META-INF/manifest.xml"
_MOST_MANIFEST = 2**20
CONVERTERS = ("soffice", "libreoffice")
"""Names by which LibreOffice is looked for on the PATH."""
_ENCRYPTED = 0x0100
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableActiveContent", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
)
"""Settings of the converter: no macros, no active content, no links followed or updated."""


def read_doc(data: bytes) -> Document:
    """The body of an old Word (or rich text) document as lines and tables, as ``read_docx`` gives them.

    Raises DocumentError: OFFICE_ENCRYPTED, OFFICE_DAMAGED, CONVERTER_MISSING, CONVERTER_FAILED, and what read_docx
    raises.
    """
    is_rich_text = data.startswith(b"{\\rtf")
    if not is_rich_text:
        _refuse_encrypted(data)
    document = read_docx(_convert(data, "rtf" if is_rich_text else "doc"))
    return replace(document, media_type=RTF_TYPE if is_rich_text else DOC_TYPE)


def read_odt(data: bytes) -> Document:
    """The body of an OpenDocument text as lines and tables, as ``read_docx`` gives them.

    Raises DocumentError: OFFICE_ENCRYPTED, OFFICE_MACRO, CONVERTER_MISSING, CONVERTER_FAILED, and what read_docx raises.
    """
    _refuse_locked(data)
    return replace(read_docx(_convert(data, "odt")), media_type=ODT_TYPE)


def read_ods(data: bytes) -> Document:
    """The visible sheets of an OpenDocument spreadsheet, as ``read_xlsx`` gives them.

    Raises DocumentError: OFFICE_ENCRYPTED, OFFICE_MACRO, CONVERTER_MISSING, CONVERTER_FAILED, and what read_xlsx raises.
    """
    _refuse_locked(data)
    return replace(read_xlsx(_convert(data, "ods", "xlsx")), media_type=ODS_TYPE)


def _refuse_locked(data: bytes) -> None:
    """Raise DocumentError where an OpenDocument container is encrypted or holds macros, as its manifest or its parts say."""
    with open_zip(io.BytesIO(data)) as archive:
        names = [entry.filename for entry in archive.infolist()]
        listed = next((entry for entry in archive.infolist() if entry.filename == _MANIFEST), None)
        manifest = read_head(archive, listed, _MOST_MANIFEST) if listed else b""
    if b"encryption-data" in manifest:
        raise DocumentError(
            Reason.OFFICE_ENCRYPTED, "the OpenDocument file is encrypted and needs a password"
        )
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise DocumentError(Reason.OFFICE_MACRO, "the OpenDocument file holds macros")


def _refuse_encrypted(data: bytes) -> None:
    """Raise DocumentError where the container is damaged or its document is encrypted (a bit in the file's head)."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            head = container.openstream("WordDocument").read(12)
    except Exception as error:  # a damaged directory raises many kinds of errors
        raise DocumentError(
            Reason.OFFICE_DAMAGED, f"the OLE2 container holds no readable Word document: {error!r}"
        ) from error
    if int.from_bytes(head[10:12], "little") & _ENCRYPTED:
        raise DocumentError(Reason.OFFICE_ENCRYPTED, "the Word document is encrypted and needs a password")


def _convert(data: bytes, suffix: str, wanted: str = "docx") -> bytes:
    """The document as DOCX or XLSX (``wanted``), converted in its own folder by a process with limited time, memory and output."""
    converter = next(filter(None, map(shutil.which, CONVERTERS)), None)
    if converter is None:
        raise DocumentError(
            Reason.CONVERTER_MISSING,
            f"a {suffix.upper()} file is read through LibreOffice, which is not on the PATH (soffice)",
        )
    with TemporaryDirectory(prefix="mingzhang-doc-") as name:
        folder = Path(name)
        source, target = folder / f"document.{suffix}", folder / "out" / f"document.{wanted}"
        source.write_bytes(data)
        _write_profile(folder / "profile")
        command = [converter, f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        command += ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--convert-to"]
        command += [_FILTERS[wanted], "--outdir", str(target.parent), str(source)]
        said = _run(command, folder)
        if not target.is_file():
            raise DocumentError(
                Reason.CONVERTER_FAILED, f"LibreOffice cannot read the file: {said or 'no reason given'}"
            )
        if target.stat().st_size > LIMITS.file_bytes:
            raise DocumentError(
                Reason.CONTENT_TOO_LARGE, f"the converted document has more than {LIMITS.file_bytes} bytes"
            )
        return target.read_bytes()


def _run(command: list[str], folder: Path) -> str:
    """Run the converter and return the last line that it printed.

    Its whole process group is killed at its time limit, and together with this process, however that ends.
    """
    process = subprocess.Popen(
        group.command(*command),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_bound,
        env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"},
    )
    try:
        printed, _ = process.communicate(timeout=LIMITS.converter_seconds)
    except subprocess.TimeoutExpired as error:
        raise DocumentError(
            Reason.CONVERTER_FAILED, f"LibreOffice did not finish within {LIMITS.converter_seconds:g} seconds"
        ) from error
    finally:
        _kill_group(process)
    lines = [line.strip() for line in printed.decode(errors="replace").splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "javaldx" not in line), "").replace(str(folder), "")


def _bound() -> None:
    """Limit the memory and the files of the process that is about to become the converter."""
    resource.setrlimit(resource.RLIMIT_DATA, (LIMITS.memory_bytes, LIMITS.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMITS.expanded_bytes, LIMITS.expanded_bytes))


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n',
        encoding="utf-8",
    )
