using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Cli.Federation;
using Likeness.Libravatar.Resolving;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Sasl;
using Spectre.Console;

namespace Likeness.Cli.Chats;

/// <summary>The chat account that a command works with, on any server.</summary>
internal sealed class ChatLogin
{
    private const int UsualPort = 5222;
    private readonly Terminal _terminal;
    private readonly Option<string?> _jid;
    private readonly Option<string?> _file = new("--password-file") { Description = "A file with the account's password in its first line. Without it: asked for, or read from standard input.", HelpName = "FILE" };
    private readonly Option<DnsEndPoint?> _connect = new("--connect") { Description = "Where its server is, instead of asking DNS.", HelpName = "HOST:PORT", CustomParser = ReadEndPoint };
    private readonly Option<IPEndPoint?> _dns;
    private readonly Option<string?> _authorities;

    /// <param name="isOptional">The command does something without an account, too.</param>
    public ChatLogin(Command command, Terminal terminal, bool isOptional = false)
    {
        _terminal = terminal;
        _jid = new Option<string?>("--jid")
        {
            Description = isOptional ? "A chat account of yours: TARGET is a chat account then, and looked at as yours sees it." : "Your chat account, on any server.",
            HelpName = "NAME@DOMAIN",
            Required = !isOptional,
        };
        _jid.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(Jid.TryParse(text, out var jid) && jid.Local is not null))
            {
                result.AddError("--jid is a chat account such as anne@example.org.");
            }
        });
        command.Add(_jid);
        command.Add(_file);
        command.Add(_connect);
        if (isOptional)
        {
            (_dns, _authorities) = (new Option<IPEndPoint?>("--dns"), new Option<string?>("--ca"));
            return;
        }

        _dns = DnsOption.AddTo(command);
        _authorities = new Option<string?>("--ca") { Description = "PEM file with certificate authorities to trust beside the machine's, or the server's own certificate.", HelpName = "FILE" };
        command.Add(_authorities);
    }

    /// <summary>The account that was named; null: none.</summary>
    public Jid? Account(ParseResult parsed) => parsed.GetValue(_jid) is { } text ? Jid.Parse(text) : null;

    /// <summary>Logs in, does something, and leaves. Whatever servers refuse is one line.</summary>
    public async Task<int> Run(ParseResult parsed, bool follows, Func<XmppClient, Task<int>> work, CancellationToken cancellationToken) =>
        await Run(await Options(parsed, follows, parsed.GetValue(_dns), Authorities(parsed.GetValue(_authorities)), cancellationToken), work, cancellationToken);

    /// <summary>The same with names and trust of another command.</summary>
    public async Task<int> Run(ParseResult parsed, Reach reach, Func<XmppClient, Task<int>> work, CancellationToken cancellationToken) =>
        await Run(await Options(parsed, follows: false, reach.Dns, [.. reach.Authorities], cancellationToken), work, cancellationToken);

    private static async Task<int> Run(XmppClientOptions options, Func<XmppClient, Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = await XmppClient.Connect(options, cancellationToken);
            return await work(client);
        }
        catch (SaslException refused)
        {
            var reason = refused.Condition == "not-authorized" ? "the account or its password is wrong" : refused.Message;
            throw new OperationRefusedException($"The server does not let {options.Account} in: {reason}.".Replace("..", ".", StringComparison.Ordinal), refused);
        }
        catch (AuthenticationException refused)
        {
            var isAboutCertificate = refused.InnerException is AuthenticationException;
            throw new OperationRefusedException(
                $"The connection to {options.Account.Domain} is not safe: {refused.Message} {(isAboutCertificate ? "Trust a certificate of your own with --ca." : "The password is not sent.")}", refused);
        }
        catch (StanzaErrorException refused)
        {
            throw new OperationRefusedException($"The server refuses that: {refused.Message}{(refused.Message == refused.Condition.Name ? "" : $" ({refused.Condition.Name})")}", refused);
        }
        catch (Exception ended) when (ended is StreamErrorException or TimeoutException or ArgumentException)
        {
            throw new OperationRefusedException(ended is StreamErrorException ? $"The server ended the connection: {ended.Message}." : ended.Message, ended);
        }
    }

    private static DnsEndPoint? ReadEndPoint(ArgumentResult result)
    {
        var text = result.Tokens is [{ Value: var value }] ? value : "";
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && !text.EndsWith(']') && text.IndexOf(':', StringComparison.Ordinal) is var first && (first == colon || text[0] == '[');
        var host = (hasPort ? text[..colon] : text).Trim('[', ']');
        var port = UsualPort;
        if (host.Length > 0 && (!hasPort || int.TryParse(text[(colon + 1)..], out port)) && port is > 0 and <= ushort.MaxValue)
        {
            return new DnsEndPoint(host, port);
        }

        result.AddError("--connect is a host and a port such as chat.example.org:5222.");
        return null;
    }

    private static X509Certificate2Collection Authorities(string? file)
    {
        var authorities = new X509Certificate2Collection();
        if (file is not null)
        {
            try
            {
                authorities.ImportFromPemFile(file);
            }
            catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new CertificateRefusedException($"{file}: {exception.Message}", exception);
            }
        }

        return authorities;
    }

    private async Task<XmppClientOptions> Options(ParseResult parsed, bool follows, IPEndPoint? dns, X509Certificate2Collection authorities, CancellationToken cancellationToken)
    {
        var connect = parsed.GetValue(_connect);
        return new XmppClientOptions
        {
            Account = Account(parsed)!,
            Password = await Password(parsed, cancellationToken),
            Host = connect?.Host,
            Port = connect?.Port ?? UsualPort,
            LooksForWebSocket = connect is null,
            Resolver = new ChatResolver(dns),
            Authorities = authorities,
            Reconnects = follows,
            Abilities = new DiscoInfo([new DiscoIdentity("client", "console", "Likeness")], follows ? [Ns.Caps, Ns.DiscoInfo, AvatarFollower.Feature] : [Ns.Caps, Ns.DiscoInfo]),
            Report = follows ? reason => _terminal.Error.WriteLine($"likeness: {reason.Message}") : null,
        };
    }

    private async Task<string> Password(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_file) is { } file)
        {
            using var lines = new StreamReader(new MemoryStream(await NamedFile.Read(file, cancellationToken)));
            return await lines.ReadLineAsync(cancellationToken) is { Length: > 0 } first ? first : throw new OperationRefusedException($"There is no password in {file}.");
        }

        return _terminal.Interactive
            ? await _terminal.Secret(_terminal.Console, $"Password of {Account(parsed)}:", cancellationToken)
            : await _terminal.In.ReadLineAsync(cancellationToken) ?? throw new OperationRefusedException("No password came on standard input.");
    }
}

/// <summary>Names for the chat client, from the resolver that was named or the system's.</summary>
internal sealed class ChatResolver(IPEndPoint? dns) : IServiceResolver
{
    private readonly Reach _reach = new(dns, AllowsPrivate: true, null, []);

    public async Task<IReadOnlyList<ServiceTarget>> FindServices(string name, CancellationToken cancellationToken)
    {
        using var resolver = new DnsResolver(_reach.Resolver);
        var answer = await resolver.AskAsync(new DnsQuestion(name, DnsType.Srv), cancellationToken);
        return answer.Status == DnsStatus.Failed
            ? throw new IOException($"DNS does not answer for {name}. Where the server is can be said with --connect.")
            : [.. answer.Records.OfType<ServiceRecord>().Select(record => new ServiceTarget(record.Priority, record.Weight, record.Target, record.Port))];
    }

    public Task<IReadOnlyList<IPAddress>> FindAddresses(string host, CancellationToken cancellationToken) => _reach.AddressesOf(host, cancellationToken);
}
