using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Likeness.Libravatar;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Demo;

/// <summary>Likeness beside a real Prosody: both ways, and the removal of both. Everything is on free loopback ports and in a temporary directory.</summary>
internal sealed class BesideDemo : IAsyncDisposable
{
    private const string Domain = "localhost";
    private const string Component = "likeness.localhost";
    private const string Account = "juliet@localhost";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("likeness-demo-");
    private readonly HttpClient _web = new();
    private readonly int[] _ports = FreePorts(2);
    private readonly string _secret = Guid.NewGuid().ToString("N");
    private Process? _prosody;
    private LikenessHost? _host;
    private XmppClient? _juliet;
    private byte[] _picture = [];

    public IReadOnlyList<(string Title, Func<CancellationToken, Task<string>> Play)> Steps =>
    [
        ("A Prosody starts, configured as docs/with/prosody.md says", StartProsody),
        ("Likeness starts beside it, without chats of its own", StartLikeness),
        ("Juliet logs in at Prosody and publishes a picture (XEP-0084)", Publish),
        ("The web shows it", cancellationToken => UntilWeb(HttpStatusCode.OK, cancellationToken)),
        ("She takes it away in her chat client", ClearInChat),
        ("The web shows nothing any more", cancellationToken => UntilWeb(HttpStatusCode.NotFound, cancellationToken)),
        ("likeness avatar set: a picture enters on this side", SetHere),
        ("In chats she has it, in PEP and in her vCard", UntilInChats),
        ("likeness avatar clear: it is taken away", ClearHere),
        ("In chats it is gone, too", UntilGoneFromChats),
    ];

    public async ValueTask DisposeAsync()
    {
        await (_juliet?.DisposeAsync() ?? default);
        await (_host?.DisposeAsync() ?? default);
        if (_prosody is { HasExited: false })
        {
            _prosody.Kill(entireProcessTree: true);
            await _prosody.WaitForExitAsync();
        }

        _prosody?.Dispose();
        _web.Dispose();
        _data.Delete(recursive: true);
    }

