// Your code against a private Kobikom, with xUnit: dotnet test (packages xunit and xunit.runner.visualstudio).
using System;
using System.Net.Http;
using System.Net.Http.Json;
using System.Security;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

/// <summary>A private Kobikom for one test, over the emulator's control API.</summary>
public sealed class Kobikom : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly string _space;

    public string BaseUrl { get; }
    public string User { get; }
    public string Password { get; }

    private Kobikom(string server, JsonElement space)
    {
        var name = space.GetProperty("name").GetString();
        var account = space.GetProperty("accounts")[0];
        _space = $"{server}/_emulator/spaces/{name}";
        BaseUrl = $"{server}/s/{name}";
        User = account.GetProperty("user").GetString()!;
        Password = account.GetProperty("password").GetString()!;
    }

    public static async Task<Kobikom> OpenAsync()
    {
        var server = Environment.GetEnvironmentVariable("KOBIKOM_URL") ?? "http://127.0.0.1:8080";
        var options = new { clock = new { set = "2026-01-31T09:00:00+03:00", freeze = true } };
        return new Kobikom(server, await AskAsync(HttpMethod.Post, $"{server}/_emulator/spaces", options));
    }

    /// <summary>Waits for a message that matches; the exception lists the nearest misses.</summary>
    public async Task<JsonElement> WaitForAsync(object match, double timeout = 5) =>
        (await AskAsync(HttpMethod.Post, $"{_space}/messages/wait", new { match, timeout })).GetProperty("messages")[0];

    public Task AdvanceAsync(double seconds) => AskAsync(HttpMethod.Post, $"{_space}/clock", new { advance = seconds });

    public Task FailNextAsync(int code) => ArmAsync(new { kind = "status", code });

    public Task LoseNextAnswerAsync() => ArmAsync(new { kind = "drop", moment = "after" });

    public async Task<int> CountAsync()
    {
        await AskAsync(HttpMethod.Post, $"{_space}/drain", new { });
        return (await AskAsync(HttpMethod.Get, $"{_space}/messages")).GetProperty("messages").GetArrayLength();
    }

    public async ValueTask DisposeAsync() => await AskAsync(HttpMethod.Delete, _space);

    private Task ArmAsync(object effect) =>
        AskAsync(HttpMethod.Post, $"{_space}/faults", new { effect, match = new { operation = "send" }, when = new { times = 1 } });

    private static async Task<JsonElement> AskAsync(HttpMethod method, string url, object? body = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Kobikom", "1");
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"kobikom: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
    }
}

public sealed class NotificationTests : IAsyncLifetime
{
    private static readonly HttpClient Http = new();
    private Kobikom _kobikom = null!;

    public async Task InitializeAsync() => _kobikom = await Kobikom.OpenAsync();

    public async Task DisposeAsync() => await _kobikom.DisposeAsync();

    /// <summary>The code under test. Replace it by your own.</summary>
    private async Task<bool> NotifyAsync(string number, string text)
    {
        var login = $"<kullanici>{_kobikom.User}</kullanici><parola>{_kobikom.Password}</parola>";
        var xml = $"<SMS><dogrulama>{login}</dogrulama><mesajiniz><metin>{SecurityElement.Escape(text)}</metin>"
            + $"<alicilar><gsm>{number}</gsm></alicilar></mesajiniz></SMS>";
        using var answer = await Http.PostAsync($"{_kobikom.BaseUrl}/api/sendsms/xml/", new StringContent(xml));
        return (await answer.Content.ReadAsStringAsync()).Contains("<status>0</status>");
    }

    [Fact]
    public async Task A_code_is_sent()
    {
        Assert.True(await NotifyAsync("905329975725", "Kodunuz 1234"));
        await _kobikom.WaitForAsync(new { to = "90532*", text = "*1234*" });
        await _kobikom.AdvanceAsync(1);
        var message = await _kobikom.WaitForAsync(new { text = "*1234*" });
        Assert.Equal("DELIVERED", message.GetProperty("status").GetString());
    }

    [Fact]
    public async Task No_credit_is_noticed()
    {
        await _kobikom.FailNextAsync(-2);
        Assert.False(await NotifyAsync("905329975725", "Kodunuz 1234"));
        Assert.Equal(0, await _kobikom.CountAsync());
    }

    [Fact]
    public async Task A_lost_answer_is_not_sent_twice()
    {
        await _kobikom.LoseNextAnswerAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => NotifyAsync("905329975725", "Kodunuz 1234"));
        Assert.Equal(1, await _kobikom.CountAsync());
    }
}
