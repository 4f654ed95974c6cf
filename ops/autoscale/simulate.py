"""A burst of real jobs under the HPA's and KEDA's rules, with the manifests' numbers. See scripts/autoscale-sim --help."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from cluster import Cluster, ClusterError, until
from controllers import SYNC_PERIOD, proposal
from manifests import ALL, ManifestError, Manifests, Source, read
from model import Course, Measured, hpa_course, keda_course
from plot import draw
from run import Run, Story

ROOT = Path(__file__).resolve().parents[2]


def options_of(arguments: list[str]) -> argparse.Namespace:
    # scripts/autoscale-sim has the help.
    parser = argparse.ArgumentParser(
        prog="autoscale-sim", usage="scripts/autoscale-sim [option]..., see --help", add_help=False, allow_abbrev=False)
    parser.add_argument("--controller", choices=["hpa", "keda", "both"], default="both")
    parser.add_argument("--jobs", type=int, default=20000)
    parser.add_argument("--ms", type=int, default=5)
    parser.add_argument("--speed", type=float, default=30)
    parser.add_argument("--margin", type=float, default=2)
    parser.add_argument("--manifests", type=Path, default=ROOT / "k8s")
    parser.add_argument("--manifest-queue", default="proof")
    parser.add_argument("--queue", default="test")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--keep-busy", choices=["hpa", "keda", "both"])
    parser.add_argument("--fault", choices=["never-up", "lose-one"])
    parser.add_argument("--programs", type=Path)
    options = parser.parse_args(arguments)
    for name in ["jobs", "ms", "speed", "margin"]:
        if getattr(options, name) <= 0:
            parser.error(f"--{name} must be more than 0")
    return options


def new_cluster(options, manifests: Manifests, folder: Path, name: str) -> Cluster:
    return Cluster(options.programs, folder / name, options.queue, manifests.concurrency, manifests.grace)


def drain_rate(cluster: Cluster, before: int, jobs: int) -> float:
    """Jobs a second while nothing but work goes on: from the first tenth of the jobs to the last one."""
    marks: list[tuple[float, int]] = []

    def progressed() -> bool:
        marks.append((time.monotonic(), cluster.queue.succeeded() - before))
        return marks[-1][1] >= jobs

    until("the jobs that measure the rate are done", progressed, 600)
    first = next(mark for mark in marks if mark[1] >= jobs / 10)
    if first[1] >= jobs:
        first = marks[0]
    return (jobs - first[1]) / (marks[-1][0] - first[0])


def check_metrics(cluster: Cluster, jobs: int):
    """The HPA's figures are read from Redis here. What Prometheus would scrape of the producer must say the same."""
    until("the producer's metrics say how many jobs wait", lambda: cluster.scraped("ready") == jobs)
    ages = until("the producer's metrics say how old the oldest job is", lambda: cluster.scraped("age") and (
        cluster.scraped("age"), cluster.queue.value(Source(cluster.queue_name, ("age",)), 1)))
    if cluster.scraped("running") != 0 or not 0 <= ages[1] - ages[0] <= 16:
        raise ClusterError(f"the producer's metrics say {cluster.scraped('running')} running, not 0, "
                           f"and an age of {ages[0]:.1f} s, not {ages[1]:.1f}")


def measure(options, manifests: Manifests, folder: Path, name: str) -> Measured:
    """What a replica and what the most replicas do here and now. The rates are for the model, whose clock is the cluster's."""
    most = (manifests.hpa if name == "hpa" else manifests.keda).maximum
    with new_cluster(options, manifests, folder, f"measure-{name}") as cluster:
        ideal = manifests.concurrency * 1000 / options.ms
        few = max(50, int(ideal))
        cluster.submit(few, options.ms)
        check_metrics(cluster, few)
        cluster.scale(1)
        single = min(ideal, drain_rate(cluster, 0, few))
        began = time.monotonic()
        cluster.scale(most)
        until("all workers work", lambda: cluster.queue.workers() == most)
        start = time.monotonic() - began
        many = max(500, int(single * most))
        cluster.submit(many, options.ms)
        together = min(single * most, drain_rate(cluster, few, many))
    print(f"{name}: the producer's metrics of the queue {options.queue} say what Redis says: jobs that wait and run, age of the oldest")
    print(f"{name}: measured here: {single:.0f} jobs/s by one replica ({manifests.concurrency} slots / {options.ms} ms is {ideal:.0f} at most), "
          f"{together:.0f} by {most} on this machine's processors; {start:.2f} s until they work")
    return Measured(single / options.speed, together / options.speed, start * options.speed)


def target_of(metrics, manifests: Manifests, queue: str) -> float:
    """Jobs of the backlog for each replica: of the metrics by average that count what waits, the most eager one."""
    found = [metric.target for metric in metrics if getattr(metric, "kind", "AverageValue") == "AverageValue"
             and manifests.sources[metric.name].queue == queue
             and any(part == "ready" or part.endswith(":ready") for part in manifests.sources[metric.name].parts)]
    if not found:
        raise ManifestError(f"no metric by average counts the jobs of {queue} that wait: no time can be computed")
    return min(found)


