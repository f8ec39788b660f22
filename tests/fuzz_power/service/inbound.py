"""Records reports: each id once, whichever way and however often its report comes."""

from __future__ import annotations

from fuzz_power.service.pager import Pager
from fuzz_power.service.records import Database, Notice, ReportRow
from fuzz_power.service.reports import FINAL, ReadReport, is_closed, is_delivered, kept_id, read_reports
from fuzz_power.service.settings import Settings


class Inbound:
    """Where pulled and pushed reports end. Pushes are saved before they are acknowledged."""

    def __init__(self, settings: Settings, database: Database, pager: Pager) -> None:
        self._settings = settings
        self._database = database
        self._pager = pager

    def receive_push(self, body: bytes) -> int:
        """Take a pushed document; the HTTP status of the answer."""
        bugs = self._settings.bugs
        text = body.decode("utf-8", "replace").strip()
        if "push-wants-end-tag" in bugs and not is_closed(text):
            return 400
        reports = read_reports(text, bugs)
        if not reports:
            self._pager.alarm("strange-push", f"a push without a report: {text[:80]!r}")
            return 400
        for report in reports[:1] if "push-first-only" in bugs else reports:
            if "push-unknown-dropped" in bugs and self._notice(report) is None:
                continue
            self.record(report, "push")
        if "push-saved-later" not in bugs:
            self._database.save()
        return 200

    def record(self, report: ReadReport, by: str) -> None:
        """Record one report; the caller saves."""
        bugs = self._settings.bugs
        if by == "pull" and self._is_skipped(report):
            return
        notice = self._notice(report)
        if report.status not in FINAL:
            if "unknown-status-crashes" in bugs:
                raise KeyError(report.status)
            self._pager.alarm("unknown-status", f"{report.wire_id} ended as {report.status}", report.wire_id)
        if notice is None:
            if "unknown-id-crashes" in bugs:
                raise KeyError(report.wire_id)
            self._pager.alarm("unknown-id", f"a report of {report.wire_id}, which nobody sent", report.wire_id)
        elif notice.state != "accepted":
            # The vendor reports what it accepted: this settles a message whose answer was lost.
            notice.state, notice.accepted_at = "accepted", report.sent_at
        row = ReportRow(
            wire_id=kept_id(report.wire_id, bugs),
            key=notice.key if notice else "",
            status=report.status,
            delivered=is_delivered(report, bugs),
            sent_at=report.sent_at,
            done_at=report.done_at,
            gsm_error=report.gsm_error,
            by=by,
        )
        self._keep(row)
        if notice and report.status == "NOT_SENT" and "resend-not-sent" in bugs:
            notice.state, notice.tries, notice.next_try = "queued", notice.tries + 1, self._settings.clock()

    def _keep(self, row: ReportRow) -> None:
        rows, bugs = self._database.tables.reports, self._settings.bugs
        for place, earlier in enumerate(rows):
            if earlier.wire_id == row.wire_id and "push-twice-counts" not in bugs:
                if row.done_at > earlier.done_at or "push-last-wins" in bugs:
                    rows[place] = row
                return
        rows.append(row)

    def _notice(self, report: ReadReport) -> Notice | None:
        wanted = kept_id(report.wire_id, self._settings.bugs)
        for notice in reversed(self._database.tables.notices.values()):
            if notice.wire_id == wanted:
                return notice
        return None

    def _is_skipped(self, report: ReadReport) -> bool:
        """Whether a mistake leaves the report out."""
        bugs, flags = self._settings.bugs, self._database.tables.flags
        if "two-statuses" in bugs and report.status not in ("DELIVERED", "NOT_DELIVERED"):
            return True
        if "sent-is-pending" in bugs and report.status == "SENT":
            return True
        if "sentdate-watermark" in bugs:
            newest = flags.get("newest")
            flags["newest"] = max(newest or report.sent_at, report.sent_at)
            return newest is not None and report.sent_at < newest
        if "text-watermark" in bugs:
            seen = flags.get("seen", "")
            flags["seen"] = max(seen, report.done_text)
            return report.done_text < seen
        return False