    private async Task<string> StartProsody(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_data.FullName, "prosody.cfg.lua");
        await File.WriteAllTextAsync(file, Configuration(), cancellationToken);
        string[] root = Environment.IsPrivilegedProcess ? ["--root"] : [];
        using var register = Process.Start(new ProcessStartInfo("prosodyctl", [.. root, "--config", file, "register", "juliet", Domain, DemoPerson.Password]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await register.WaitForExitAsync(cancellationToken);
        DemoFailedException.Unless(register.ExitCode == 0, "prosodyctl made no account.");
        _prosody = Process.Start(new ProcessStartInfo("prosody", [.. root, "-F", "--config", file]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var missing = new List<string> { "Activated service 'c2s'", "Activated service 'component'" };
        _prosody.OutputDataReceived += (_, line) =>
        {
            if (missing.RemoveAll(text => line.Data?.Contains(text, StringComparison.Ordinal) == true) > 0 && missing.Count == 0)
            {
                ready.TrySetResult();
            }
        };
        _prosody.BeginOutputReadLine();
        _prosody.BeginErrorReadLine();
        await ready.Task.WaitAsync(Timeout, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"clients 127.0.0.1:{_ports[0]}, components 127.0.0.1:{_ports[1]}");
    }

    private async Task<string> StartLikeness(CancellationToken cancellationToken)
    {
        var options = new LikenessOptions
        {
            DataDirectory = Path.Combine(_data.FullName, "data"),
            Domains = [Domain],
            Http = [new IPEndPoint(IPAddress.Loopback, 0)],
            Xmpp = [],
            Beside = new BesideSettings { Servers = [new DnsEndPoint("127.0.0.1", _ports[1])], Names = [Component], Secrets = [_secret], Domains = [Domain], AddressesAreTheSame = true },
        };
        _host = await LikenessHost.Start(options, new HostSurroundings(RenderWorkerCommand.OwnCommand()), cancellationToken);
        var status = "";
        await Until(async () => (status = await Command(cancellationToken, "beside", "status")).Contains("connected since", StringComparison.Ordinal), "the connection", cancellationToken);
        return status;
    }

    private async Task<string> Publish(CancellationToken cancellationToken)
    {
        _juliet = await XmppClient.Connect(
            new XmppClientOptions { Account = Jid.Parse($"{Account}/demo"), Password = DemoPerson.Password, Host = "127.0.0.1", Port = _ports[0], RequireTls = false, AcceptCertificate = XmppClientOptions.AcceptAny, Reconnects = false },
            cancellationToken);
        await _juliet.Send(new Element("presence", Ns.Client), cancellationToken);
        _picture = await DemoPicture.Png(cancellationToken);
        var id = Xep0084UserAvatar.IdOf(_picture);
        await Request(Node(Ns.AvatarData, id, Xep0084UserAvatar.Data(_picture)), cancellationToken);
        await Request(Node(Ns.AvatarMetadata, id, Xep0084UserAvatar.Metadata(new AvatarInfo(id, "image/png", _picture.Length))), cancellationToken);
        return $"{_picture.Length} bytes, {id}, for everybody";
    }

    private async Task<string> ClearInChat(CancellationToken cancellationToken)
    {
        await Request(Node(Ns.AvatarMetadata, null, Xep0084UserAvatar.Metadata()), cancellationToken);
        return "an empty metadata item";
    }

    private async Task<string> SetHere(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_data.FullName, "juliet.png");
        await File.WriteAllBytesAsync(file, _picture, cancellationToken);
        return await Command(cancellationToken, "avatar", "set", Account, file);
    }

    private Task<string> ClearHere(CancellationToken cancellationToken) => Command(cancellationToken, "avatar", "clear", Account);

    private async Task<string> UntilInChats(CancellationToken cancellationToken)
    {
        var (id, photo) = ("", "");
        await Until(async () => ((id, photo) = await InChats(cancellationToken)) is ({ Length: > 0 }, { Length: > 0 }) && id == photo, "the picture in chats", cancellationToken);
        return $"{id} in both";
    }

    private async Task<string> UntilGoneFromChats(CancellationToken cancellationToken)
    {
        await Until(async () => await InChats(cancellationToken) is ("", ""), "the removal in chats", cancellationToken);
        return "no picture in PEP, none in the vCard";
    }

    private async Task<string> UntilWeb(HttpStatusCode status, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://{_host!.Addresses.Http[0]}/avatar/{AddressHash.Sha256(Account)}?d=404");
        await Until(
            async () =>
            {
                using var response = await _web.GetAsync(address, cancellationToken);
                return response.StatusCode == status;
            },
            "the web",
            cancellationToken);
        return $"{(int)status} {address}";
    }

    private async Task<(string Pep, string VCard)> InChats(CancellationToken cancellationToken)
    {
        var items = await Request("get", new Element("pubsub", Ns.PubSub).Add(new Element("items", Ns.PubSub).Set("node", Ns.AvatarMetadata)), cancellationToken);
        var metadata = items.Child("pubsub", Ns.PubSub)?.Child("items")?.Child("item")?.Child("metadata", Ns.AvatarMetadata);
        var card = await Request("get", new Element("vCard", Ns.VCard), cancellationToken);
        var photo = Xep0054VCard.ReadPhoto(card.Child("vCard", Ns.VCard) ?? new Element("vCard", Ns.VCard));
        return (metadata is not null && Xep0084UserAvatar.ReadMetadata(metadata) is [var info, ..] ? info.Id : "", photo.Bytes is { } bytes ? Xep0084UserAvatar.IdOf(bytes) : "");
    }

    private static Element Node(string node, string? id, Element payload) => new Element("pubsub", Ns.PubSub)
        .Add(new Element("publish", Ns.PubSub).Set("node", node).Add(new Element("item", Ns.PubSub).Set("id", id).Add(payload)))
        .Add(new Element("publish-options", Ns.PubSub).Add(new DataForm("submit", Ns.PubSubPublishOptions, [FormField.Of("pubsub#access_model", "open")]).ToElement()));

    private Task<Element> Request(Element payload, CancellationToken cancellationToken) => Request("set", payload, cancellationToken);

    private Task<Element> Request(string type, Element payload, CancellationToken cancellationToken) =>
        _juliet!.Request(new Element("iq", Ns.Client).Set("type", type).Add(payload), cancellationToken);

    private async Task<string> Command(CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.Run([.. arguments, "--data", Path.Combine(_data.FullName, "data")], new Terminal(TextReader.Null, output, error, Interactive: false), cancellationToken);
        DemoFailedException.Unless(code == ExitCode.Done, error.ToString().Trim());
        return output.ToString().Trim();
    }

    // Nothing tells from outside when a change has gone its way.
    private static async Task Until(Func<Task<bool>> isSo, string what, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Timeout);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await isSo())
            {
                await pace.WaitForNextTickAsync(late.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoFailedException($"It was waited in vain for {what}.");
        }
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Stop());
        return ports;
    }

    private string Configuration() => $$"""
        daemonize = false
        {{(Environment.IsPrivilegedProcess ? "run_as_root = true; prosody_user = \"root\"; prosody_group = \"root\"" : "")}}
        pidfile = "{{_data.FullName}}/prosody.pid"
        data_path = "{{_data.FullName}}/prosody"
        log = { info = "*console" }
        interfaces = { "127.0.0.1" }
        local_interfaces = { "127.0.0.1" }
        c2s_ports = { {{_ports[0]}} }
        c2s_direct_tls_ports = {}
        component_ports = { {{_ports[1]}} }
        component_interfaces = { "127.0.0.1" }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        authentication = "internal_hashed"
        storage = "internal"
        plugin_paths = { "{{ProsodyPackages.Modules}}" }
        modules_enabled = { "disco"; "roster"; "saslauth"; "pep"; "vcard4"; "vcard_legacy"; "ping"; "privilege" }
        modules_disabled = { "s2s"; "tls" }
        VirtualHost "{{Domain}}"
          privileged_entities = { ["{{Component}}"] = {
            presence = "managed_entity";
            iq = {
              ["http://jabber.org/protocol/pubsub"] = "both";
              ["http://jabber.org/protocol/pubsub#owner"] = "both";
              ["vcard-temp"] = "both";
            };
          } }
        Component "{{Component}}"
          component_secret = "{{_secret}}"
          modules_enabled = { "privilege" }
        """;
}
