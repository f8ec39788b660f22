package kobikom.emulator.testing;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A private Kobikom. The code under test gets {@code baseUrl}, {@code user} and {@code password}; these lead here at
 * {@code url} too. Conditions on messages are to, title, text (patterns with * and ?), status and user.
 */
public final class Kobikom implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    public final String name, url, baseUrl, user, password;
    public final Clock clock = new Clock();
    public final Faults faults = new Faults();
    private final String token;
    private boolean closed;

    private Kobikom(String url, String token, Map<?, ?> space) {
        Map<?, ?> account = list(space, "accounts").get(0);
        this.url = url;
        this.token = token;
        name = (String) space.get("name");
        baseUrl = url + "/s/" + name;
        user = (String) account.get("user");
        password = (String) account.get("password");
    }

    public static Kobikom open() { return open(Map.of()); }

    /** Opens a space of the emulator at $KOBIKOM_URL, by default http://127.0.0.1:8080. */
    public static Kobikom open(Map<String, ?> options) {
        var environment = System.getenv();
        return open(environment.getOrDefault("KOBIKOM_URL", "http://127.0.0.1:8080"),
            environment.getOrDefault("KOBIKOM_CONTROL__TOKEN", ""), options);
    }

    /**
     * Options: name, seed, clock, accounts, readings, magic_numbers. {@code clock} is an instant with its zone, at
     * which it stands still (2026-01-31T09:00:00+03:00 unless said), or "running". {@code token} is the server's
     * control.token.
     */
    public static Kobikom open(String server, String token, Map<String, ?> options) {
        var url = server.replaceAll("/+$", "");
        var body = new HashMap<String, Object>(options);
        var clock = options.containsKey("clock") ? options.get("clock") : "2026-01-31T09:00:00+03:00";
        body.put("clock", clock instanceof String set ? Map.of("set", set, "freeze", true) : clock);
        if ("running".equals(clock)) body.remove("clock");
        return new Kobikom(url, token, ask(url, token, "POST", "", body, Duration.ZERO));
    }

    public Message waitFor(Map<String, String> conditions) { return waitFor(conditions, PATIENCE); }

    /** The newest message that matches, as soon as there is one; AssertionError with the nearest misses otherwise. */
    public Message waitFor(Map<String, String> conditions, Duration timeout) {
        return waitForAll(1, conditions, timeout).get(0);
    }

    /** The newest {@code count} messages that match, oldest first. */
    public List<Message> waitForAll(int count, Map<String, String> conditions, Duration timeout) {
        var body = Map.of("match", conditions, "count", count, "timeout", seconds(timeout));
        try {
            return oldestFirst(ask("POST", "/messages/wait", body, timeout));
        } catch (ControlRefused refused) {
            if (refused.status != 408) throw refused;
            var lines = new ArrayList<String>();
            for (var miss : list(refused.problem, "nearest_misses")) {
                lines.add(line(Message.read((Map<?, ?>) miss.get("message"))));
                ((List<?>) miss.get("differences")).forEach(difference -> lines.add("    " + difference));
            }
            var near = lines.isEmpty() ? journalText() : "nearest misses:\n" + String.join("\n", lines);
            throw new AssertionError("waited %s for %d with %s: %s\n%s"
                .formatted(timeout, count, conditions, refused.getMessage(), near));
        }
    }

    public String waitForCode(Map<String, String> conditions) { return waitForCode(conditions, "\\d{4,8}", PATIENCE); }

    /** The first group of {@code pattern}, or all of it, in the text of the message that matches. */
    public String waitForCode(Map<String, String> conditions, String pattern, Duration timeout) {
        var text = waitFor(conditions, timeout).text();
        var code = Pattern.compile(pattern).matcher(text);
        if (!code.find()) throw new AssertionError("no code " + pattern + " in " + text);
        return code.group(Math.min(1, code.groupCount()));
    }

    /** The messages that match, oldest first. */
    public List<Message> find(Map<String, String> conditions) {
        var messages = new ArrayList<Message>();
        var query = new StringBuilder("limit=1000");
        conditions.forEach((name, value) -> query.append('&').append(quote(name)).append('=').append(quote(value)));
        Object before = "";
        do {
            var page = ask("GET", "/messages?" + query + before, null, Duration.ZERO);
            messages.addAll(0, oldestFirst(page));
            before = page.get("next") == null ? null : "&before=" + page.get("next");
        } while (before != null);
        return messages;
    }

    /** Fails if a message that matches was sent, once nothing is in flight. */
    public void assertNone(Map<String, String> conditions) {
        drain(PATIENCE);
        var messages = find(conditions);
        if (messages.isEmpty()) return;
        var lines = messages.stream().map(Kobikom::line).toList();
        throw new AssertionError("expected no message with " + conditions + "\n" + String.join("\n", lines));
    }

    public void drain(Duration timeout) { ask("POST", "/drain", Map.of("timeout", seconds(timeout)), timeout); }

    /** Decides how a message ends: status, gsm_error, after (seconds of the space's clock from now). */
    public Message deliver(Message message, Map<String, ?> outcome) {
        return Message.read(ask("POST", "/messages/" + message.id() + "/outcome", outcome, Duration.ZERO));
    }

    /** Lets {@code count} answers go that {@code stallNext} holds, once they are held. */
    public void release(int count) { ask("POST", "/faults/release", Map.of("count", count), PATIENCE); }

    /** The first account, after changing the terms that are given: {@code account(Map.of("credit", "0"))}. */
    public Map<?, ?> account(Map<String, ?> terms) {
        return ask("PATCH", "/accounts/" + quote(user), terms, Duration.ZERO);
    }

    /** Requests and pushes with their answers and explanations as JSON, oldest first. */
    public List<Map<?, ?>> journal() {
        var entries = new ArrayList<>(list(ask("GET", "/journal?limit=1000", null, Duration.ZERO), "entries"));
        Collections.reverse(entries);
        return entries;
    }

    public String journalText() {
        var text = new StringBuilder("space " + name + ", " + baseUrl + ", user " + user);
        for (var entry : journal()) {
            text.append("\n#%s %s as %s: %s %s %s".formatted(entry.get("id"), entry.get("operation"), entry.get("user"),
                entry.get("outcome"), Objects.toString(entry.get("code"), ""), entry.get("faults")));
            list(entry, "explanation").forEach(finding -> text.append("\n    %s: %s %s %s".formatted(
                finding.get("clause"), finding.get("path"), finding.get("sentence"), finding.get("hint"))));
        }
        return text.toString();
    }

    public void reset() { ask("POST", "/reset", null, Duration.ZERO); }

    @Override
    public void close() {
        if (!closed) ask("DELETE", "", null, Duration.ZERO);
        closed = true;
    }

    /** The time of the space. Each method returns the new time. */
    public final class Clock {
        public Instant now() { return read(ask("GET", "/clock", null, Duration.ZERO)); }
        public Instant advance(Duration by) { return change(Map.of("advance", seconds(by))); }
        public Instant set(Instant instant) { return change(Map.of("set", instant.toString())); }
        public Instant freeze() { return change(Map.of("freeze", true)); }
        /** {@code rate}: seconds of the space for each real second. */
        public Instant run(double rate) { return change(Map.of("freeze", false, "rate", rate)); }
        private Instant change(Map<String, ?> change) { return read(ask("POST", "/clock", change, Duration.ZERO)); }
        private Instant read(Map<?, ?> view) { return Instant.parse((String) view.get("now")); }
    }

    /** Rules that make requests fail. Each method arms one, for the next send, and returns its number. */
    public final class Faults {
        /** Any rule, as for POST …/faults. */
        public int arm(Map<String, ?> effect, Map<String, ?> match, Map<String, ?> when) {
            var rule = Map.of("effect", effect, "match", match, "when", when);
            return number(ask("POST", "/faults", rule, Duration.ZERO), "id");
        }
        public int failNext(int code) { return next(Map.of("kind", "status", "code", code)); }
        /** It is carried out and charged, and the connection is closed without an answer. */
        public int loseNextAnswer() { return next(Map.of("kind", "drop", "moment", "after")); }
        /** The connection is closed before it is carried out. */
        public int dropNext() { return next(Map.of("kind", "drop", "moment", "before")); }
        /** It is answered late, by real time. */
        public int delayNext(Duration by) { return next(Map.of("kind", "delay", "seconds", seconds(by))); }
        public int httpErrorNext(int status) { return next(Map.of("kind", "http", "status", status)); }
        /** It is carried out; its answer is held until the client gives up or {@code release} is called. */
        public int stallNext() { return next(Map.of("kind", "stall", "moment", "after")); }
        private int next(Map<String, ?> effect) { return arm(effect, Map.of("operation", "send"), Map.of("times", 1)); }
        /** How often the fault of this number did something. */
        public int fired(int id) {
            return list(ask("GET", "/faults", null, Duration.ZERO), "faults").stream()
                .filter(fault -> number(fault, "id") == id).mapToInt(fault -> number(fault, "fired")).sum();
        }
        public void clear() { ask("DELETE", "/faults", null, Duration.ZERO); }
    }

    private Map<?, ?> ask(String method, String path, Map<?, ?> body, Duration wait) {
        return ask(url, token, method, "/" + name + path, body, wait);
    }

    private static Map<?, ?> ask(String url, String token, String method, String path, Map<?, ?> body, Duration wait) {
        var content = HttpRequest.BodyPublishers.ofString(body == null ? "" : Json.write(body));
        var request = HttpRequest.newBuilder(URI.create(url + "/_emulator/spaces" + path)).method(method, content)
            .header("Content-Type", "application/json").timeout(wait.plusSeconds(30));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        try {
            var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var text = answer.body();
            var json = text.startsWith("{") ? (Map<?, ?>) Json.read(text) : Map.of("detail", text);
            if (answer.statusCode() >= 300) throw new ControlRefused(answer.statusCode(), json);
            return json;
        } catch (IOException error) {
            throw new IllegalStateException("no answer from the emulator at " + url, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(error);
        }
    }

    @SuppressWarnings("unchecked") // a JSON array of objects
    private static List<Map<?, ?>> list(Map<?, ?> json, String name) { return (List<Map<?, ?>>) json.get(name); }

    private static int number(Map<?, ?> json, String name) { return ((Number) json.get(name)).intValue(); }

    private static double seconds(Duration duration) { return duration.toMillis() / 1000.0; }

    private static List<Message> oldestFirst(Map<?, ?> page) {
        var messages = new ArrayList<>(list(page, "messages").stream().map(Message::read).toList());
        Collections.reverse(messages);
        return messages;
    }

    private static String line(Message message) {
        return "  to %s title %s: %s (%s)".formatted(message.to(), message.title(), message.text(), message.status());
    }

    private static String quote(String text) { return URLEncoder.encode(text, StandardCharsets.UTF_8); }
}
