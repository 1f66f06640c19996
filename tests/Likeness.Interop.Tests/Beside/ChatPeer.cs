using System.Diagnostics;
using System.Globalization;
using System.Net;
using Likeness.Interop.Tests.Dns;
using Likeness.Interop.Tests.Federation;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Beside;

/// <summary>A chat server of another make, with a component listener for a server beside it.</summary>
internal abstract class ChatPeer : IAsyncDisposable
{
    public const string Domain = "localhost";
    public const string Component = "likeness.localhost";
    public const string Secret = "a secret of both";
    public const string Password = "verona";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("likeness-peer-");
    private readonly List<XmppClient> _clients = [];
    private Process? _process;

    protected int ClientPort { get; } = FreePort.Next().Port;

    protected int ComponentPort { get; } = FreePort.Next().Port;

    protected int ApiPort { get; } = FreePort.Next().Port;

    protected string Folder => _directory.FullName;

    private string LogFile => Path.Combine(Folder, "console.log");

    public DnsEndPoint Clients => new("127.0.0.1", ClientPort);

    /// <summary>What the server beside it is started with.</summary>
    public virtual IEnumerable<string> Settings =>
    [
        "--beside", Place, "--beside-name", Component, "--beside-secret-file", Path.Combine(Folder, "secret"), "--beside-domain", Domain, "--beside-addresses", "same",
    ];

    /// <summary>Where components connect.</summary>
    protected virtual string Place => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ComponentPort}");

    public static ChatPeer Make(string kind) => kind switch
    {
        "prosody" => new ProsodyPeer(ProsodyGrants.Requests),
        "prosody, contacts" => new ProsodyPeer(ProsodyGrants.Roster),
        "prosody, cards apart" => new ProsodyPeer(ProsodyGrants.Requests, cardsApart: true),
        "prosody, people's addresses" => new ProsodyPeer(ProsodyGrants.Senders),
        "ejabberd, contacts" => new EjabberdPeer(isOpen: false),
        _ => new EjabberdPeer(isOpen: true),
    };

    public async Task Start()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "secret"), Secret + "\n");
        await Configure();
        var start = Command();
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var missing = SaysWhenReady.ToList();
        void Hear(object _, DataReceivedEventArgs line)
        {
            lock (_directory)
            {
                File.AppendAllText(LogFile, line.Data + "\n");
                if (missing.RemoveAll(text => line.Data?.Contains(text, StringComparison.Ordinal) == true) > 0 && missing.Count == 0)
                {
                    ready.TrySetResult();
                }
            }
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var late = new CancellationTokenSource(Timeout);
        var ended = _process.WaitForExitAsync(late.Token);
        if (await Task.WhenAny(ready.Task, ended) == ended)
        {
            Assert.Fail($"The peer does not start; the tests need the Debian packages prosody, prosody-modules and ejabberd.\n{await File.ReadAllTextAsync(LogFile)}");
        }
    }

    /// <summary>Ends it as abruptly as what it acknowledged survives.</summary>
    public async Task Kill()
    {
        if (SurvivesKill)
        {
            _process!.Kill(entireProcessTree: true);
        }
        else
        {
            await ExternalProgram.Do("kill", "-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture));
        }

        await _process.WaitForExitAsync(new CancellationTokenSource(Timeout).Token);
        _process.Dispose();
        _process = null;
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        _clients.Clear();
    }

    public async Task AddUser(string name)
    {
        await using var _ = await Registration.Register("127.0.0.1", ClientPort, Domain, name, Password);
    }

    /// <summary>Logs in and shows presence, or is there without anybody knowing.</summary>
    public async Task<XmppClient> LogIn(string name, bool isPresent = true)
    {
        var client = await XmppClient.Connect(new XmppClientOptions
        {
            Account = Jid.Parse($"{name}@{Domain}/client"),
            Password = Password,
            Host = "127.0.0.1",
            Port = ClientPort,
            RequireTls = false,
            AcceptCertificate = XmppClientOptions.AcceptAny,
            Reconnects = false,
        });
        _clients.Add(client);
        if (!isPresent)
        {
            return client;
        }

        await client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("query", Ns.Roster)));
        await client.Send(new Element("presence", Ns.Client));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await Kill();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>Mnesia writes later what it acknowledged.</summary>
    protected virtual bool SurvivesKill => true;

    protected abstract IEnumerable<string> SaysWhenReady { get; }

    protected abstract Task Configure();

    protected abstract ProcessStartInfo Command();
}

/// <summary>How much a Prosody allows.</summary>
internal enum ProsodyGrants
{
    /// <summary>What <c>docs/with/prosody.md</c> says: requests in people's name.</summary>
    Requests,

