"""Law: every lie a client is made to tell: the clause it breaks and, where one lie can't be told
without another showing, the clauses it may also break. Each is a program of its own beside this.
"""

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Lie:
    """One deviant client; ``also`` are clauses that break with its own."""

    clause: str
    name: str
    also: frozenset[str] = frozenset()

    @property
    def command(self) -> list[str]:
        """How to run it: without site packages, for it needs none and starts the faster."""
        return [sys.executable, "-S", "-E", "-B", str(HERE / f"{self.name}.py")]

    @property
    def sentence(self) -> str:
        """What it does, in its own words."""
        text = (HERE / f"{self.name}.py").read_text(encoding="utf-8")
        return ast.get_docstring(ast.parse(text)) or ""


LIES = (
    Lie("K-01", "wrong_path"),
    Lie("K-01", "queries_by_get"),
    Lie("K-02", "length_in_characters"),
    Lie("K-03", "undeclared_latin5"),
    Lie("K-03", "control_characters"),
    Lie("K-04", "unescaped_text"),
    Lie("K-04", "escaped_twice"),
    Lie("K-05", "bare_carriage_return"),
    Lie("K-06", "unquoted_pull"),
    Lie("K-06", "unescaped_password"),
    Lie("K-07", "flash_in_words"),
    Lie("K-07", "made_up_field"),
    Lie("K-07", "delay_in_seconds"),
    Lie("K-08", "forgets_flash"),
    Lie("K-08", "own_title"),
    Lie("K-09", "sends_once_to_twins"),
    Lie("K-09", "ids_mixed_up"),
    Lie("K-10", "one_id_for_all"),
    Lie("K-10", "ids_start_afresh"),
    Lie("K-11", "never_long"),
    Lie("K-11", "shortens"),
    Lie("K-12", "never_unicode"),
    Lie("K-13", "matches_by_position"),
    Lie("K-13", "wrong_order"),
    Lie("K-13", "loses_message_ids", also=frozenset({"K-14", "K-15", "K-16", "K-17"})),
    Lie("K-14", "no_credit_is_success"),
    Lie("K-14", "one_refusal_refuses_all", also=frozenset({"K-13", "K-16", "K-17", "K-25"})),
    Lie("K-15", "refusal_is_success"),
    Lie("K-15", "forgets_the_code"),
    Lie("K-15", "hangs_on_refusal"),
    Lie("K-16", "no_chunks"),
    Lie("K-16", "reads_once", also=frozenset({"K-17"})),
    Lie("K-17", "small_buffer"),
    Lie("K-18", "missing_is_success"),
    Lie("K-19", "lost_is_transport"),
    Lie("K-20", "half_is_enough"),
    Lie("K-21", "html_is_success"),
    Lie("K-21", "gateway_is_transport"),
    Lie("K-21", "ends_on_html"),
    Lie("K-22", "sends_again"),
    Lie("K-22", "sends_again_after_502"),
    Lie("K-22", "sends_again_later"),
    Lie("K-23", "no_server_is_unknown"),
    Lie("K-24", "no_timeout"),
    Lie("K-24", "timeout_by_read"),
    Lie("K-25", "misreads_the_print"),
    Lie("K-26", "drops_many_reports", also=frozenset({"K-17", "K-31", "K-33"})),
    Lie("K-26", "one_report_a_status", also=frozenset({"K-17", "K-27", "K-31", "K-33"})),
    Lie("K-26", "forgets_the_error", also=frozenset({"K-27", "K-31", "K-33"})),
    Lie("K-27", "dates_as_utc"),
    Lie("K-27", "month_and_day"),
    Lie("K-28", "no_data_is_an_error", also=frozenset({"K-16"})),
    Lie("K-29", "knows_no_minus"),
    Lie("K-29", "refused_is_nothing"),
    Lie("K-30", "lost_is_nothing"),
    Lie("K-30", "half_of_the_reports"),
    Lie("K-31", "pulls_everything"),
    Lie("K-31", "none_means_all"),
    Lie("K-32", "pulls_after_a_send"),
    Lie("K-33", "wants_the_closing_tag"),
    Lie("K-34", "one_group_of_titles"),
    Lie("K-34", "titles_in_capitals", also=frozenset({"K-17"})),
    Lie("K-35", "balance_as_float"),
    Lie("K-35", "balance_in_whole", also=frozenset({"K-16", "K-38"})),
    Lie("K-36", "refused_is_malformed"),
    Lie("K-37", "garbage_is_zero"),
    Lie("K-37", "query_of_unknown_fate"),
    Lie("K-38", "sticks_to_a_failure"),
)
