// A client of the Kobikom SMS XML API in Java 17, without libraries, as an adapter of forms:
// kobikom-contracts client --lines form --command "java examples/adapters/JavaAdapter.java"

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class JavaAdapter {
    static { // otherwise a pull without an answer is repeated, and finds nothing: its reports are gone
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
        System.setProperty("jdk.httpclient.disableRetryConnect", "true"); // or the limit hides a ConnectException
    }

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String RESULT = "<status><?(-?\\d+)</status>\\s*<messageid>(.*?)</messageid>\\s*"
        + "<destination>(.*?)</destination>";

    /** What a call says: its fields by name, and the recipients and ids, of which there are several. */
    private static final class Call {
        final Map<String, String> fields = new java.util.HashMap<>(Map.of("timeout", "30"));
        final List<String[]> recipients = new ArrayList<>();
        final List<String> ids = new ArrayList<>();

        Call(String line) {
            for (String pair : line.split("&")) {
                String[] parts = pair.split("=", 2);
                String value = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
                switch (parts[0]) {
                    case "gsm" -> recipients.add(new String[] {value, ""});
                    case "message_id" -> recipients.get(recipients.size() - 1)[1] = value;
                    case "id" -> ids.add(value);
                    default -> fields.put(parts[0], value);
                }
            }
        }
    }

    /** A call that failed: its kind and the server's code. */
    private static final class Failed extends Exception {
        Failed(String kind, String code) {
            super(form("answer", "error", "kind", kind, "code", code));
        }
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line; (line = lines.readLine()) != null;) {
            Call call = new Call(line);
            try {
                System.out.println(switch (call.fields.get("op")) {
                    case "send" -> send(call);
                    case "reports" -> reports(call);
                    case "balance" -> balance(call);
                    default -> "answer=capabilities&able=send&able=message_ids&able=reports&able=report_ids"
                        + "&able=balance&able=flash&able=timeout";
                });
            } catch (Failed failed) {
                System.out.println(failed.getMessage());
            }
        }
    }

    private static String send(Call call) throws Failed {
        String text = call.fields.get("text");
        boolean wide = !text.matches("[\\x00-\\x5f\\x61-\\x7f]*");
        StringBuilder recipients = new StringBuilder();
        for (String[] to : call.recipients) {
            String id = to[1].isEmpty() ? "" : " messageId=\"" + escaped(to[1]) + "\"";
            recipients.append("<gsm").append(id).append(">").append(escaped(to[0])).append("</gsm>");
        }
        String answer = post(call, "SMS", "<mesajiniz><baslik>" + escaped(call.fields.get("title")) + "</baslik><metin>"
            + escaped(text) + "</metin><flash>" + ("true".equals(call.fields.get("flash")) ? "1" : "0") + "</flash><type>"
            + (text.length() > (wide ? 70 : 80) ? "longSMS" : "") + "</type><datacoding>" + (wide ? "8" : "")
            + "</datacoding><alicilar>" + recipients + "</alicilar></mesajiniz>", "unknown_fate");
        List<String[]> rows = new ArrayList<>();
        Matcher result = Pattern.compile(RESULT, Pattern.DOTALL).matcher(answer);
        while (result.find()) {
            rows.add(new String[] {result.group(1), plain(result.group(2)), plain(result.group(3))});
        }
        if (!answer.endsWith("</results>") || rows.size() != call.recipients.size()) {
            throw new Failed("unknown_fate", "");
        }
        StringBuilder form = new StringBuilder("answer=results");
        for (String[] to : call.recipients) { // a number that was sent to twice has two results
            String[] row = rows.stream().filter(one -> one[2].equals(to[0])).findFirst().orElse(null);
            if (row == null) {
                throw new Failed("unknown_fate", "");
            }
            rows.remove(row);
            form.append("&").append(form("status", row[0], "message_id", row[1], "destination", row[2]));
        }
        return form.toString();
    }

    private static String reports(Call call) throws Failed {
        if (!call.fields.containsKey("all") && call.ids.isEmpty()) {
            return "answer=reports"; // a pull without ids would consume every report
        }
        String query = form("kullanici", call.fields.get("user"), "parola", call.fields.get("password"));
        if (!call.ids.isEmpty()) {
            query += "&" + form("messageid", String.join(",", call.ids));
        }
        String path = "/api/sendsms/xml/pull?" + query;
        String answer = exchange(call, HttpRequest.newBuilder(URI.create(call.fields.get("url") + path)), "unknown_fate");
        if (answer.matches("-?(5|10|11)")) {
            throw new Failed("refused", answer);
        }
        if (!answer.equals("NO_DATA") && !answer.matches("(?s)<DeliveryReport>.*(/>|</DeliveryReport>)")) {
            throw new Failed("unknown_fate", "");
        }
        StringBuilder form = new StringBuilder("answer=reports");
        Matcher report = Pattern.compile("<message\\s[^<]*?/>").matcher(answer);
        while (report.find()) {
            form.append("&").append(form("id", of(report.group(), "id"), "sent_at", of(report.group(), "sentdate"),
                "done_at", of(report.group(), "donedate"), "status", of(report.group(), "status"),
                "gsmerror", of(report.group(), "gsmerror")));
        }
        return form.toString();
    }

    private static String balance(Call call) throws Failed {
        String answer = post(call, "bakiye", "", "malformed");
        Matcher found = Pattern.compile("<miktar>(\\d+\\.\\d+)</miktar>\\s*<kur>(.*?)</kur>").matcher(answer);
        if (!found.find() || !answer.endsWith("</bakiye>")) {
            throw new Failed("malformed", "");
        }
        return form("answer", "balance", "amount", found.group(1), "currency", found.group(2));
    }

    private static String post(Call call, String root, String inside, String lost) throws Failed {
        String xml = "<" + root + "><dogrulama><kullanici>" + escaped(call.fields.get("user")) + "</kullanici><parola>"
            + escaped(call.fields.get("password")) + "</parola></dogrulama>" + inside + "</" + root + ">";
        String answer = exchange(call, HttpRequest.newBuilder(URI.create(call.fields.get("url") + "/api/sendsms/xml/"))
            .header("Content-Type", "application/xml; charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString(xml)), lost);
        Matcher refusal = Pattern.compile("<results>\\s*<result>\\s*<status>(-\\d+)</status>\\s*<messageid>\\s*"
            + "</messageid>\\s*<destination>\\s*</destination>\\s*</result>\\s*</results>").matcher(answer);
        if (refusal.find()) {
            throw new Failed("refused", refusal.group(1));
        }
        return answer;
    }

    /** The body of a 200 answer. HttpRequest.timeout ends with the head, so the whole is limited by the future. */
    private static String exchange(Call call, HttpRequest.Builder request, String lost) throws Failed {
        long millis = (long) (Double.parseDouble(call.fields.get("timeout")) * 1000);
        var future = HTTP.sendAsync(request.timeout(Duration.ofMillis(millis)).build(), BodyHandlers.ofString());
        try {
            var answer = future.get(millis, TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new Failed(lost, "");
            }
            return answer.body().strip();
        } catch (ExecutionException error) {
            Throwable cause = error.getCause();
            boolean nothingSent = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
            throw new Failed(nothingSent ? "transport" : lost, "");
        } catch (TimeoutException | InterruptedException error) {
            future.cancel(true);
            throw new Failed(lost, "");
        }
    }

    private static String escaped(String text) { // a bare carriage return would be read as a line feed
        return text.replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?")
            .replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
            .replace("\r", "&#13;");
    }

    private static String plain(String text) {
        return text.strip().replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'")
            .replace("&amp;", "&");
    }

    private static String of(String tag, String name) {
        Matcher value = Pattern.compile("\\s" + name + "=\"([^\"]*)\"").matcher(tag);
        return value.find() ? plain(value.group(1)) : "";
    }

    /** Names and values as a url-encoded form. */
    private static String form(String... pairs) {
        StringBuilder form = new StringBuilder();
        for (int at = 0; at < pairs.length; at += 2) {
            form.append(at > 0 ? "&" : "").append(pairs[at]).append("=");
            form.append(URLEncoder.encode(pairs[at + 1], StandardCharsets.UTF_8));
        }
        return form.toString();
    }
}
