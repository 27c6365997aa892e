"""Starts two refreshes at once, again and again: one publishes, the other waits for it or exits, and nothing is lost.

`python -m tests.long.two_refreshes --times 50`. Every other time the second waits (`--wait`). Afterwards the published file
must match its manifest and the inbox, and a third refresh must find nothing to do. Exit status 1 where any of this
fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ingest.warehouse.publish import content_hash
from tests.long.tiny_inbox import TinyInbox


def main() -> int:
    """Command line: run pairs, count, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.two_refreshes", description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="number of pairs to start")
    parser.add_argument("--seed", type=int, default=2, help="random seed of the documents and the delays")
    given = parser.parse_args()
    began, ended, wrong = time.monotonic(), Counter[str](), list[str]()
    with tempfile.TemporaryDirectory(prefix="two-") as folder:
        world = TinyInbox(Path(folder), given.seed)
        world.refresh()
        for number in range(1, given.times + 1):
            waits = number % 2 == 0
            world.change()
            first = world.start()
            time.sleep(world.random.random() * 2)
            second = world.start(*(("--wait", "600") if waits else ()))
            said = [process.communicate()[0] for process in (first, second)]
            codes = sorted((first.returncode, second.returncode))
            told = [text for text in said if "another run writes" in text.replace("\n", " ")]
            ended[f"{'waiting' if waits else 'leaving'}: exit status {codes}"] += 1
            if codes != [0, 0] and not (codes == [0, 1] and len(told) == 1):
                wrong.append(f"{number}: exit status {codes}\n{said[0][-800:]}\n{said[1][-800:]}")
            release = world.store.published()
            names = {path.name for path in world.inbox.iterdir()}
            if release is None or content_hash(world.store.warehouse) != release.content_hash:
                wrong.append(f"{number}: the published file is not what its manifest says")
            elif {each.file_name for each in release.loaded} != names:
                wrong.append(f"{number}: the release does not hold what the inbox does")
            if "nothing changed" not in world.refresh():
                wrong.append(f"{number}: a third refresh found something to do")
    for how, count in sorted(ended.items()):
        print(f"{count:5} {how}")
    print(f"{given.times} pairs, {len(wrong)} wrong, {time.monotonic() - began:,.0f} s")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
