"""Every deviant client: the clause it breaks and the clauses that break with it. Each is a program beside this."""

import ast
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


def program(name: str, *words: str) -> list[str]:
    """How to run a program beside this: without site packages, because it needs none and starts faster."""
    return [sys.executable, "-S", "-E", "-B", str(HERE / f"{name}.py"), *words]


@dataclass(frozen=True, slots=True)
class DeviantClient:
    """A client that breaks one clause; ``also`` are clauses that break with it."""

    clause: str
    name: str
    also: frozenset[str] = frozenset()

    @property
    def command(self) -> list[str]:
        """How to run it."""
        return program(self.name)

    @property
    def sentence(self) -> str:
        """What it does: the docstring of its program."""
        text = (HERE / f"{self.name}.py").read_text(encoding="utf-8")
        return ast.get_docstring(ast.parse(text)) or ""


DEVIANT_CLIENTS = (
    DeviantClient("K-01", "wrong_path"),
    DeviantClient("K-01", "queries_by_get"),
    DeviantClient("K-02", "length_in_characters"),
    DeviantClient("K-03", "undeclared_latin5"),
    DeviantClient("K-03", "control_characters"),
    DeviantClient("K-04", "unescaped_text", also=frozenset({"K-03"})),
    DeviantClient("K-04", "unescaped_in_a_form"),
    DeviantClient("K-04", "escaped_twice"),
    DeviantClient("K-04", "empties_texts"),
    DeviantClient("K-04", "ends_at_a_control_character"),
    DeviantClient("K-04", "trims_texts"),
    DeviantClient("K-04", "joins_blanks"),
    DeviantClient("K-04", "plain_blanks"),
    DeviantClient("K-04", "composes_letters"),
    DeviantClient("K-04", "straightens_quotes"),
    DeviantClient("K-04", "no_astral_characters"),
    DeviantClient("K-04", "drops_joiners"),
    DeviantClient("K-05", "bare_carriage_return"),
    DeviantClient("K-06", "unquoted_pull"),
    DeviantClient("K-06", "unescaped_password"),
    DeviantClient("K-06", "unescaped_login_in_a_form"),
    DeviantClient("K-07", "flash_in_words"),
    DeviantClient("K-07", "made_up_field"),
    DeviantClient("K-07", "delay_in_seconds"),
    DeviantClient("K-08", "forgets_flash"),
    DeviantClient("K-08", "flash_or_unicode"),
    DeviantClient("K-08", "own_title"),
    DeviantClient("K-09", "sends_once_to_twins"),
    DeviantClient("K-09", "ids_mixed_up"),
    DeviantClient("K-09", "number_up_to_a_blank", also=frozenset({"K-13"})),
    DeviantClient("K-10", "one_id_for_all"),
    DeviantClient("K-10", "ids_start_afresh"),
    DeviantClient("K-10", "ids_begin_with_the_process"),
    DeviantClient("K-11", "never_long"),
    DeviantClient("K-11", "shortens"),
    DeviantClient("K-12", "never_unicode"),
    DeviantClient("K-13", "matches_by_position"),
    DeviantClient("K-13", "wrong_order"),
    DeviantClient("K-13", "results_by_another_form"),
    DeviantClient("K-13", "loses_message_ids", also=frozenset({"K-14", "K-15", "K-16", "K-17"})),
    DeviantClient("K-14", "no_credit_is_success"),
    DeviantClient("K-14", "one_refusal_refuses_all", also=frozenset({"K-13", "K-16", "K-17", "K-25"})),
    DeviantClient("K-15", "refusal_is_success"),
    DeviantClient("K-15", "forgets_the_code"),
    DeviantClient("K-16", "no_chunks"),
    DeviantClient("K-16", "reads_once", also=frozenset({"K-17"})),
    DeviantClient("K-17", "small_buffer"),
    DeviantClient("K-18", "missing_is_success"),
    DeviantClient("K-19", "lost_is_transport"),
    DeviantClient("K-20", "half_is_enough"),
    DeviantClient("K-21", "html_is_success"),
    DeviantClient("K-21", "gateway_is_transport"),
    DeviantClient("K-21", "ends_on_html"),
    DeviantClient("K-22", "sends_again"),
    DeviantClient("K-22", "sends_again_after_502"),
    DeviantClient("K-22", "sends_again_later"),
    DeviantClient("K-23", "no_server_is_unknown"),
    DeviantClient("K-24", "hangs_on_refusal", also=frozenset({"K-15"})),
    DeviantClient("K-24", "no_timeout"),
    DeviantClient("K-24", "timeout_by_read"),
    DeviantClient("K-25", "misreads_the_print"),
    DeviantClient("K-26", "drops_the_second_pull", also=frozenset({"K-16", "K-17", "K-27", "K-31", "K-33", "K-38"})),
    DeviantClient("K-26", "drops_many_reports", also=frozenset({"K-17", "K-31", "K-33"})),
    DeviantClient("K-26", "one_report_a_status", also=frozenset({"K-17", "K-27", "K-31", "K-33"})),
    DeviantClient("K-26", "forgets_the_error", also=frozenset({"K-27", "K-31", "K-33"})),
    DeviantClient("K-27", "dates_as_utc"),
    DeviantClient("K-27", "month_and_day"),
    DeviantClient("K-28", "no_data_is_an_error", also=frozenset({"K-16"})),
    DeviantClient("K-29", "knows_no_minus"),
    DeviantClient("K-29", "refused_is_nothing"),
    DeviantClient("K-30", "lost_is_nothing"),
    DeviantClient("K-30", "half_of_the_reports"),
    DeviantClient("K-31", "pulls_everything"),
    DeviantClient("K-31", "none_means_all"),
    DeviantClient("K-32", "pulls_after_a_send"),
    DeviantClient("K-33", "wants_the_closing_tag"),
    DeviantClient("K-34", "one_group_of_titles"),
    DeviantClient("K-34", "titles_in_capitals", also=frozenset({"K-17"})),
    DeviantClient("K-35", "balance_as_float"),
    DeviantClient("K-35", "balance_in_whole", also=frozenset({"K-16", "K-38"})),
    DeviantClient("K-36", "refused_is_malformed"),
    DeviantClient("K-37", "garbage_is_zero"),
    DeviantClient("K-37", "query_of_unknown_fate"),
    DeviantClient("K-38", "sticks_to_a_failure"),
    DeviantClient("K-39", "never_gives_up"),
    DeviantClient("K-40", "always_unicode"),
    DeviantClient("K-41", "follows_by_get"),
    DeviantClient("K-41", "posts_the_login_elsewhere"),
    DeviantClient("K-42", "pushes_must_be_closed"),
    DeviantClient("K-42", "one_report_a_push"),
    DeviantClient("K-43", "refuses_a_push_twice"),
    DeviantClient("K-43", "refuses_unknown_pushes"),
    DeviantClient("K-43", "receiver_stops_at_garbage"),
)

SOUND_CLIENTS = (
    *("sound_one_number_a_request", "sound_empty_ids", "sound_form", "sound_whole_numbers"),
    *("sound_flash_by_datacoding", "sound_turkish_tables", "sound_refuses_characters", "sound_own_timeout"),
    *("sound_poller", "sound_raw", "sound_yes_or_no", "sound_by_ids_only"),
)
"""Programs of clients of other styles, each of which keeps every clause."""
