// The tests of the package as a program, which needs no test framework. Runs against the emulator at $KOBIKOM_URL.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Security;
using System.Threading.Tasks;
using KobikomEmulator.Testing;

internal static class Program
{
    private static readonly HttpClient Http = new HttpClient(new HttpClientHandler { UseProxy = false });

    /// <summary>The code under test: true if it was sent, false if refused.</summary>
    private static async Task<bool> NotifyAsync(Kobikom kobikom, string text, string number = "905329975725")
    {
        var login = $"<kullanici>{kobikom.User}</kullanici><parola>{kobikom.Password}</parola>";
        var xml = $"<SMS><dogrulama>{login}</dogrulama><mesajiniz><metin>{SecurityElement.Escape(text)}</metin>"
            + $"<alicilar><gsm>{number}</gsm></alicilar></mesajiniz></SMS>";
        using (var answer = await Http.PostAsync($"{kobikom.BaseUrl}/api/sendsms/xml/", new StringContent(xml)))
            return (await answer.Content.ReadAsStringAsync()).Contains("<status>0</status>");
    }

    private static async Task ACodeIsSentAndDelivered(Kobikom kobikom)
    {
        Equal(true, await NotifyAsync(kobikom, "Kodunuz 1234 \"ğ\" \\ 💬"));
        var message = await kobikom.WaitForAsync(new { to = "90532*", text = "*1234*" });
        Equal("sent Kodunuz 1234 \"ğ\" \\ 💬", $"{message.Status} {message.Text}");
        Equal("1234", await kobikom.WaitForCodeAsync(new { to = "0532 997 57 25" }));
        Equal(new DateTimeOffset(2026, 1, 31, 6, 0, 1, TimeSpan.Zero), await kobikom.Clock.AdvanceAsync(1));
        Equal("DELIVERED", (await kobikom.WaitForAsync()).Status);
    }

    private static async Task ARefusalIsNoticed(Kobikom kobikom)
    {
        var fault = await kobikom.Faults.FailNextAsync(-2);
        Equal(false, await NotifyAsync(kobikom, "Kodunuz 1234"));
        Equal(1, await kobikom.Faults.FiredAsync(fault));
        await kobikom.AssertNoneAsync(new { text = "*1234*" });
    }

    private static async Task ALostAnswerIsNotSentTwice(Kobikom kobikom)
    {
        await kobikom.Faults.LoseNextAnswerAsync();
        await ThrowsAsync<HttpRequestException>(() => NotifyAsync(kobikom, "Kodunuz 1234"));
        Equal(1, (await kobikom.FindAsync()).Count);
        Equal(1, ((List<object>)(await kobikom.JournalAsync())[0]["faults"]).Count);
    }

    private static async Task WhatIsMissingIsNamedWithTheNearestMiss(Kobikom kobikom)
    {
        await NotifyAsync(kobikom, "Kodunuz 1234");
        var missed = await ThrowsAsync<NotAsExpectedException>(() => kobikom.WaitForAsync(new { text = "*9999*" }, 0));
        Contains("text is 'Kodunuz 1234', not '*9999*'", missed.Message);
        Contains("Kodunuz 1234", (await ThrowsAsync<NotAsExpectedException>(() => kobikom.AssertNoneAsync())).Message);
        var refused = await ThrowsAsync<ControlRefusedException>(() => kobikom.FindAsync(new { from = "x" }));
        Equal("from", refused.Problem["field"]);
    }

    private static async Task ClockOutcomeAndCredit(Kobikom kobikom)
    {
        var instant = new DateTimeOffset(2031, 1, 1, 3, 0, 0, TimeSpan.FromHours(3));
        Equal(instant, await kobikom.Clock.SetAsync(instant));
        await kobikom.AccountAsync(new { credit = "1" });
        await NotifyAsync(kobikom, "Bir");
        Equal(false, await NotifyAsync(kobikom, "Iki"));
        var message = await kobikom.WaitForAsync();
        Equal("REJECTED", (await kobikom.DeliverAsync(message, new { status = "REJECTED" })).Status);
        await kobikom.ResetAsync();
        Equal(0, (await kobikom.FindAsync()).Count);
    }

    private static async Task AnExceptionCarriesTheJournal(Kobikom kobikom)
    {
        var failed = await ThrowsAsync<NotAsExpectedException>(() => Kobikom.RunAsync(async own =>
        {
            await NotifyAsync(own, "Kodunuz 1234", "12");
            Equal(1, 2);
        }));
        Contains("\n#1 send as ", failed.Message);
        Contains(": refused -13", failed.Message);
    }

    private static void Equal(object expected, object actual)
    {
        if (!Equals(expected, actual)) throw new Exception($"expected {expected}, got {actual}");
    }

    private static void Contains(string part, string whole)
    {
        if (!whole.Contains(part)) throw new Exception($"expected {part} in {whole}");
    }

    private static async Task<T> ThrowsAsync<T>(Func<Task> action) where T : Exception
    {
        try
        {
            await action();
        }
        catch (T error)
        {
            return error;
        }
        throw new Exception($"expected {typeof(T).Name}");
    }

    private static int Main(string[] only)
    {
        var tests = new Func<Kobikom, Task>[]
        {
            ACodeIsSentAndDelivered, ARefusalIsNoticed, ALostAnswerIsNotSentTwice, WhatIsMissingIsNamedWithTheNearestMiss,
            ClockOutcomeAndCredit, AnExceptionCarriesTheJournal,
        };
        var failed = 0;
        foreach (var test in tests)
        {
            try
            {
                Kobikom.RunAsync(test).GetAwaiter().GetResult();
                Console.WriteLine($"ok {test.Method.Name}");
            }
            catch (Exception error)
            {
                failed++;
                Console.WriteLine($"FAILED {test.Method.Name}: {error.Message}");
            }
        }
        return failed;
    }
}
