"""Apply small wrong changes one at a time and report which check notices each."""

import argparse
import json
import queue
import statistics
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from catalogue import CHECKOUT, Mutation, NotApplicable, mutations
from tqdm import tqdm
from trial import BUILD, DATA_TESTS, REFERENCE, UNIT_TESTS, Baseline, Failed, Outcome, Worker

RESULTS = Path(__file__).with_name("RESULTS.md")

DESCRIPTION = """\
Apply the mutations of mutations.yml one at a time to a copy of the checkout and report which check
notices each: the unit tests, the data tests of `dbt build` on a small sample, or the comparison
with the reference on random submissions. A mutation is left at the first check that notices it.
Models and homes are built once; of a mutation is run what it can reach. By hand: it takes long.

What becomes of each mutation is kept as soon as it is known, in a file beside the folder of --work.
With --resume a mutation that an earlier run saw noticed is not tried again: so a run that was
stopped goes on, and a check that was added is held to the survivors. Not after a check was taken
away or a model changed.

A run of all mutations writes RESULTS.md beside this file, with the commit that each was tried at.
The status is 0 where every mutation was noticed by one of the checks.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run; 0 where every mutation was noticed, 1 where one was not, 2 where the run failed."""
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", metavar="ID", help="these mutations; nothing is written"
    )
    parser.add_argument("--every-check", action="store_true", help="do not stop at the first")
    parser.add_argument(
        "--resume", action="store_true", help="try what earlier runs did not see noticed"
    )
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time (default: 1)")
    parser.add_argument(
        "--timeout", type=float, default=600, help="seconds for one mutation (default: 600)"
    )
    parser.add_argument(
        "--work",
        type=Path,
        default=CHECKOUT / "data" / "mutations",
        help="folder for copies and warehouses, used again while no file changes",
    )
    args = parser.parse_args(arguments)
    # Of the start: files may change while it runs, on a copy.
    commit = _commit()
    work = args.work.resolve()
    kept = work.with_name(work.name + "-outcomes.jsonl")
    try:
        chosen = mutations()
        if unknown := set(args.only or ()) - {mutation.id for mutation in chosen}:
            raise NotApplicable(f"there is no {', '.join(sorted(unknown))}")
        baseline = Baseline(work)
        baseline.prepare()
    except (NotApplicable, Failed) as error:
        print(error, file=sys.stderr)
        return 2
    if args.only:
        chosen = [mutation for mutation in chosen if mutation.id in args.only]
    outcomes = {}
    if args.resume:
        before = noticed_before(kept)
        outcomes = {mutation.id: before[mutation] for mutation in chosen if mutation in before}
    to_try = [mutation for mutation in chosen if mutation.id not in outcomes]

    free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    for number in range(min(args.jobs, len(to_try))):
        free.put(Worker(baseline, number, args.timeout, args.every_check))

    def try_one(mutation: Mutation) -> Outcome:
        worker = free.get()
        try:
            outcome = worker.try_one(mutation)
            outcome.commit = commit
            return outcome
        finally:
            free.put(worker)

    with ThreadPoolExecutor(args.jobs) as pool:
        running = [pool.submit(try_one, mutation) for mutation in to_try]
        try:
            for done in tqdm(
                as_completed(running), total=len(running), unit="mutation", disable=None
            ):
                outcomes[done.result().mutation.id] = done.result()
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(done.result())) + "\n")
        except Failed as error:
            pool.shutdown(cancel_futures=True)
            print(error, file=sys.stderr)
            return 2
    ordered = [outcomes[mutation.id] for mutation in chosen]
    text = report(ordered)
    print(text)
    if not args.only:
        RESULTS.write_text(text, encoding="utf-8")
    return 0 if all(outcome.noticed for outcome in ordered) else 1


def noticed_before(kept: Path) -> dict[Mutation, Outcome]:
    """What earlier runs saw of the mutations that a check noticed, by mutation."""
    outcomes = {}
    for line in kept.read_text(encoding="utf-8").splitlines() if kept.exists() else ():
        fields = json.loads(line)
        mutation = Mutation(**fields.pop("mutation"))
        if fields["noticed"]:
            outcomes[mutation] = Outcome(mutation, **fields)
    return outcomes


def report(outcomes: list[Outcome]) -> str:
    """The results as Markdown."""
    n = len(outcomes)
    by_build = sum(outcome.is_noticed_by_dbt_build for outcome in outcomes)
    by_any = sum(bool(outcome.noticed) for outcome in outcomes)
    first = Counter(next(iter(o.noticed), "nothing") for o in outcomes)
    seconds = [sum(outcome.seconds.values()) for outcome in outcomes]
    lines = [
        "# Mutations",
        "",
        f"Written by `python tests/mutations/run.py` on {datetime.now(UTC):%Y-%m-%d}.",
        "",
        f"{n} mutations: {by_build} noticed by `dbt build` with unit tests"
        f" ({by_build / n:.0%}), {by_any} by these or the comparison with the reference"
        f" ({by_any / n:.0%}).",
        "First noticed by: "
        + ", ".join(
            f"{name} {first[name]}"
            for name in (UNIT_TESTS, BUILD, DATA_TESTS, REFERENCE, "nothing")
        )
        + ".",
        f"Seconds a mutation: median {statistics.median(seconds):.0f}, most {max(seconds):.0f}.",
        "",
        "| mutation | kind | file | noticed by | seconds | at |",
        "|---|---|---|---|---|---|",
    ]
    for outcome, taken in zip(outcomes, seconds, strict=True):
        said = "; ".join(f"**{kind}**: {what}" for kind, what in outcome.noticed.items())
        verdict = said or ("**out of time**" if outcome.is_late else "**nothing**")
        mutation = outcome.mutation
        cell = verdict.replace("|", "\\|")
        lines.append(
            f"| {mutation.id} | {mutation.kind} | `{mutation.file}` | {cell} | {taken:.0f}"
            f" | {outcome.commit} |"
        )
    return "\n".join(lines) + "\n"


def _commit() -> str:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    return described.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
