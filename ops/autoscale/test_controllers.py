"""Known points of the HPA's and KEDA's rules, of the model and of the manifests' reader. No network, no clock."""

import math
import tempfile
import unittest
from pathlib import Path

from controllers import DEFAULT_DOWN, DEFAULT_UP, Hpa, HpaSpec, Keda, KedaSpec, Metric, Policy, Rules, Trigger, proposal
from manifests import ManifestError, Source, documents, hpa_source, quantity, renamed
from model import Measured, climb, descent, hpa_course, keda_course

WORK = Metric("work", "AverageValue", 50)
AGE = Metric("age", "Value", 60)
SLOW_DOWN = Rules(300, (Policy("Percent", 25, 60),))
FREE = Rules(0, (Policy("Percent", 10000, 15),))


def asked(metrics, current, ready=None, **values):
    return proposal(metrics, values, current, current if ready is None else ready)


class Formulas(unittest.TestCase):
    def test_average_value_divides_the_metric_by_the_target_and_rounds_up(self):
        self.assertEqual(asked((WORK,), 2, work=600), 12)
        self.assertEqual(asked((WORK,), 2, work=601), 13)
        self.assertEqual(asked((WORK,), 5, work=0), 0)

    def test_value_scales_the_ready_replicas_by_the_ratio(self):
        self.assertEqual(asked((AGE,), 4, age=90), 6)
        self.assertEqual(asked((AGE,), 4, age=30), 2)
        self.assertEqual(asked((AGE,), 4, ready=2, age=90), 3)
        self.assertEqual(asked((AGE,), 4, age=0), 0)

    def test_a_tenth_to_either_side_changes_nothing(self):
        for work, count in [(550, 10), (450, 10), (551, 12), (449, 9)]:
            self.assertEqual(asked((WORK,), 10, work=work), count, work)
        for age, count in [(66, 10), (54, 10), (67, 12), (53, 9)]:
            self.assertEqual(asked((AGE,), 10, age=age), count, age)

    def test_the_largest_proposal_counts_not_the_sum(self):
        self.assertEqual(asked((WORK, AGE), 4, work=500, age=90), 10)
        self.assertEqual(asked((WORK, AGE), 4, work=50, age=120), 8)

    def test_a_missing_metric_lets_the_others_scale_up_but_never_down(self):
        self.assertEqual(asked((WORK, AGE), 4, work=500, age=None), 10)
        self.assertIsNone(asked((WORK, AGE), 4, work=50, age=None))
        self.assertEqual(asked((WORK, AGE), 4, work=200, age=None), 4)
        self.assertIsNone(asked((WORK, AGE), 4, work=None, age=None))


