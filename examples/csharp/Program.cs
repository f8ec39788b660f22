// Sends two messages and waits for their reports. Needs .NET 6 or later and no package:
//   dotnet new console -o send && cp examples/csharp/Program.cs send/ && dotnet run --project send
using System.Text;
using System.Xml.Linq;

var url = (Environment.GetEnvironmentVariable("KOBIKOM_URL") ?? "http://127.0.0.1:8080") + "/api/sendsms/xml";
using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };

XElement Login() => new("dogrulama", new XElement("kullanici", "test"), new XElement("parola", "test"));

// Do not repeat a send without checking: it may have been sent.
async Task<XElement> Post(XElement document)
{
    // XElement escapes & and <. An unescaped text in a string is refused with -22.
    var body = document.ToString(SaveOptions.DisableFormatting);
    using var content = new StringContent(body, Encoding.UTF8, "application/xml");
    using var answer = await http.PostAsync(url + "/", content);
    answer.EnsureSuccessStatusCode();
    // Reading bytes avoids the unusual Content-Type of the answer (text/csv;charset= UTF-8).
    return XElement.Parse(Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()));
}

var balance = await Post(new XElement("bakiye", Login()));
Console.WriteLine($"balance: {balance.Element("miktar")!.Value} {balance.Element("kur")!.Value}");

var results = await Post(new XElement("SMS", Login(), new XElement("mesajiniz",
    new XElement("baslik", "Kobikom"),
    new XElement("metin", "Sayın Ayşe, siparişiniz & faturanız yolda."),
    new XElement("languageCode", "ES"),
    new XElement("type", "longSMS"),
    new XElement("alicilar", new XElement("gsm", "905329975725"), new XElement("gsm", "905990000003")))));

var waiting = new Dictionary<string, string>();
foreach (var result in results.Elements("result"))
{
    var (status, number) = (result.Element("status")!.Value, result.Element("destination")!.Value);
    Console.WriteLine($"sent to {number}: {status}");
    if (status != "0") throw new InvalidOperationException($"refused with {status}: see docs/explain.md");
    waiting[result.Element("messageid")!.Value] = number;
}

// Each report is given once, so store it before anything else. NO_DATA means that no report is ready yet.
for (var tries = 0; waiting.Count > 0 && tries < 50; tries++)
{
    var pulled = Encoding.UTF8.GetString(await http.GetByteArrayAsync(url + "/pull?kullanici=test&parola=test"));
    if (pulled == "NO_DATA")
    {
        await Task.Delay(100);
        continue;
    }
    foreach (var report in XElement.Parse(pulled).Elements("message"))
    {
        var id = report.Attribute("id")!.Value;
        Console.WriteLine($"report for {waiting[id]}: {report.Attribute("status")!.Value} {report.Attribute("gsmerror")!.Value}");
        waiting.Remove(id);
    }
}
return waiting.Count == 0 ? 0 : 1;
