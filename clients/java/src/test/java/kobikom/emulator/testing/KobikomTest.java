package kobikom.emulator.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs against the emulator at $KOBIKOM_URL. */
@ExtendWith(KobikomExtension.class)
class KobikomTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** The code under test: true if it was sent, false if refused. */
    static boolean notify(Kobikom kobikom, String text, String number) throws Exception {
        var body = "<SMS><dogrulama><kullanici>%s</kullanici><parola>%s</parola></dogrulama><mesajiniz><metin>%s</metin><alicilar><gsm>%s</gsm></alicilar></mesajiniz></SMS>"
            .formatted(kobikom.user, kobikom.password, text, number);
        var request = HttpRequest.newBuilder(URI.create(kobikom.baseUrl + "/api/sendsms/xml/"))
            .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body().contains("<status>0</status>");
    }

    static boolean notify(Kobikom kobikom, String text) throws Exception { return notify(kobikom, text, "905329975725"); }

    @Test
    void aCodeIsSentAndDelivered(Kobikom kobikom) throws Exception {
        assertTrue(notify(kobikom, "Kodunuz 1234 \"ğ\" \\ 💬"));
        var message = kobikom.waitFor(Map.of("to", "90532*", "text", "*1234*"));
        assertEquals(List.of("sent", "Kodunuz 1234 \"ğ\" \\ 💬"), List.of(message.status(), message.text()));
        assertEquals("1234", kobikom.waitForCode(Map.of("to", "0532 997 57 25")));
        assertEquals(Instant.parse("2026-01-31T06:00:01Z"), kobikom.clock.advance(Duration.ofSeconds(1)));
        assertEquals("DELIVERED", kobikom.waitFor(Map.of()).status());
    }

    @Test
    void aRefusalIsNoticed(Kobikom kobikom) throws Exception {
        var fault = kobikom.faults.failNext(-2);
        assertFalse(notify(kobikom, "Kodunuz 1234"));
        assertEquals(1, kobikom.faults.fired(fault));
        kobikom.assertNone(Map.of("text", "*1234*"));
    }

    @Test
    void aLostAnswerIsNotSentTwice(Kobikom kobikom) {
        kobikom.faults.loseNextAnswer();
        assertThrows(IOException.class, () -> notify(kobikom, "Kodunuz 1234"));
        assertEquals(1, kobikom.find(Map.of()).size());
        assertEquals(1, ((List<?>) kobikom.journal().get(0).get("faults")).size());
    }

    @Test
    void whatIsMissingIsNamedWithTheNearestMiss(Kobikom kobikom) throws Exception {
        notify(kobikom, "Kodunuz 1234");
        var missed = assertThrows(AssertionError.class, () -> kobikom.waitFor(Map.of("text", "*9999*"), Duration.ZERO));
        assertTrue(missed.getMessage().contains("text is 'Kodunuz 1234', not '*9999*'"), missed.getMessage());
        var none = assertThrows(AssertionError.class, () -> kobikom.assertNone(Map.of()));
        assertTrue(none.getMessage().contains("Kodunuz 1234"));
        assertEquals(400, assertThrows(Kobikom.ControlRefused.class, () -> kobikom.find(Map.of("from", "x"))).status);
    }

    @Test
    void clockOutcomeAndCredit(Kobikom kobikom) throws Exception {
        assertEquals(Instant.parse("2031-01-01T00:00:00Z"), kobikom.clock.set(Instant.parse("2031-01-01T00:00:00Z")));
        kobikom.account(Map.of("credit", "1"));
        notify(kobikom, "Bir");
        assertFalse(notify(kobikom, "İki"));
        var message = kobikom.waitFor(Map.of());
        assertEquals("REJECTED", kobikom.deliver(message, Map.of("status", "REJECTED")).status());
        kobikom.reset();
        assertEquals(List.of(), kobikom.find(Map.of()));
    }

    @Test
    void aLongTextWithManyEscapesIsRead() {
        var text = "\"\\/\t ğ".repeat(50_000);
        assertEquals(List.of(text), ((Map<?, ?>) Kobikom.Json.read(Kobikom.Json.write(Map.of("texts", List.of(text))))).get("texts"));
    }

    @Test
    void theJournalIsText(Kobikom kobikom) throws Exception {
        notify(kobikom, "Kodunuz 1234", "12");
        assertTrue(kobikom.journalText().contains("\n#1 send as " + kobikom.user + ": refused -13"), kobikom.journalText());
    }
}
