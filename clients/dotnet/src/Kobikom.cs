using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace KobikomEmulator.Testing
{
    using Fields = IDictionary<string, object>;

    /// <summary>The control API refused a request: HTTP status, and the problem with detail and field.</summary>
    public sealed class ControlRefusedException : Exception
    {
        public readonly int Status;
        public readonly Fields Problem;

        internal ControlRefusedException(int status, Fields problem) : base((string)problem["detail"])
        {
            Status = status;
            Problem = problem;
        }
    }

    /// <summary>A space does not hold the messages that a test expects; the message names the nearest misses.</summary>
    public sealed class NotAsExpectedException : Exception
    {
        internal NotAsExpectedException(string message, Exception inner = null) : base(message, inner) { }
    }

    /// <summary>One message to one number; every other field of GET …/messages is in Fields.</summary>
    public sealed class Message
    {
        public readonly Fields Fields;

        internal Message(object view) { Fields = (Fields)view; }

        public string Id => (string)Fields["id"];
        /// <summary>The MSISDN.</summary>
        public string To => (string)Fields["to"];
        public string Title => (string)Fields["title"];
        public string Text => (string)Fields["text"];
        /// <summary>scheduled, sent or a final status.</summary>
        public string Status => (string)Fields["status"];
        public override string ToString() => $"to {To} title {Title}: {Json.Write(Text)} ({Status})";
    }

    /// <summary>A private Kobikom. The code under test gets BaseUrl, User and Password; these lead here at Url too.
    /// Conditions are to, title, text (patterns with * and ?), status, user: <c>new { to = "90532*" }</c>.</summary>
    public sealed class Kobikom : IDisposable
    {
        // A wait takes 300 seconds at most.
        private readonly HttpClient _http = new HttpClient(new HttpClientHandler
            { UseProxy = false, MaxConnectionsPerServer = 100 }) { Timeout = TimeSpan.FromSeconds(330) };
        private Fields _space;
        private bool _closed;

        private Kobikom(string url, string token)
        {
            Url = url.TrimEnd('/');
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        public string Url { get; }
        public string Name => (string)_space["name"];
        public string BaseUrl => $"{Url}/s/{Name}";
        public string User => (string)Json.List(_space, "accounts").First()["user"];
        public string Password => (string)Json.List(_space, "accounts").First()["password"];
        public Clock Clock => new Clock(this);
        public Faults Faults => new Faults(this);

        /// <summary>Opens a space of the emulator at $KOBIKOM_URL. Options are those of POST /spaces, but clock is an
        /// instant with its zone, at which it stands still (2026-01-31T09:00:00+03:00 unless said), or "running".</summary>
        public static async Task<Kobikom> OpenAsync(object options = null, string server = null, string token = null)
        {
            var kobikom = new Kobikom(
                server ?? Environment.GetEnvironmentVariable("KOBIKOM_URL") ?? "http://127.0.0.1:8080",
                token ?? Environment.GetEnvironmentVariable("KOBIKOM_CONTROL__TOKEN") ?? "");
            var body = new Dictionary<string, object>(Json.Fields(options));
            var clock = body.ContainsKey("clock") ? body["clock"] : "2026-01-31T09:00:00+03:00";
            body["clock"] = clock is string ? new { set = clock, freeze = true } : clock;
            if ("running".Equals(clock)) body.Remove("clock");
            kobikom._space = await kobikom.AskAsync("POST", "", body);
            return kobikom;
        }

        /// <summary>Runs a test with a space of its own, closed at its end. An exception carries the journal.</summary>
        public static async Task RunAsync(Func<Kobikom, Task> test, object options = null)
        {
            using (var kobikom = await OpenAsync(options))
            {
                try { await test(kobikom); }
                catch (Exception error)
                {
                    var journal = await kobikom.JournalTextAsync();
                    throw new NotAsExpectedException($"{error.Message}\n\nkobikom journal\n{journal}", error);
                }
            }
        }

        /// <summary>The newest message that matches, as soon as there is one, within real seconds.</summary>
        public async Task<Message> WaitForAsync(object conditions = null, double timeout = 5) =>
            (await WaitForAllAsync(1, conditions, timeout))[0];

        /// <summary>The newest messages that match, oldest first.</summary>
        public async Task<IList<Message>> WaitForAllAsync(int count, object conditions = null, double timeout = 5)
        {
            var wanted = new { match = Json.Fields(conditions), count, timeout };
            try { return OldestFirst(await AskAsync("POST", "/messages/wait", wanted)); }
            catch (ControlRefusedException refused) when (refused.Status == 408)
            {
                var near = Json.List(refused.Problem, "nearest_misses").Select(miss =>
                    $"\n  {new Message(miss["message"])}: {string.Join("; ", (List<object>)miss["differences"])}");
                var what = $"waited for {Json.Write(wanted)}: {refused.Message}\nnearest misses:{string.Concat(near)}";
                throw new NotAsExpectedException($"{what}\n{await JournalTextAsync()}");
            }
        }

        /// <summary>The first group of the pattern, or all of it, in the text of the message that matches.</summary>
        public async Task<string> WaitForCodeAsync(
            object conditions = null, string pattern = @"\d{4,8}", double timeout = 5)
        {
            var message = await WaitForAsync(conditions, timeout);
            var code = Regex.Match(message.Text, pattern);
            if (!code.Success) throw new NotAsExpectedException($"no code {pattern} in the message {message}");
            return code.Groups[code.Groups.Count > 1 ? 1 : 0].Value;
        }

        /// <summary>The messages that match, oldest first.</summary>
        public async Task<IList<Message>> FindAsync(object conditions = null)
        {
            var messages = new List<Message>();
            var query = Json.Fields(conditions).Select(pair => $"&{pair.Key}={Uri.EscapeDataString((string)pair.Value)}");
            for (var before = ""; before != null;)
            {
                var page = await AskAsync("GET", $"/messages?limit=1000{string.Concat(query)}{before}");
                messages.InsertRange(0, OldestFirst(page));
                before = page["next"] == null ? null : $"&before={page["next"]}";
            }
            return messages;
        }

        /// <summary>Fails if a message that matches was sent, once nothing is in flight.</summary>
        public async Task AssertNoneAsync(object conditions = null, double timeout = 5)
        {
            await DrainAsync(timeout);
            var lines = string.Join("\n", await FindAsync(conditions));
            if (lines != "") throw new NotAsExpectedException($"expected no message, there are\n{lines}");
        }

        public Task DrainAsync(double timeout = 5) => AskAsync("POST", "/drain", new { timeout });
        /// <summary>Decides how a message ends: status, gsm_error, after (seconds of the space's clock).</summary>
        public async Task<Message> DeliverAsync(Message message, object outcome) =>
            new Message(await AskAsync("POST", $"/messages/{message.Id}/outcome", outcome));
        /// <summary>Lets answers go that StallNextAsync holds, once so many are held.</summary>
        public Task ReleaseAsync(int count = 1, double timeout = 5) =>
            AskAsync("POST", "/faults/release", new { count, timeout });
        /// <summary>Changes terms of the first account: <c>new { credit = "0" }</c>.</summary>
        public Task<Fields> AccountAsync(object terms) => AskAsync("PATCH", $"/accounts/{Uri.EscapeDataString(User)}", terms);

        /// <summary>Requests and pushes with their answers and explanations, oldest first.</summary>
        public async Task<IList<Fields>> JournalAsync() =>
            Json.List(await AskAsync("GET", "/journal?limit=1000"), "entries").Reverse().ToList();
        public async Task<string> JournalTextAsync()
        {
            var lines = new List<string> { $"space {Name}, {BaseUrl}, user {User}" };
            foreach (var entry in await JournalAsync())
            {
                var fault = string.Join(", ", (List<object>)entry["faults"]);
                lines.Add($"#{entry["id"]} {entry["operation"]} as {entry["user"]}: {entry["outcome"]} {entry["code"]} {fault}");
                lines.AddRange(Json.List(entry, "explanation").Select(finding =>
                    $"    {finding["clause"]}: {finding["path"]} {finding["sentence"]} {finding["hint"]}"));
            }
            return string.Join("\n", lines);
        }

        public Task ResetAsync() => AskAsync("POST", "/reset");

        public void Dispose() => CloseAsync().GetAwaiter().GetResult();
        public async Task CloseAsync()
        {
            if (!_closed) await AskAsync("DELETE", "").ConfigureAwait(false);
            _closed = true;
            _http.Dispose();
        }

        internal async Task<Fields> AskAsync(string method, string path, object body = null)
        {
            var space = _space == null ? "" : $"/{Name}";
            var request = new HttpRequestMessage(new HttpMethod(method), $"{Url}/_emulator/spaces{space}{path}");
            // Every change has this type, also one without a body.
            if (method != "GET") request.Content = new StringContent(
                body == null ? "" : Json.Write(body), Encoding.UTF8, "application/json");
            using (var answer = await _http.SendAsync(request).ConfigureAwait(false))
            {
                var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
                var json = (Fields)Json.Read(text.StartsWith("{") ? text : Json.Write(new { detail = text }));
                return answer.IsSuccessStatusCode ? json : throw new ControlRefusedException((int)answer.StatusCode, json);
            }
        }

        private static IList<Message> OldestFirst(Fields page) =>
            Json.List(page, "messages").Select(view => new Message(view)).Reverse().ToList();
    }

    /// <summary>The time of a space. Each method returns the new time.</summary>
    public sealed class Clock
    {
        private readonly Kobikom _space;
        internal Clock(Kobikom space) { _space = space; }

        public Task<DateTimeOffset> NowAsync() => ReadAsync(_space.AskAsync("GET", "/clock"));
        public Task<DateTimeOffset> AdvanceAsync(double seconds) => ChangeAsync(new { advance = seconds });
        public Task<DateTimeOffset> SetAsync(DateTimeOffset instant) => ChangeAsync(new { set = instant.ToString("o") });
        public Task<DateTimeOffset> FreezeAsync() => ChangeAsync(new { freeze = true });
        /// <summary>Seconds of the space for each real second.</summary>
        public Task<DateTimeOffset> RunAsync(double rate = 1) => ChangeAsync(new { freeze = false, rate });
        private Task<DateTimeOffset> ChangeAsync(object change) => ReadAsync(_space.AskAsync("POST", "/clock", change));
        private static async Task<DateTimeOffset> ReadAsync(Task<Fields> view) =>
            DateTimeOffset.Parse((string)(await view)["now"], CultureInfo.InvariantCulture);
    }

    /// <summary>Rules that make requests fail. Each method arms one for the next send; its number.</summary>
    public sealed class Faults
    {
        private readonly Kobikom _space;
        internal Faults(Kobikom space) { _space = space; }

        /// <summary>Any rule, as for POST …/faults.</summary>
        public async Task<int> ArmAsync(object effect, object match = null, object when = null)
        {
            var rule = new { effect, match = Json.Fields(match), when = Json.Fields(when) };
            return Convert.ToInt32((await _space.AskAsync("POST", "/faults", rule))["id"]);
        }

        public Task<int> FailNextAsync(int code) => NextAsync(new { kind = "status", code });
        /// <summary>It is carried out and charged, and the connection is closed without an answer.</summary>
        public Task<int> LoseNextAnswerAsync() => NextAsync(new { kind = "drop", moment = "after" });
        /// <summary>The connection is closed before it is carried out.</summary>
        public Task<int> DropNextAsync() => NextAsync(new { kind = "drop", moment = "before" });
        /// <summary>It is answered late, by real seconds.</summary>
        public Task<int> DelayNextAsync(double seconds) => NextAsync(new { kind = "delay", seconds });
        public Task<int> HttpErrorNextAsync(int status) => NextAsync(new { kind = "http", status });
        /// <summary>It is carried out; its answer is held until the client gives up or ReleaseAsync.</summary>
        public Task<int> StallNextAsync() => NextAsync(new { kind = "stall", moment = "after" });
        private Task<int> NextAsync(object effect) => ArmAsync(effect, new { operation = "send" }, new { times = 1 });
        /// <summary>How often the fault of this number did something.</summary>
        public async Task<int> FiredAsync(int id) =>
            Json.List(await _space.AskAsync("GET", "/faults"), "faults").Where(fault => Convert.ToInt32(fault["id"]) == id)
                .Sum(fault => Convert.ToInt32(fault["fired"]));
        public Task ClearAsync() => _space.AskAsync("DELETE", "/faults");
    }

    /// <summary>JSON as Dictionary, List, string, decimal, bool, null; written from anonymous types too.</summary>
    internal static class Json
    {
        // Commas and colons say nothing that the brackets don't.
        private const string Token = @"""(?:[^""\\]|\\.)*""|[][{}]|[^][{}"",:\s]+";

        public static object Read(string text) =>
            Value(new Queue<string>(Regex.Matches(text, Token).Cast<Match>().Select(match => match.Value)));

        public static IEnumerable<Fields> List(Fields json, string name) => ((List<object>)json[name]).Cast<Fields>();

        /// <summary>The properties of an anonymous type, or a dictionary as it is.</summary>
        public static Fields Fields(object value) => value as Fields ?? (value ?? new { }).GetType().GetProperties()
            .ToDictionary(property => property.Name, property => property.GetValue(value));

        public static string Write(object value)
        {
            if (value == null) return "null";
            if (value is string text)
                return '"' + Regex.Replace(text, @"[\x00-\x1f""\\]", escaped => $@"\u{(int)escaped.Value[0]:x4}") + '"';
            if (value is bool flag) return flag ? "true" : "false";
            if (value is IConvertible number) return number.ToString(CultureInfo.InvariantCulture);
            if (value is IList items) return "[" + string.Join(",", items.Cast<object>().Select(Write)) + "]";
            return "{" + string.Join(",", Fields(value).Select(pair => Write(pair.Key) + ":" + Write(pair.Value))) + "}";
        }

        private static object Value(Queue<string> tokens)
        {
            var token = tokens.Dequeue();
            if (token == "null") return null;
            if (token == "true" || token == "false") return token == "true";
            if (token[0] == '"') return Regex.Unescape(token.Substring(1, token.Length - 2));
            if (token != "[" && token != "{") return decimal.Parse(token, NumberStyles.Float, CultureInfo.InvariantCulture);
            var items = new List<object>();
            while (tokens.Peek() != "]" && tokens.Peek() != "}") items.Add(Value(tokens));
            tokens.Dequeue();
            if (token == "[") return items;
            // The names and values of an object stand in turns.
            return Enumerable.Range(0, items.Count / 2).ToDictionary(i => (string)items[2 * i], i => items[2 * i + 1]);
        }
    }
}
