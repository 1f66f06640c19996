using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>A data directory, the server on it, and accounts made by the command line while it runs.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Password = "verona";
    public const string Juliet = "juliet@localhost";
    public const string Romeo = "romeo@localhost";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("likeness-interop-");

    public ServerProcess Server { get; private set; } = null!;

    public string Data => Path.Combine(_directory.FullName, "data");

    /// <summary>The server with juliet and romeo as users.</summary>
    /// <param name="more">More of what <c>serve</c> takes.</param>
    public static async Task<Stage> Open(params string[] more)
    {
        var stage = new Stage();
        await stage.StartServer(more);
        foreach (var account in new[] { Juliet, Romeo })
        {
            var added = await ExternalProgram.Likeness(stage.Data, "user", "add", account, "--password", Password);
            added.Code.ShouldBe(0, added.Shown);
        }

        return stage;
    }

    public async Task StartServer(params string[] more) => Server = await ServerProcess.Start(Data, more);

    /// <summary>Puts a file beside the data directory.</summary>
    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Logs in over STARTTLS and shows presence.</summary>
    public async Task<XmppClient> LogIn(string account, string resource)
    {
        var client = await XmppClient.Connect(new XmppClientOptions
        {
            Account = Jid.Parse($"{account}/{resource}"),
            Password = Password,
            Host = Server.Xmpp.Address.ToString(),
            Port = Server.Xmpp.Port,
            AcceptCertificate = XmppClientOptions.AcceptAny,
            Reconnects = false,
        });
        await client.Send(new Element("presence", Ns.Client));
        return client;
    }

    /// <summary>Afterwards both see each other's presence.</summary>
    public static async Task Befriend(XmppClient one, XmppClient other)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var (asking, asked) in ((XmppClient, XmppClient)[])[(one, other), (other, one)])
        {
            await asking.Send(Presence("subscribe", asked), timeout.Token);
            await asked.Expect(stanza => stanza.Name == "presence" && stanza["type"] == "subscribe", timeout.Token);
            await asked.Send(Presence("subscribed", asking), timeout.Token);
            await asking.Expect(stanza => stanza.Name == "presence" && stanza["type"] == "subscribed", timeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    private static Element Presence(string type, XmppClient to) =>
        new Element("presence", Ns.Client).Set("type", type).Set("to", to.Address.BareText);
}
