using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;

namespace KobikomEmulator.Testing
{
    /// <summary>JSON as Dictionary, List, string, decimal, bool, null; written from anonymous types too.</summary>
    internal sealed class Json
    {
        private readonly string _text;
        private int _at;

        private Json(string text) { _text = text; }

        public static object Read(string text) => new Json(text).Value();

        public static string Write(object value)
        {
            if (value == null) return "null";
            if (value is bool flag) return flag ? "true" : "false";
            if (value is string text) return Quoted(text);
            if (value is DateTimeOffset instant) return Quoted(instant.ToString("o"));
            if (value is IDictionary<string, object> map)
                return "{" + string.Join(",", map.Select(pair => Quoted(pair.Key) + ":" + Write(pair.Value))) + "}";
            if (value is IEnumerable items) return "[" + string.Join(",", items.Cast<object>().Select(Write)) + "]";
            if (value is IConvertible number) return number.ToString(CultureInfo.InvariantCulture);
            return Write(Fields(value));
        }

        /// <summary>The properties of an anonymous type, or a dictionary as it is.</summary>
        public static IDictionary<string, object> Fields(object value)
        {
            if (value is IDictionary<string, object> map) return map;
            var properties = value == null ? new PropertyInfo[0] : value.GetType().GetProperties();
            return properties.ToDictionary(property => property.Name, property => property.GetValue(value));
        }

        private static string Quoted(string text)
        {
            var built = new StringBuilder("\"");
            foreach (var c in text)
                built.Append(c < ' ' || c == '"' || c == '\\' ? "\\u" + ((int)c).ToString("x4") : c.ToString());
            return built.Append('"').ToString();
        }

        private object Value()
        {
            switch (Next())
            {
                case '{':
                    var map = new Dictionary<string, object>();
                    for (_at++; Next() != '}';)
                    {
                        var name = String();
                        Next(); // the colon
                        _at++;
                        map[name] = Value();
                        if (Next() == ',') _at++;
                    }
                    _at++;
                    return map;
                case '[':
                    var list = new List<object>();
                    for (_at++; Next() != ']';)
                    {
                        list.Add(Value());
                        if (Next() == ',') _at++;
                    }
                    _at++;
                    return list;
                case '"': return String();
                default:
                    var start = _at;
                    while (_at < _text.Length && ",]} \n".IndexOf(_text[_at]) < 0) _at++;
                    var word = _text.Substring(start, _at - start);
                    if (word == "null") return null;
                    if (word == "true" || word == "false") return word == "true";
                    return decimal.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);
            }
        }

        private string String()
        {
            var built = new StringBuilder();
            for (_at++; _text[_at] != '"'; _at++)
            {
                var c = _text[_at];
                if (c == '\\')
                {
                    c = _text[++_at];
                    var place = "bfnrt".IndexOf(c);
                    if (place >= 0) c = "\b\f\n\r\t"[place];
                    else if (c == 'u')
                    {
                        c = (char)int.Parse(_text.Substring(_at + 1, 4), NumberStyles.HexNumber);
                        _at += 4;
                    }
                }
                built.Append(c);
            }
            _at++;
            return built.ToString();
        }

        private char Next()
        {
            while (char.IsWhiteSpace(_text[_at])) _at++;
            return _text[_at];
        }
    }
}
