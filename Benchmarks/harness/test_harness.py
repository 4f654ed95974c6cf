"""What would be wrong without anybody noticing: the arithmetic and the reading of /proc."""

import os
import unittest
import unittest.mock

import figures
import processes
import proofs
import servers


class FiguresTests(unittest.TestCase):
    def test_the_ratio_is_the_median_of_the_rounds_ratios(self):
        row = figures.Row("x", "op/s", [10, 20, 90], [10, 10, 10], figures.ratio_at_least(1.9))
        self.assertEqual(row.ratios, [1, 2, 9])
        self.assertTrue(row.is_reached)
        self.assertEqual(row.cells(), ["x", "20 op/s", "10", "2.00x", ">= 1.9x", "yes", "1 .. 9 (3)"])

    def test_a_bound_itself_reaches_the_target(self):
        for target in [figures.at_least(5), figures.at_most(5)]:
            self.assertTrue(figures.Row("x", "", [5], target=target).is_reached)
        self.assertFalse(figures.Row("x", "", [4.9], target=figures.at_least(5)).is_reached)
        self.assertFalse(figures.Row("x", "", [5.1], target=figures.at_most(5)).is_reached)

    def test_without_a_target_nothing_is_reached_or_missed(self):
        row = figures.Row("x", "us", [1.234])
        self.assertIsNone(row.is_reached)
        self.assertEqual(row.cells()[1:6], ["1.23 us", "", "", "", ""])

    def test_a_failure_and_no_rounds_do_not_reach_a_target(self):
        self.assertFalse(figures.Row("x", "", [9], target=figures.at_least(1), failure="lost").is_reached)
        self.assertFalse(figures.Row("x", "", target=figures.at_least(1)).is_reached)
        self.assertIn("failed: lost", figures.table([figures.Row("x", "", failure="lost")]))

    def test_percentiles_are_values_that_occurred(self):
        values = [float(value) for value in range(100, 0, -1)]
        self.assertEqual(figures.percentile(values, 0.5), 50)
        self.assertEqual(figures.percentile(values, 0.99), 99)
        self.assertEqual(figures.percentile(values, 1), 100)
        self.assertEqual(figures.percentile([7.0], 0.5), 7)
        with self.assertRaises(ValueError):
            figures.percentile([], 0.5)

    def test_numbers_keep_three_digits(self):
        self.assertEqual([figures.number(n) for n in [0, 0.0123, 1.234, 12.34, 1234567.8]], ["0", "0.0123", "1.23", "12.3", "1,234,568"])


class ProcessTests(unittest.TestCase):
    STAT = "42 (a) b (c)) S 7 42 42 0 -1 4194560 1 0 0 0 184 27 5 6 20 0 5 0 371216 68050944 3777"

    def test_the_name_in_stat_may_hold_brackets_and_blanks(self):
        self.assertAlmostEqual(processes.cpu_of_stat(self.STAT), 211 / processes.TICK)
        self.assertEqual(processes.parent_of_stat(self.STAT), 7)

    def test_schedstat_counts_nanoseconds(self):
        self.assertAlmostEqual(processes.cpu_of_schedstat("2125813194 1147806885 43577\n"), 2.125813194)

    def test_the_resident_size_is_in_kilobytes(self):
        self.assertEqual(processes.kilobytes_of_status("VmPeak:\t 9 kB\nVmRSS:\t   1234 kB\n", "VmRSS"), 1234)
        with self.assertRaises(ValueError):
            processes.kilobytes_of_status("Name:\tx\n", "VmRSS")

    def test_both_sources_agree_on_this_process(self):
        end = processes.cpu_seconds(os.getpid()) + 0.2
        while processes.cpu_seconds(os.getpid()) < end:
            pass
        with open("/proc/self/stat") as stat:
            self.assertAlmostEqual(processes.cpu_of_stat(stat.read()), processes.cpu_seconds(os.getpid()), delta=0.05)


class WrkTests(unittest.TestCase):
    def test_requests_are_counted(self):
        self.assertEqual(servers.requests_of_wrk("  196123 requests in 3.00s, 31.02MB read\nRequests/sec: 65374"), 196123)

    def test_an_answer_that_is_no_success_is_an_error(self):
        for line in ["  Non-2xx or 3xx responses: 5", "  Socket errors: connect 0, read 3, write 0, timeout 0"]:
            with self.assertRaises(RuntimeError):
                servers.requests_of_wrk(f"  9 requests in 3.00s, 1MB read\n{line}\n")


class ProofsTests(unittest.TestCase):
    FIGURES = {
        "proof-files": {}, "prove": {"ms": 8}, "verify": {"ms": 1}, "two-threads": {"proofs": 1.8, "spins": 2},
        "verify-batch": {"batch_ms": 20, "single_ms": 64},
        "proof-arithmetic": {"poseidon_us": [9], "sum": {"8": [2]}, "transform": {"9": [0.04]}}}

    def rows(self, **figures):
        class Setting(servers.Setting):
            def run_bench(self, *words, processor=None):
                return (ProofsTests.FIGURES | figures)[words[0]]

        with unittest.mock.patch.object(proofs, "peer", lambda operation, *_: 16):
            return {row.name: row for row in proofs.proofs(Setting(None, None, rounds=2, quick=True))}

    def test_each_target_is_judged_by_its_own_figures(self):
        reached = {name: row.is_reached for name, row in self.rows().items() if row.target}
        self.assertEqual(len(reached), 7)
        self.assertTrue(all(reached.values()), reached)

    def test_a_slow_prover_misses_both_of_its_targets_and_no_other(self):
        missed = [row.name for row in self.rows(prove={"ms": 21}).values() if row.is_reached is False]
        self.assertEqual(len(missed), 2, missed)

    def test_a_second_thread_is_judged_by_what_it_is_worth_to_a_spin(self):
        row = next(row for name, row in self.rows(**{"two-threads": {"proofs": 1.0, "spins": 1.05}}).items() if "two threads" in name)
        self.assertTrue(row.is_reached)


if __name__ == "__main__":
    unittest.main()
