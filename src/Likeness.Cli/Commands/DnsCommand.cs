using System.CommandLine;
using Likeness.Cli.Federation;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class DnsCommand : TeachingCommand
{
    private const int Day = 86_400;

    public DnsCommand(Terminal terminal)
        : base("dns", "Prints the DNS records by which a domain names its server for avatars and chats. Asks nobody and changes nothing.")
    {
        var domain = new Argument<string>("DOMAIN") { Description = "The domain of the addresses." };
        var server = new Option<string?>("--server") { Description = "The host name of the server. Without it: avatars.DOMAIN.", HelpName = "HOST" };
        var secure = Port("--https-port", 443, "Where it listens with TLS; 0: nowhere.");
        var plain = Port("--http-port", 80, "Where it listens without TLS; 0: nowhere.");
        var chat = Port("--xmpp-port", 5222, "Where it listens for chats; 0: nowhere.");
        var chatTls = Port("--xmpps-port", 0, "Where it listens for chats behind TLS from the first byte (xmpps); 0: nowhere.");
        var peer = Port("--s2s-port", 0, "Where it listens for other chat servers (s2s); 0: nowhere.");
        var peerTls = Port("--s2s-tls-port", 0, "Where it listens for other chat servers behind TLS from the first byte (s2s-tls); 0: nowhere.");
        var lifetime = new Option<int>("--ttl") { Description = "Seconds that others may keep the records.", HelpName = "N", DefaultValueFactory = _ => 3600 };
        lifetime.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 7 * Day)
            {
                result.AddError($"--ttl is a number from 1 to {7 * Day}.");
            }
        });
        domain.Validators.Add(result =>
        {
            if (!HostText.TryRead(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("DOMAIN is a domain name such as example.org.");
            }
        });
        server.Validators.Add(result =>
        {
            if (!HostText.TryRead(result.GetValueOrDefault<string?>(), out _))
            {
                result.AddError("--server is a host name such as avatars.example.org; SRV records cannot lead to addresses.");
            }
        });
        Add(domain);
        foreach (var option in new Option[] { server, secure, plain, chat, chatTls, peer, peerTls, lifetime })
        {
            Add(option);
        }

        var json = JsonOption.AddTo(this);
        SetAction(async (parsed, _) =>
        {
            HostText.TryRead(parsed.GetRequiredValue(domain), out var name);
            HostText.TryRead(parsed.GetValue(server) ?? $"avatars.{name}", out var host);
            var records = new ServerRecords(
                name!, host!, parsed.GetValue(secure), parsed.GetValue(plain), parsed.GetValue(chat), parsed.GetValue(chatTls), parsed.GetValue(lifetime))
            {
                ServerPort = parsed.GetValue(peer),
                ServerTlsPort = parsed.GetValue(peerTls),
            };
            await json.Write(terminal, parsed, new Answer { Lines = [.. records.Lines()], Rows = [.. records.Rows()] });
        });
        Examples = ["likeness dns example.org", "likeness dns example.org --server likeness.example.net --https-port 8443 --http-port 0 --xmpps-port 5223", "likeness dns example.org --server likeness.example.org --s2s-port 5269"];
    }

    private static Option<int> Port(string name, int usual, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > ushort.MaxValue)
            {
                result.AddError($"{name} is a number from 0 to 65535.");
            }
        });
        return option;
    }
}
