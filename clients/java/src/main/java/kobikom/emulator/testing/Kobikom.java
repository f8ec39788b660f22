package kobikom.emulator.testing;

import static java.util.stream.Collectors.*;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.time.*;
import java.util.*;
import java.util.function.Function;
import java.util.regex.*;

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

    private Kobikom(Map<String, Object> options) {
        var server = options.getOrDefault("server", System.getenv().getOrDefault("KOBIKOM_URL", "http://127.0.0.1:8080"));
        url = server.toString().replaceAll("/+$", "");
        token = options.getOrDefault("token", System.getenv().getOrDefault("KOBIKOM_CONTROL__TOKEN", "")).toString();
        options.keySet().removeAll(List.of("server", "token"));
        var clock = options.getOrDefault("clock", "2026-01-31T09:00:00+03:00");
        options.put("clock", clock instanceof String ? Map.of("set", clock, "freeze", true) : clock);
        if ("running".equals(clock)) options.remove("clock");
        var space = ask("POST", "", options);
        var account = list(space, "accounts").get(0);
        name = (String) space.get("name");
        baseUrl = url + "/s/" + name;
        user = (String) account.get("user");
        password = (String) account.get("password");
    }

    public static Kobikom open() { return open(Map.of()); }
    /**
     * Opens a space. Options: server (default: $KOBIKOM_URL), token (default: $KOBIKOM_CONTROL__TOKEN), and those of POST
     * /spaces; clock is an instant at which it stands still (2026-01-31T09:00:00+03:00 unless said), or "running".
     */
    public static Kobikom open(Map<String, ?> options) { return new Kobikom(new HashMap<>(options)); }

    public Message waitFor(Map<String, String> conditions) { return waitFor(conditions, PATIENCE); }
    /** The newest message that matches, as soon as there is one; AssertionError with the nearest misses otherwise. */
    public Message waitFor(Map<String, String> conditions, Duration timeout) {
        return waitForAll(1, conditions, timeout).get(0);
    }

    /** The newest {@code count} messages that match, oldest first. */
    public List<Message> waitForAll(int count, Map<String, String> conditions, Duration timeout) {
        try {
            var wanted = Map.of("match", conditions, "count", count, "timeout", seconds(timeout));
            return oldestFirst(ask("POST", "/messages/wait", wanted), "messages", Message::new);
        } catch (ControlRefused refused) {
            if (refused.status != 408) throw refused;
            var near = list(refused.problem, "nearest_misses").stream().map(miss ->
                new Message((Map<?, ?>) miss.get("message")) + ": " + miss.get("differences")).toList();
            throw failure("waited for " + count + " with " + conditions + ": " + refused.getMessage(), near);
        }
    }

    public String waitForCode(Map<String, String> conditions) { return waitForCode(conditions, "\\d{4,8}", PATIENCE); }
    /** The first group of {@code pattern}, or all of it, in the text of the message that matches. */
    public String waitForCode(Map<String, String> conditions, String pattern, Duration timeout) {
        var message = waitFor(conditions, timeout);
        var code = Pattern.compile(pattern).matcher(message.text());
        if (!code.find()) throw failure("no code " + pattern, List.of(message));
        return code.group(Math.min(1, code.groupCount()));
    }

    /** The messages that match, oldest first. */
    public List<Message> find(Map<String, String> conditions) {
        var messages = new ArrayList<Message>();
        var query = conditions.entrySet().stream().map(condition ->
            "&" + quote(condition.getKey()) + "=" + quote(condition.getValue())).collect(joining());
        for (var before = ""; before != null; ) {
            var page = ask("GET", "/messages?limit=1000" + query + before, null);
            messages.addAll(0, oldestFirst(page, "messages", Message::new));
            before = page.get("next") == null ? null : "&before=" + page.get("next");
        }
        return messages;
    }

    /** Fails if a message that matches was sent, once nothing is in flight. */
    public void assertNone(Map<String, String> conditions) {
        drain(PATIENCE);
        var messages = find(conditions);
        if (!messages.isEmpty()) throw failure("expected no message with " + conditions, messages);
    }

    public void drain(Duration timeout) { ask("POST", "/drain", Map.of("timeout", seconds(timeout))); }
    /** Decides how a message ends: status, gsm_error, after (seconds of the space's clock from now). */
    public Message deliver(Message message, Map<String, ?> outcome) {
        return new Message(ask("POST", "/messages/" + message.id() + "/outcome", outcome));
    }

    /** Lets {@code count} answers go that {@code stallNext} holds, once they are held. */
    public void release(int count) { ask("POST", "/faults/release", Map.of("count", count)); }
    /** The first account, after changing the terms that are given: {@code account(Map.of("credit", "0"))}. */
    public Map<?, ?> account(Map<String, ?> terms) { return ask("PATCH", "/accounts/" + quote(user), terms); }
    /** Requests and pushes with their answers and explanations as JSON, oldest first. */
    public List<Map<?, ?>> journal() { return oldestFirst(ask("GET", "/journal?limit=1000", null), "entries", entry -> entry); }
    public String journalText() {
        var text = new StringBuilder("space " + name + ", " + baseUrl + ", user " + user);
        for (var entry : journal()) {
            text.append("\n#%s %s as %s: %s %s %s".formatted(entry.get("id"), entry.get("operation"), entry.get("user"),
                entry.get("outcome"), entry.get("code"), entry.get("faults")));
            list(entry, "explanation").forEach(finding -> text.append("\n    %s: %s %s %s".formatted(
                finding.get("clause"), finding.get("path"), finding.get("sentence"), finding.get("hint"))));
        }
        return text.toString();
    }

    public void reset() { ask("POST", "/reset", null); }

    @Override public void close() {
        if (!closed) ask("DELETE", "", null);
        closed = true;
    }

    private Map<?, ?> ask(String method, String path, Map<?, ?> body) {
        var space = name == null ? "" : "/" + name;
        var request = HttpRequest.newBuilder(URI.create(url + "/_emulator/spaces" + space + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body == null ? "" : Json.write(body)))
            .header("Content-Type", "application/json").header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(330)).build(); // a wait takes 300 seconds at most
        try {
            var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            var text = answer.body();
            var json = text.startsWith("{") ? (Map<?, ?>) Json.read(text) : Map.of("detail", text);
            if (answer.statusCode() >= 300) throw new ControlRefused(answer.statusCode(), json);
            return json;
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException("no answer from the emulator at " + url, error);
        }
    }

    private AssertionError failure(String what, List<?> lines) {
        var text = lines.stream().map(line -> "\n  " + line).collect(joining());
        return new AssertionError(what + text + "\n" + journalText());
    }

    @SuppressWarnings("unchecked") // a JSON array of objects
    private static List<Map<?, ?>> list(Map<?, ?> json, String name) { return (List<Map<?, ?>>) json.get(name); }
    private static int number(Map<?, ?> json, String name) { return ((Number) json.get(name)).intValue(); }
    private static double seconds(Duration duration) { return duration.toMillis() / 1000.0; }
    private static String quote(String text) { return URLEncoder.encode(text, StandardCharsets.UTF_8); }

    private static <T> List<T> oldestFirst(Map<?, ?> page, String name, Function<Map<?, ?>, T> read) {
        var items = list(page, name).stream().map(read).collect(toCollection(ArrayList::new));
        Collections.reverse(items);
        return items;
    }

    /** One message to one MSISDN, scheduled, sent or with a final status; all fields of GET …/messages are in {@code fields}. */
    public record Message(Map<?, ?> fields) {
        public String id() { return (String) fields.get("id"); }
        public String to() { return (String) fields.get("to"); }
        public String title() { return (String) fields.get("title"); }
        public String text() { return (String) fields.get("text"); }
        public String status() { return (String) fields.get("status"); }
        @Override public String toString() { return "to %s title %s: %s (%s)".formatted(to(), title(), text(), status()); }
    }

    /** The control API refused a request: HTTP status, and the problem document with detail and field. */
    public static final class ControlRefused extends RuntimeException {
        public final int status;
        public final transient Map<?, ?> problem;

        ControlRefused(int status, Map<?, ?> problem) {
            super(String.valueOf(problem.get("detail")));
            this.status = status;
            this.problem = problem;
        }
    }

    /** The time of the space. Each method returns the new time. */
    public final class Clock {
        public Instant now() { return read(ask("GET", "/clock", null)); }
        public Instant advance(Duration by) { return change(Map.of("advance", seconds(by))); }
        public Instant set(Instant instant) { return change(Map.of("set", instant.toString())); }
        public Instant freeze() { return change(Map.of("freeze", true)); }
        /** {@code rate}: seconds of the space for each real second. */
        public Instant run(double rate) { return change(Map.of("freeze", false, "rate", rate)); }
        private Instant change(Map<String, ?> change) { return read(ask("POST", "/clock", change)); }
        private Instant read(Map<?, ?> view) { return Instant.parse((String) view.get("now")); }
    }

    /** Rules that make requests fail. Each method arms one, for the next send, and returns its number. */
    public final class Faults {
        /** Any rule, as for POST …/faults. */
        public int arm(Map<String, ?> effect, Map<String, ?> match, Map<String, ?> when) {
            return number(ask("POST", "/faults", Map.of("effect", effect, "match", match, "when", when)), "id");
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
            return list(ask("GET", "/faults", null), "faults").stream()
                .filter(fault -> number(fault, "id") == id).mapToInt(fault -> number(fault, "fired")).sum();
        }
        public void clear() { ask("DELETE", "/faults", null); }
    }

    /** JSON as Map, List, String, BigDecimal, Boolean and null. */
    static final class Json {
        // Commas and colons say nothing that the brackets don't.
        private static final Pattern TOKEN = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|[\\[\\]{}]|[^\\[\\]{}\",:\\s]+");
        private static final Pattern ESCAPED = Pattern.compile("\\\\(?:u(....)|(.))");

        static Object read(String text) {
            return value(TOKEN.matcher(text).results().map(MatchResult::group).collect(toCollection(ArrayDeque::new)));
        }

        private static Object value(Deque<String> tokens) {
            var token = tokens.remove();
            if (token.equals("null")) return null;
            if (token.equals("true") || token.equals("false")) return Boolean.valueOf(token);
            if (token.startsWith("\"")) return unquoted(token);
            if (!"[{".contains(token)) return new BigDecimal(token);
            var list = new ArrayList<Object>();
            while (!"]}".contains(tokens.element())) list.add(value(tokens));
            tokens.remove();
            if (token.equals("[")) return list;
            // The names and values of an object stand in turns.
            var map = new LinkedHashMap<String, Object>();
            for (int i = 0; i < list.size(); i += 2) map.put((String) list.get(i), list.get(i + 1));
            return map;
        }

        private static String unquoted(String token) {
            return ESCAPED.matcher(token.substring(1, token.length() - 1)).replaceAll(escape -> Matcher.quoteReplacement(
                escape.group(1) == null ? escape.group().translateEscapes()
                    : Character.toString(Integer.parseInt(escape.group(1), 16))));
        }

        static String write(Object value) {
            if (value instanceof Map<?, ?> map) return map.entrySet().stream()
                .map(entry -> write(entry.getKey()) + ":" + write(entry.getValue())).collect(joining(",", "{", "}"));
            if (value instanceof Collection<?> list) return list.stream().map(Json::write).collect(joining(",", "[", "]"));
            if (value instanceof CharSequence text) return text.chars().mapToObj(c -> c < 32 || c == '"' || c == '\\'
                ? String.format("\\u%04x", c) : Character.toString(c)).collect(joining("", "\"", "\""));
            return String.valueOf(value);
        }
    }
}