    /// <summary>These, and people's contact lists.</summary>
    Roster,

    /// <summary>Only presence; stanzas with people's addresses as sender are not checked.</summary>
    Senders,
}

/// <summary>Debian's Prosody with its packaged modules, configured as <c>docs/with/prosody.md</c> says.</summary>
/// <param name="cardsApart">vCards are not made of what is published (no XEP-0398).</param>
internal sealed class ProsodyPeer(ProsodyGrants grants, bool cardsApart = false) : ChatPeer
{
    private const string Requests = "iq = { [\"http://jabber.org/protocol/pubsub\"] = \"both\"; [\"http://jabber.org/protocol/pubsub#owner\"] = \"both\"; [\"vcard-temp\"] = \"both\" };";

    public override IEnumerable<string> Settings =>
    [
        .. base.Settings,
        .. grants == ProsodyGrants.Roster ? (string[])["--beside-roster", "yes"] : [],
        .. grants == ProsodyGrants.Senders ? (string[])["--beside-as-users", "yes"] : [],
    ];

    protected override IEnumerable<string> SaysWhenReady => ["Activated service 'c2s'", "Activated service 'component'"];

    protected override Task Configure() => Prosody.Configure(Folder, ClientPort, "info", ["register", "privilege", .. cardsApart ? (string[])["vcard"] : []], $$"""
        c2s_direct_tls_ports = {}
        component_ports = { {{ComponentPort}} }
        component_interfaces = { "127.0.0.1" }
        allow_registration = true
        plugin_paths = { "/usr/lib/prosody/modules" }
        modules_disabled = { "s2s"; "tls"; {{(cardsApart ? "\"vcard_legacy\"; \"vcard4\"" : "")}} }
        VirtualHost "{{Domain}}"
          privileged_entities = { ["{{Component}}"] = {
            presence = "managed_entity";
            {{(grants == ProsodyGrants.Roster ? "roster = \"both\";" : "")}}
            {{(grants == ProsodyGrants.Senders ? "" : Requests)}}
          } }
        Component "{{Component}}"
          component_secret = "{{Secret}}"
          modules_enabled = { "privilege" }
          validate_from_addresses = {{(grants == ProsodyGrants.Senders ? "false" : "true")}}
        """);

    protected override ProcessStartInfo Command() => Prosody.Command(Folder);
}

/// <summary>Debian's ejabberd, configured as <c>docs/with/ejabberd.md</c> says.</summary>
/// <param name="isOpen">Avatar nodes are open to subscribers, and the component listener is a socket in the file system; else the component becomes a contact.</param>
internal sealed class EjabberdPeer(bool isOpen) : ChatPeer
{
    public override IEnumerable<string> Settings =>
    [
        .. base.Settings, "--beside-api", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ApiPort}/api"), .. isOpen ? (string[])[] : ["--beside-roster", "yes"],
    ];

    protected override string Place => isOpen ? $"unix:{Folder}/components" : base.Place;

    protected override bool SurvivesKill => false;

    protected override IEnumerable<string> SaysWhenReady =>
    [
        .. new[] { ClientPort, ApiPort }.Select(port => string.Create(CultureInfo.InvariantCulture, $"connections at 127.0.0.1:{port} ")),
        $"connections at {Place} ",
    ];

    protected override Task Configure() => Ejabberd.Configure(
        Folder,
        Domain,
        "info",
        listen: $$"""
            - {port: {{ClientPort}}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false, access: all, shaper: none}
            - {port: {{(isOpen ? $"\"{Place}\"" : $"{ComponentPort}, ip: \"127.0.0.1\"")}}, module: ejabberd_service, hosts: { "{{Component}}": { password: "{{Secret}}" } } }
            - {port: {{ApiPort}}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/api: mod_http_api} }
            """,
        modules: """
            mod_adhoc: {}
            mod_admin_extra: {}
            mod_configure: {}
            mod_http_api: {}
            mod_privilege: {presence: {managed_entity: likeness} }
            """,
        more: $$"""
            acl:
              likeness: {server: "{{Component}}"}
              loopback: {ip: ["127.0.0.0/8"]}
            access_rules:
              likeness: {allow: likeness}
              configure: {allow: likeness}
            s2s_access: none
            api_permissions:
              likeness: {from: mod_http_api, who: [{access: [{allow: loopback}]}], what: [send_stanza, registered_users, add_rosteritem]}
            """,
        pubSub: isOpen ? ", force_node_config: {\"urn:xmpp:avatar:*\": {access_model: open, presence_based_delivery: false}}" : "");

    protected override ProcessStartInfo Command() => Ejabberd.Command(Folder);
}
