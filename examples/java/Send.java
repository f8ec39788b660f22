// Sends two messages and waits for their reports. Needs Java 17 and nothing else: java examples/java/Send.java

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Send {
    private static final String URL =
        Optional.ofNullable(System.getenv("KOBIKOM_URL")).orElse("http://127.0.0.1:8080") + "/api/sendsms/xml";
    private static final String LOGIN =
        "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>";
    private static final HttpClient HTTP =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Matcher balance = find("<miktar>(.*?)</miktar>\\s*<kur>(.*?)</kur>", post("<bakiye>" + LOGIN + "</bakiye>"));
        balance.find();
        System.out.printf("balance: %s %s%n", balance.group(1), balance.group(2));

        String answer = post("<SMS>" + LOGIN + "<mesajiniz><baslik>Kobikom</baslik><metin>"
            + escaped("Say\u0131n Ay\u015fe, sipari\u015finiz & faturan\u0131z yolda.")
            + "</metin><languageCode>ES</languageCode><type>longSMS</type>"
            + "<alicilar><gsm>905329975725</gsm><gsm>905990000003</gsm></alicilar></mesajiniz></SMS>");

        Map<String, String> waiting = new HashMap<>();
        Matcher result = find(
            "<status>(.*?)</status>\\s*<messageid>(.*?)</messageid>\\s*<destination>(.*?)</destination>", answer);
        while (result.find()) {
            System.out.printf("sent to %s: %s%n", result.group(3), result.group(1));
            if (!result.group(1).equals("0")) {
                throw new IllegalStateException("refused with " + result.group(1) + ": see docs/explain.md");
            }
            waiting.put(result.group(2), result.group(3));
        }

        // Each report is given once, so store it before anything else. NO_DATA means that no report is ready yet.
        for (int tries = 0; !waiting.isEmpty() && tries < 50; tries++) {
            String pulled = exchange(HttpRequest.newBuilder(URI.create(URL + "/pull?kullanici=test&parola=test")));
            Matcher report = find("<message id=\"(.*?)\".*?status=\"(.*?)\" gsmerror=\"(.*?)\"", pulled);
            while (report.find()) {
                System.out.printf("report for %s: %s %s%n",
                    waiting.remove(report.group(1)), report.group(2), report.group(3));
            }
            if (!waiting.isEmpty()) {
                Thread.sleep(100);
            }
        }
        System.exit(waiting.isEmpty() ? 0 : 1);
    }

    /** Posts a document and returns the answer. Do not repeat a send without checking: it may have been sent. */
    private static String post(String xml) throws IOException, InterruptedException {
        return exchange(HttpRequest.newBuilder(URI.create(URL + "/"))
            .header("Content-Type", "application/xml; charset=UTF-8")
            .POST(HttpRequest.BodyPublishers.ofString(xml)));
    }

    private static String exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString()).body();
    }

    /** The text escaped for XML; an unescaped text is refused with -22. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Matcher find(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text);
    }
}
