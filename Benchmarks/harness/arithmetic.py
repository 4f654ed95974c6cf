"""Measurements of what memory and proof jobs do again and again; for information, without a target."""

from figures import Row
from servers import Setting


def crypto(setting: Setting) -> list[Row]:
    figures = setting.run_bench("crypto", "--rounds", str(setting.rounds), processor=1)
    return [
        Row("Poseidon of two numbers", "us CPU", figures["poseidon_us"]),
        Row("SealedText, 200 B, seal and open", "us CPU", figures["seal_us"])]