class Behaviour(unittest.TestCase):
    def hpa(self, up=DEFAULT_UP, down=DEFAULT_DOWN, minimum=2, maximum=20):
        return Hpa(HpaSpec(minimum, maximum, (WORK,), up, down))

    def steps(self, hpa, current, plan):
        """`plan` is pairs of an instant and the metric then; gives the replicas after each."""
        counts = []
        for at, work in plan:
            current = hpa.sync(at, current, current, {"work": work})
            counts.append(current)
        return counts

    def test_min_and_max_bound_it(self):
        self.assertEqual(self.steps(self.hpa(up=FREE), 2, [(0, 600), (15, 99999)]), [12, 20])
        self.assertEqual(self.steps(self.hpa(down=Rules(0, DEFAULT_DOWN.policies)), 12, [(0, 0)]), [2])
        self.assertEqual(self.steps(self.hpa(), 1, [(0, 0)]), [2])
        self.assertEqual(self.steps(self.hpa(), 30, [(0, 99999)]), [20])

    def test_zero_replicas_switch_the_hpa_off(self):
        self.assertEqual(self.steps(self.hpa(), 0, [(0, 99999)]), [0])

    def test_up_the_more_generous_policy_counts(self):
        self.assertEqual(self.steps(self.hpa(), 2, [(0, 9999), (15, 9999), (30, 9999)]), [6, 12, 20])

    def test_min_takes_the_stricter_policy_and_disabled_none(self):
        strict = Rules(0, DEFAULT_UP.policies, "Min")
        self.assertEqual(self.steps(self.hpa(up=strict), 2, [(0, 9999), (15, 9999), (30, 9999)]), [4, 8, 12])
        self.assertEqual(self.steps(self.hpa(up=Rules(0, DEFAULT_UP.policies, "Disabled")), 2, [(0, 9999)]), [2])

    def test_a_policy_counts_from_the_start_of_its_period(self):
        slow = Rules(0, (Policy("Pods", 4, 60),))
        self.assertEqual(self.steps(self.hpa(up=slow), 2, [(0, 9999), (15, 9999), (45, 9999), (60, 9999)]), [6, 6, 6, 10])

    def test_down_waits_until_the_highest_recommendation_of_the_window_is_old(self):
        hpa = self.hpa(down=Rules(300, DEFAULT_DOWN.policies))
        plan = [(at, 1000 if at == 0 else 100) for at in range(0, 331, 15)]
        counts = self.steps(hpa, 20, plan)
        self.assertEqual(counts[:20], [20] * 20)
        self.assertEqual(counts[20], 2)

    def test_down_a_quarter_a_minute(self):
        counts = self.steps(self.hpa(down=SLOW_DOWN), 20, [(at, 0 if at else 1000) for at in range(0, 800, 15)])
        self.assertEqual(sorted(set(counts), reverse=True), [20, 15, 11, 8, 6, 4, 3, 2])
        self.assertEqual([at * 15 for at in range(1, len(counts)) if counts[at] < counts[at - 1]], [300, 360, 420, 480, 540, 600, 660])

    def test_up_waits_for_its_window_too(self):
        slow = Rules(60, FREE.policies)
        self.assertEqual(self.steps(self.hpa(up=slow), 2, [(0, 100), (15, 600), (30, 700), (60, 700)]), [2, 2, 2, 12])


def keda_spec(running_target=2.0, minimum=0):
    return KedaSpec(minimum, 20, 5, 120, (Trigger("ready", 50, 0), Trigger("running", running_target, 0)))


class KedaRules(unittest.TestCase):
    def test_activation_is_strictly_greater(self):
        spec = KedaSpec(0, 20, 5, 120, (Trigger("ready", 50, 10),))
        self.assertEqual(Keda(spec).poll(0, 0, {"ready": 10}), 0)
        self.assertEqual(Keda(spec).poll(0, 0, {"ready": 11}), 1)

    def test_to_zero_only_when_the_cooldown_is_over(self):
        keda = Keda(keda_spec())
        self.assertEqual(keda.poll(0, 0, {"ready": 5, "running": 0}), 1)
        self.assertEqual(keda.poll(5, 7, {"ready": 5, "running": 2}), 7)
        self.assertEqual(keda.poll(125, 7, {"ready": 0, "running": 0}), 7)
        self.assertEqual(keda.poll(130, 7, {"ready": 0, "running": 0}), 0)

    def test_one_running_job_keeps_it_from_zero(self):
        keda = Keda(keda_spec())
        keda.poll(0, 0, {"ready": 1, "running": 0})
        self.assertEqual(keda.poll(1000, 1, {"ready": 0, "running": 1}), 1)

    def test_its_hpa_leaves_the_last_replica_to_keda(self):
        hpa, count = Hpa(keda_spec().hpa()), 5
        for at in range(0, 1200, 15):
            count = hpa.sync(at, count, count, {"ready": 0, "running": 0})
        self.assertEqual(count, 1)

    def test_a_trigger_without_an_answer_ends_nothing(self):
        keda = Keda(keda_spec(), last_active=0)
        self.assertEqual(keda.poll(1000, 3, {"ready": None, "running": 0}), 3)
        self.assertEqual(keda.poll(1005, 0, {"ready": None, "running": 1}), 1)

    def test_a_least_number_stays(self):
        self.assertEqual(Keda(keda_spec(minimum=2), last_active=0).poll(1000, 2, {"ready": 0, "running": 0}), 2)
        self.assertEqual(Keda(keda_spec(minimum=2)).poll(0, 0, {"ready": 1, "running": 0}), 2)

    def test_busy_replicas_stay_when_the_running_jobs_have_the_target_of_a_replicas_slots(self):
        counts = {}
        for target in (2.0, 50.0):
            hpa, count = Hpa(keda_spec(target).hpa()), 12
            for at in range(0, 1200, 15):
                count = hpa.sync(at, count, count, {"ready": 0, "running": 24})
            counts[target] = count
        self.assertEqual(counts, {2.0: 12, 50.0: 1})


