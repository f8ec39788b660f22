using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace KobikomEmulator.Testing
{
    using Fields = IDictionary<string, object>;

    /// <summary>The control API refused a request. Field is the dotted name of what was wrong, or "".</summary>
    public sealed class ControlRefusedException : Exception
    {
        internal ControlRefusedException(int status, Fields problem) : base((string)problem["detail"])
        {
            Status = status;
            Problem = problem;
            Field = problem.TryGetValue("field", out var field) ? (string)field : "";
        }

        public int Status { get; }
        public Fields Problem { get; }
        public string Field { get; }
    }

    /// <summary>A space does not hold the messages that a test expects; the message names the nearest misses.</summary>
    public sealed class NotAsExpectedException : Exception
    {
        internal NotAsExpectedException(string message, Exception inner = null) : base(message, inner) { }
    }

    /// <summary>One message to one number; every other field of GET …/messages is in Fields.</summary>
    public sealed class Message
    {
        internal Message(object view) { Fields = (Fields)view; }

        public Fields Fields { get; }
        public string Id => (string)Fields["id"];
        public string MessageId => (string)Fields["message_id"];
        /// <summary>The MSISDN.</summary>
        public string To => (string)Fields["to"];
        public string Title => (string)Fields["title"];
        public string Text => (string)Fields["text"];
        /// <summary>scheduled, sent or a final status.</summary>
        public string Status => (string)Fields["status"];
        public int Parts => Convert.ToInt32(Fields["parts"]);
        public override string ToString() => $"to {To} title {Title}: {Json.Write(Text)} ({Status})";
    }

    /// <summary>
    /// A private Kobikom. The code under test gets BaseUrl, User and Password; these lead here at Url too. Conditions
    /// are to, title, text (patterns with * and ?), status and user: <c>new { to = "90532*", text = "*1234*" }</c>.
    /// </summary>
    public sealed class Kobikom : IDisposable
    {
        private static readonly HttpClient Http =
            new HttpClient(new HttpClientHandler { UseProxy = false, MaxConnectionsPerServer = 100 })
            { Timeout = Timeout.InfiniteTimeSpan };
        private readonly string _token;
        private bool _closed;

        private Kobikom(string url, string token, Fields space)
        {
            var account = (Fields)((List<object>)space["accounts"])[0];
            Url = url;
            _token = token;
            Name = (string)space["name"];
            User = (string)account["user"];
            Password = (string)account["password"];
            Clock = new Clock(this);
            Faults = new Faults(this);
        }

        public string Name { get; }
        public string Url { get; }
        public string BaseUrl => $"{Url}/s/{Name}";
        public string User { get; }
        public string Password { get; }
        public Clock Clock { get; }
        public Faults Faults { get; }

        /// <summary>
        /// Opens a space of the emulator at $KOBIKOM_URL. Options: name, seed, clock, accounts, readings,
        /// magic_numbers. clock is an instant with its zone, at which it stands still (2026-01-31T09:00:00+03:00 unless said), or
        /// "running".
        /// </summary>
        public static async Task<Kobikom> OpenAsync(object options = null, string server = null, string token = null)
        {
            server = server ?? Environment.GetEnvironmentVariable("KOBIKOM_URL") ?? "http://127.0.0.1:8080";
            server = server.TrimEnd('/');
            token = token ?? Environment.GetEnvironmentVariable("KOBIKOM_CONTROL__TOKEN") ?? "";
            var space = await SendAsync(server, token, "POST", "", SpaceOptions(options), 0);
            return new Kobikom(server, token, space);
        }

        private static Fields SpaceOptions(object options)
        {
            var fields = new Dictionary<string, object>(Json.Fields(options));
            var clock = fields.ContainsKey("clock") ? fields["clock"] : "2026-01-31T09:00:00+03:00";
            fields["clock"] = clock is string ? new { set = clock, freeze = true } : clock;
            if ("running".Equals(clock)) fields.Remove("clock");
            return fields;
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
            var match = Json.Fields(conditions);
            try
            {
                return OldestFirst(await AskAsync("POST", "/messages/wait", new { match, count, timeout }, timeout));
            }
            catch (ControlRefusedException refused) when (refused.Status == 408)
            {
                var near = ((List<object>)refused.Problem["nearest_misses"]).Cast<Fields>().Select(miss =>
                    $"\n  {new Message(miss["message"])}: {string.Join("; ", (List<object>)miss["differences"])}");
                var what = $"waited {timeout} s for {count} with {Json.Write(match)}: {refused.Message}";
                var journal = await JournalTextAsync();
                throw new NotAsExpectedException($"{what}\nnearest misses:{string.Concat(near)}\n{journal}");
            }
        }

        /// <summary>The first group of the pattern, or all of it, in the text of the message that matches.</summary>
        public async Task<string> WaitForCodeAsync(
            object conditions = null, string pattern = @"\d{4,8}", double timeout = 5)
        {
            var text = (await WaitForAsync(conditions, timeout)).Text;
            var code = Regex.Match(text, pattern);
            if (!code.Success) throw new NotAsExpectedException($"no code {pattern} in {text}");
            return code.Groups[code.Groups.Count > 1 ? 1 : 0].Value;
        }

        /// <summary>The messages that match, oldest first.</summary>
        public async Task<IList<Message>> FindAsync(object conditions = null)
        {
            var messages = new List<Message>();
            var query = string.Concat(Json.Fields(conditions).Select(
                pair => $"&{pair.Key}={Uri.EscapeDataString((string)pair.Value)}"));
            for (var before = ""; before != null;)
            {
                var page = await AskAsync("GET", $"/messages?limit=1000{query}{before}");
                messages.InsertRange(0, OldestFirst(page));
                before = page["next"] == null ? null : $"&before={page["next"]}";
            }
            return messages;
        }

        /// <summary>Fails if a message that matches was sent, once nothing is in flight.</summary>
        public async Task AssertNoneAsync(object conditions = null, double timeout = 5)
        {
            await DrainAsync(timeout);
            var messages = await FindAsync(conditions);
            if (messages.Count == 0) return;
            throw new NotAsExpectedException($"expected no message, there are\n{string.Join("\n", messages)}");
        }

        public Task DrainAsync(double timeout = 5) => AskAsync("POST", "/drain", new { timeout }, timeout);

        /// <summary>Decides how a message ends: status, gsm_error, after (seconds of the space's clock).</summary>
        public async Task<Message> DeliverAsync(Message message, object outcome) =>
            new Message(await AskAsync("POST", $"/messages/{message.Id}/outcome", outcome));

        /// <summary>Lets answers go that StallNextAsync holds, once so many are held.</summary>
        public Task ReleaseAsync(int count = 1, double timeout = 5) =>
            AskAsync("POST", "/faults/release", new { count, timeout }, timeout);

        /// <summary>Changes terms of the first account: <c>new { credit = "0" }</c>.</summary>
        public Task<Fields> AccountAsync(object terms) =>
            AskAsync("PATCH", $"/accounts/{Uri.EscapeDataString(User)}", terms);

        /// <summary>Requests and pushes with their answers and explanations, oldest first.</summary>
        public async Task<IList<Fields>> JournalAsync() =>
            ((List<object>)(await AskAsync("GET", "/journal?limit=1000"))["entries"]).Cast<Fields>().Reverse().ToList();

        public async Task<string> JournalTextAsync()
        {
            var text = new StringBuilder($"space {Name}, {BaseUrl}, user {User}");
            foreach (var entry in await JournalAsync())
            {
                text.Append($"\n#{entry["id"]} {entry["operation"]} as {entry["user"]}: {entry["outcome"]} ");
                text.Append($"{entry["code"]} {string.Join(", ", (List<object>)entry["faults"])}");
                foreach (Fields finding in (List<object>)entry["explanation"])
                    text.Append($"\n  {finding["clause"]}: {finding["path"]} {finding["sentence"]} {finding["hint"]}");
            }
            return text.ToString();
        }

        public Task ResetAsync() => AskAsync("POST", "/reset");

        public Task CloseAsync()
        {
            if (_closed) return Task.CompletedTask;
            _closed = true;
            return AskAsync("DELETE", "");
        }

        public void Dispose() => CloseAsync().GetAwaiter().GetResult();

        internal Task<Fields> AskAsync(string method, string path, object body = null, double wait = 0) =>
            SendAsync(Url, _token, method, $"/{Name}{path}", body, wait);

        private static async Task<Fields> SendAsync(
            string server, string token, string method, string path, object body, double wait)
        {
            var content = body == null ? "" : Json.Write(body);
            using (var request = new HttpRequestMessage(new HttpMethod(method), $"{server}/_emulator/spaces{path}"))
            using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(wait + 30)))
            {
                // Every change has this type, also one without a body.
                if (method != "GET") request.Content = new StringContent(content, Encoding.UTF8, "application/json");
                if (token != "") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                using (var answer = await Http.SendAsync(request, patience.Token).ConfigureAwait(false))
                {
                    var text = await answer.Content.ReadAsStringAsync().ConfigureAwait(false);
                    if (!text.StartsWith("{")) text = Json.Write(new { detail = text });
                    var json = (Fields)Json.Read(text);
                    if (!answer.IsSuccessStatusCode) throw new ControlRefusedException((int)answer.StatusCode, json);
                    return json;
                }
            }
        }

        private static IList<Message> OldestFirst(Fields page) =>
            ((List<object>)page["messages"]).Select(view => new Message(view)).Reverse().ToList();
    }

    /// <summary>The time of a space. Each method returns the new time.</summary>
    public sealed class Clock
    {
        private readonly Kobikom _space;

        internal Clock(Kobikom space) { _space = space; }

        public async Task<DateTimeOffset> NowAsync() => Read(await _space.AskAsync("GET", "/clock"));
        public Task<DateTimeOffset> AdvanceAsync(double seconds) => ChangeAsync(new { advance = seconds });
        public Task<DateTimeOffset> SetAsync(DateTimeOffset instant) => ChangeAsync(new { set = instant });
        public Task<DateTimeOffset> FreezeAsync() => ChangeAsync(new { freeze = true });
        /// <summary>Seconds of the space for each real second.</summary>
        public Task<DateTimeOffset> RunAsync(double rate = 1) => ChangeAsync(new { freeze = false, rate });
        private async Task<DateTimeOffset> ChangeAsync(object change) =>
            Read(await _space.AskAsync("POST", "/clock", change));
        private static DateTimeOffset Read(Fields view) =>
            DateTimeOffset.Parse((string)view["now"], CultureInfo.InvariantCulture);
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
        public async Task<int> FiredAsync(int id)
        {
            var armed = ((List<object>)(await _space.AskAsync("GET", "/faults"))["faults"]).Cast<Fields>();
            return Convert.ToInt32(armed.Single(fault => Convert.ToInt32(fault["id"]) == id)["fired"]);
        }

        public Task ClearAsync() => _space.AskAsync("DELETE", "/faults");
    }
}
