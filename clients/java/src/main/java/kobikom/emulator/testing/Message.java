package kobikom.emulator.testing;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * One message to one number. {@code id} is the generated id, {@code to} the MSISDN, {@code submittedAs} the number as
 * it was written; {@code status} is scheduled, sent or a final status, {@code gsmError} null until it is final;
 * {@code report} is waiting, ready or given.
 */
public record Message(
    String id, String messageId, String user, String title, String to, String submittedAs, String text, boolean flash,
    String status, Integer gsmError, Instant submittedAt, Instant sentAt, Instant doneAt, int parts, BigDecimal cost,
    String report
) {
    static Message read(Map<?, ?> view) {
        var error = (BigDecimal) view.get("gsm_error");
        return new Message(
            text(view, "id"), text(view, "message_id"), text(view, "user"), text(view, "title"), text(view, "to"),
            text(view, "submitted_as"), text(view, "text"), (Boolean) view.get("flash"), text(view, "status"),
            error == null ? null : error.intValue(), Instant.parse(text(view, "submitted_at")),
            Instant.parse(text(view, "sent_at")), Instant.parse(text(view, "done_at")),
            ((BigDecimal) view.get("parts")).intValue(), new BigDecimal(text(view, "cost")), text(view, "report"));
    }

    private static String text(Map<?, ?> view, String name) { return (String) view.get(name); }
}
