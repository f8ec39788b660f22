package kobikom.emulator.testing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON as Map, List, String, BigDecimal, Boolean and null. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) { this.text = text; }

    static Object read(String text) { return new Json(text).value(); }

    static String write(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(entry -> write(entry.getKey()) + ":" + write(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof Iterable<?> list) {
            var items = new ArrayList<String>();
            list.forEach(item -> items.add(write(item)));
            return "[" + String.join(",", items) + "]";
        }
        if (!(value instanceof CharSequence)) return String.valueOf(value);
        return value.toString().chars().mapToObj(c -> c < 32 || c == '"' || c == '\\' ? String.format("\\u%04x", c)
            : String.valueOf((char) c)).collect(Collectors.joining("", "\"", "\""));
    }

    private Object value() {
        switch (next()) {
            case '{': {
                var map = new LinkedHashMap<String, Object>();
                for (at++; next() != '}'; ) {
                    String name = string();
                    next(); // the colon
                    at++;
                    map.put(name, value());
                    if (next() == ',') at++;
                }
                at++;
                return map;
            }
            case '[': {
                var list = new ArrayList<Object>();
                for (at++; next() != ']'; ) {
                    list.add(value());
                    if (next() == ',') at++;
                }
                at++;
                return list;
            }
            case '"': return string();
            default: {
                int start = at;
                while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) at++;
                String word = text.substring(start, at);
                return switch (word) {
                    case "null" -> null;
                    case "true", "false" -> Boolean.valueOf(word);
                    default -> new BigDecimal(word);
                };
            }
        }
    }

    private String string() {
        var built = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                c = text.charAt(++at);
                int place = "bfnrt".indexOf(c);
                if (place >= 0) c = "\b\f\n\r\t".charAt(place);
                else if (c == 'u') c = (char) Integer.parseInt(text.substring(at + 1, (at += 4) + 1), 16);
            }
            built.append(c);
        }
        at++;
        return built.toString();
    }

    private char next() {
        while (Character.isWhitespace(text.charAt(at))) at++;
        return text.charAt(at);
    }
}
