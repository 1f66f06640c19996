using System.Diagnostics;
using System.Globalization;
using Likeness.Interop.Tests.Dns;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Federation;

/// <summary>A server of some kind, in a process of its own, that finds the others by DNS and is found by them.</summary>
/// <param name="isSigned">Its certificate is from the authority that all trust; else nobody's.</param>
internal abstract class ChatServer(ChatNames names, string domain, bool isSigned) : IAsyncDisposable
{
    protected const string Password = "verona";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("likeness-chat-");
    private Process? _process;

    public string Domain => domain;

    protected string Folder => _directory.FullName;

    protected ChatNames Names => names;

    protected int ClientPort { get; } = FreePort.Next().Port;

    protected (int Plain, int Direct) Ports => names.Ports[domain];

    public static ChatServer Make(string kind, ChatNames names, bool isSigned) => kind switch
    {
        "prosody" => new ProsodyServer(names, isSigned),
        "ejabberd" => new EjabberdServer(names, isSigned),
        _ => new LikenessServer(names, $"{kind}.{ChatNames.Domain}", isSigned),
    };

    public async Task Start()
    {
        if (!File.Exists(Path.Combine(Folder, "domain.pem")))
        {
            names.Authorities.Write(Folder, domain, isSigned);
        }

        await Configure();
        var start = Command();
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        var told = new Readiness(SaysWhenReady);
        _process = Process.Start(start)!;
        Keep(_process.StandardOutput, told);
        Keep(_process.StandardError, told);
        using var late = new CancellationTokenSource(Timeout);
        var ended = _process.WaitForExitAsync(late.Token);
        if (await Task.WhenAny(told.Ready, ended) == ended)
        {
            Assert.Fail($"{domain} does not start; the tests need the Debian packages prosody, lua-unbound and ejabberd.\n{Log}");
        }
    }

    public async Task Stop()
    {
        if (_process is { HasExited: false })
        {
            await ExternalProgram.Do("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture));
            using var late = new CancellationTokenSource(Timeout);
            await _process.WaitForExitAsync(late.Token);
        }

        _process?.Dispose();
        _process = null;
    }

    public abstract Task AddUser(string name);

    /// <summary>Logs in and shows presence; answers what clients are asked for.</summary>
    public async Task<XmppClient> LogIn(string name, string? presence = null, Func<Element, Element?>? answer = null)
    {
        var client = await XmppClient.Connect(Login(name) with { Answer = answer });
        // Some servers tell only those of subscriptions who asked for the roster.
        await client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("query", Ns.Roster)));
        await client.Send(XmlStreamReader.ParseElement(presence ?? "<presence/>", Ns.Client));
        return client;
    }

    /// <summary>How people log in here.</summary>
    public XmppClientOptions Login(string name) => new()
    {
        Account = Jid.Parse($"{name}@{domain}/client"),
        Password = Password,
        Host = "127.0.0.1",
        Port = ClientPort,
        RequireTls = false,
        AcceptCertificate = XmppClientOptions.AcceptAny,
        Reconnects = false,
    };

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    public virtual async ValueTask DisposeAsync()
    {
        await Stop();
        _directory.Delete(recursive: true);
    }

    protected abstract Task Configure();

    protected abstract ProcessStartInfo Command();

    /// <summary>Parts of the lines in which it says that it accepts clients and servers.</summary>
    protected abstract IEnumerable<string> SaysWhenReady { get; }

    private string LogFile => Path.Combine(Folder, "console.log");

    private void Keep(StreamReader said, Readiness told) => _ = Task.Run(async () =>
    {
        while (await said.ReadLineAsync() is { } line)
        {
            lock (_directory)
            {
                File.AppendAllText(LogFile, line + "\n");
                told.Hear(line);
            }
        }
    });

    /// <summary>Waits until each of some texts was in a line.</summary>
    private sealed class Readiness(IEnumerable<string> texts)
    {
        private readonly List<string> _missing = [.. texts];
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ready => _ready.Task;

        public void Hear(string line)
        {
            if (_missing.RemoveAll(text => line.Contains(text, StringComparison.Ordinal)) > 0 && _missing.Count == 0)
            {
                _ready.SetResult();
            }
        }
    }
}

internal sealed class LikenessServer(ChatNames names, string domain, bool isSigned) : ChatServer(names, domain, isSigned)
{
    protected override IEnumerable<string> SaysWhenReady => ["ready http="];

    public string Data => Path.Combine(Folder, "data");