def course_of(name: str, options, manifests: Manifests, measured: Measured) -> Course:
    if name == "hpa":
        target = target_of(manifests.hpa.metrics, manifests, options.queue)
        return hpa_course(options.jobs, manifests.hpa, target, manifests.scrape, measured)
    target = target_of(manifests.keda.triggers, manifests, options.queue)
    return keda_course(options.jobs, manifests.keda, target, measured)


def busy_kept(name: str, options, manifests: Manifests) -> str | None:
    """Does a replica stay while all of its slots work and nothing waits? Gives the first count that would shrink."""
    spec = manifests.hpa if name == "hpa" else manifests.keda.hpa()
    for count in range(spec.minimum + 1, spec.maximum + 1):
        working = count * manifests.concurrency
        values = {}
        for metric in spec.metrics:
            source = manifests.sources[metric.name]
            runs = any(part == "running" or part.endswith(":running") for part in source.parts)
            values[metric.name] = float(working if runs and source.queue in (options.queue, ALL) else 0)
        asked = proposal(spec.metrics, values, count, count)
        if asked is not None and asked < count:
            return (f"{count} replicas with {working} jobs running and none waiting: the manifest asks for {max(asked, spec.minimum)}. "
                    f"A metric of the running jobs alone, with a target of CONCURRENCY ({manifests.concurrency}), keeps them")
    return None


def report(story: Story, course: Course, options, least: int) -> bool:
    for problem in story.wrong:
        print(f"{story.name}: WRONG: {problem}")
    if story.peak <= least:
        print(f"{story.name}: WRONG: there were never more than {story.peak} replicas")
    if story.wrong or story.peak <= least:
        return False
    cleared = story.cleared - story.submitted
    late = story.jobs - options.jobs
    print(f"{story.name}: {options.jobs} jobs{f' and {late} that came in while replicas were taken away' if late else ''} succeeded, "
          f"each in one attempt with one result "
          f"({story.again} given back and delivered again); replicas {least} -> {story.peak} -> {least}")
    print(f"{story.name}: backlog gone {cleared:.0f} s (here {cleared / options.speed:.1f} s) after the last job was in; "
          f"computed {course.cleared:.0f} s, bound {course.cleared * options.margin:.0f} s; "
          f"{least} replicas {story.down - story.cleared:.0f} s later, computed {course.down:.0f} s")
    return True


def simulate(options) -> int:
    manifests = read(options.manifests, ROOT / "ops/prometheus.yml", options.manifest_queue, options.queue)
    names = ["hpa", "keda"] if options.controller == "both" else [options.controller]
    print(f"The triggers of the queue {options.manifest_queue} in {options.manifests.name}/ are applied to the queue {options.queue}; "
          f"those of other queues read other, empty queues.")
    print(f"Periods of the controllers are divided by {options.speed:g}: HPA {SYNC_PERIOD:g} s, scrapes {manifests.scrape:g} s, "
          f"KEDA's polls {manifests.keda.polling:g} s and cooldown {manifests.keda.cooldown:g} s, windows and policies. "
          f"Jobs are not: {options.ms} ms here are {options.ms * options.speed:g} ms of the cluster.")
    good = True
    for name in names:
        shrinks = busy_kept(name, options, manifests)
        must = options.keep_busy in (name, "both")
        print(f"{name}: " + (f"{'WRONG' if must else 'NOTE'}: {shrinks}" if shrinks else "replicas whose slots all work are kept"))
        good = good and not (shrinks and must)
    if not good:
        return 1
    stories: list[tuple[Story, Course]] = []
    with tempfile.TemporaryDirectory(prefix="wc-autoscale-") as folder:
        for name in names:
            # Right before each burst: others may use the machine more, or less, a minute later.
            measured = measure(options, manifests, Path(folder), name)
            course = course_of(name, options, manifests, measured)
            least = manifests.hpa.minimum if name == "hpa" else manifests.keda.minimum
            print(f"{name}: computed beforehand: {least} -> {course.peak} replicas, backlog gone within {course.cleared:.0f} s of the cluster "
                  f"({course.cleared / options.speed:.1f} s here); {course.down:.0f} s later {least} again", flush=True)
            with new_cluster(options, manifests, Path(folder), name) as cluster:
                story = Run(name, cluster, manifests, course, int(measured.single * options.speed / 4), options).go()
            stories.append((story, course))
            good = report(story, course, options, least) and good
    if options.plot and good:
        options.plot.write_text(draw(stories, options))
        print(f"Drawn: {options.plot}")
    return 0 if good else 1


def main() -> int:
    options = options_of(sys.argv[1:])
    # A shell starts what is in its background with SIGINT ignored.
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        signal.signal(number, signal.default_int_handler)
    if options.programs is None:
        # Asked for its options alone: they are good.
        return 0
    try:
        return simulate(options)
    except ManifestError as error:
        print(f"autoscale-sim: {error}", file=sys.stderr)
        return 78
    except (ClusterError, OSError) as error:
        print(f"autoscale-sim: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("autoscale-sim: stopped; every process was ended", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