class ModelAndControllers(unittest.TestCase):
    """The bound is arithmetic of its own; here both are run against each other, with an ideal machine."""

    def drain(self, spec, replicas, jobs, rate):
        hpa, now, left = Hpa(spec), 0.0, float(jobs)
        while left > 0:
            replicas = hpa.sync(now, replicas, replicas, {"work": left})
            left -= 15 * replicas * rate
            now += 15
        return now

    def test_the_model_is_never_faster_and_at_most_two_rounds_slower(self):
        for down in (DEFAULT_DOWN, SLOW_DOWN):
            for jobs in (100, 1000, 5000, 20000, 100000):
                for rate in (1.0, 5.0, 13.3, 40.0):
                    spec = HpaSpec(2, 20, (WORK,), DEFAULT_UP, down)
                    real = self.drain(spec, 2, jobs, rate)
                    model, _ = climb(jobs, 2, 15.0, 50, spec, Measured(rate, math.inf, 0.0))
                    self.assertGreaterEqual(model + 15, real, (jobs, rate))
                    self.assertLessEqual(model, real + 30, (jobs, rate))

    def test_the_time_of_a_burst_step_by_step(self):
        # 30 s by 2 until the first decision, then 15 s by 6, by 12 and by 14; the rest by 14.
        course = hpa_course(1000, HpaSpec(2, 20, (WORK,)), 50, 15, Measured(1, math.inf, 0))
        self.assertEqual(course.peak, 14)
        self.assertAlmostEqual(course.cleared, 30 + 15 + 15 + (1000 - 60 - 90 - 180) / 14)
        # What is decided works 5 s later: until then the two go on.
        later = hpa_course(1000, HpaSpec(2, 20, (WORK,)), 50, 15, Measured(1, math.inf, 5))
        self.assertGreater(later.cleared, course.cleared)

    def test_descent(self):
        self.assertEqual(descent(20, 2, SLOW_DOWN), 300 + 15 + 6 * 60)
        self.assertEqual(descent(2, 2, SLOW_DOWN), 315)
        self.assertEqual(descent(20, 2, Rules(0, SLOW_DOWN.policies, "Disabled")), math.inf)

    def test_the_courses_of_a_burst(self):
        measured = Measured(10, 100, 5)
        course = hpa_course(20000, HpaSpec(2, 20, (WORK,), DEFAULT_UP, SLOW_DOWN), 50, 15, measured)
        self.assertEqual((course.peak, course.down), (20, 15 + 675))
        self.assertTrue(200 < course.cleared < 300, course)
        course = keda_course(20000, keda_spec(), 50, measured)
        self.assertEqual((course.peak, course.down), (20, 130))
        self.assertTrue(200 < course.cleared < 300, course)


class Reading(unittest.TestCase):
    def test_quantities(self):
        self.assertEqual([quantity(text) for text in ["50", "1500m", "2k", 60, "1Ki"]], [50, 1.5, 2000, 60, 1024])
        with self.assertRaises(ManifestError):
            quantity("5 jobs")

    def test_the_queues_name_is_replaced_and_no_other(self):
        self.assertEqual(renamed(Source("proof", ("key:wc:{proof}:ready",)), "proof", "test"), Source("test", ("key:wc:{test}:ready",)))
        self.assertEqual(renamed(Source("memory", ("ready",)), "proof", "test"), Source("memory", ("ready",)))

    def test_what_is_not_understood_is_refused(self):
        with self.assertRaises(ManifestError):
            hpa_source({"name": "queue_length", "selector": {"matchLabels": {"queue": "proof"}}}, Path("hpa.yaml"))
        with self.assertRaises(ManifestError):
            hpa_source({"name": "whispercache_queue_ready"}, Path("hpa.yaml"))
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(ManifestError):
            documents(Path(folder) / "hpa.yaml")


if __name__ == "__main__":
    unittest.main()