    public override async Task AddUser(string name)
    {
        var added = await ExternalProgram.Likeness(Data, "user", "add", $"{name}@{Domain}", "--password", Password);
        added.Code.ShouldBe(0, added.Shown);
    }

    protected override Task Configure() => Task.CompletedTask;

    protected override ProcessStartInfo Command() => ExternalProgram.StartInfo(
        "serve", "--data", Data, "--domain", Domain, "--http", "127.0.0.1:0", "--xmpp", $"127.0.0.1:{ClientPort}",
        "--s2s", $"127.0.0.1:{Ports.Plain}", "--s2s-tls", $"127.0.0.1:{Ports.Direct}", "--dns", Names.Resolver.ToString(), "--s2s-authorities", Names.AuthorityFile,
        "--cert", Path.Combine(Folder, "domain.crt"), "--key", Path.Combine(Folder, "domain.key"), "--log-level", "Likeness.Xmpp.Server=debug");
}

/// <summary>Debian's Prosody.</summary>
internal sealed class ProsodyServer(ChatNames names, bool isSigned) : ChatServer(names, $"prosody.{ChatNames.Domain}", isSigned)
{
    protected override IEnumerable<string> SaysWhenReady => ["Activated service 'c2s'", "Activated service 's2s'", "Activated service 's2s_direct_tls'"];

    public override Task AddUser(string name) => ExternalProgram.Do("prosodyctl", "--root", "--config", Prosody.FileIn(Folder), "register", name, Domain, Password);

    protected override Task Configure() => Prosody.Configure(Folder, ClientPort, "debug", ["tls", "dialback", "blocklist", "carbons", "private", "s2s_bidi", "time", "version"], $$"""
        s2s_ports = { {{Ports.Plain}} }
        s2s_direct_tls_ports = { {{Ports.Direct}} }
        s2s_require_encryption = true
        unbound = { resolvconf = false; hoststxt = false; forward = { "127.0.0.1@{{Names.Resolver.Port}}" }; options = { ["do-not-query-localhost:"] = "no"; ["module-config:"] = "iterator" } }
        ssl = { certificate = "{{Folder}}/domain.crt"; key = "{{Folder}}/domain.key"; cafile = "{{Names.AuthorityFile}}" }
        VirtualHost "{{Domain}}"
        Component "rooms.{{Domain}}" "muc"
          restrict_room_creation = false
          muc_room_locking = false
        """);

    protected override ProcessStartInfo Command() => Prosody.Command(Folder);
}

/// <summary>Debian's ejabberd.</summary>
internal sealed class EjabberdServer(ChatNames names, bool isSigned) : ChatServer(names, $"ejabberd.{ChatNames.Domain}", isSigned)
{
    protected override IEnumerable<string> SaysWhenReady =>
        new[] { ClientPort, Ports.Plain, Ports.Direct }.Select(port => string.Create(CultureInfo.InvariantCulture, $"connections at 127.0.0.1:{port} "));

    public override async Task AddUser(string name)
    {
        // Registration in-band is open: nothing has to be told to the node.
        await using var _ = await Registration.Register("127.0.0.1", ClientPort, Domain, name, Password);
    }

    protected override async Task Configure()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "inetrc"), $$"""
            {resolv_conf, ""}.
            {lookup, [file, dns]}.
            {nameserver, {127,0,0,1}, {{Names.Resolver.Port}}}.
            {cache_size, 0}.

            """);
        await Ejabberd.Configure(
            Folder,
            Domain,
            "debug",
            listen: $$"""
                - {port: {{ClientPort}}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, access: all, shaper: none}
                - {port: {{Ports.Plain}}, ip: "127.0.0.1", module: ejabberd_s2s_in}
                - {port: {{Ports.Direct}}, ip: "127.0.0.1", module: ejabberd_s2s_in, tls: true}
                """,
            modules: $$"""
                mod_blocking: {}
                mod_carboncopy: {}
                mod_muc: {host: "rooms.{{Domain}}", access: all, access_create: all}
                mod_offline: {}
                mod_ping: {}
                mod_privacy: {}
                mod_private: {}
                mod_s2s_dialback: {}
                mod_version: {}
                """,
            more: $$"""
                certfiles: ["{{Folder}}/domain.pem"]
                ca_file: "{{Names.AuthorityFile}}"
                s2s_cafile: "{{Names.AuthorityFile}}"
                s2s_use_starttls: required
                """);
        await ExternalProgram.Do("chmod", "755", Path.GetDirectoryName(Names.AuthorityFile)!);
    }

    protected override ProcessStartInfo Command() => Ejabberd.Command(Folder, ("ERL_INETRC", $"{Folder}/inetrc"));
}
