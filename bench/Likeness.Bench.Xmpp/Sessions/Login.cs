using System.Security.Cryptography;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Sessions;

/// <summary>The way from a TCP connection to a bound session (RFC 6120 §4–§7), one step after the other as clients do it.</summary>
static class Login
{
    static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);

    public static async Task<XmppConnection> Open(Target target, int user, LoginKind kind)
    {
        using var limit = new CancellationTokenSource(timeout);
        var connection = await XmppConnection.Connect(target.Server, limit.Token);
        try
        {
            connection.User = user;
            await Negotiate(connection, target, kind, limit.Token);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the stream, with TLS when asked, and gives the features that are offered then.</summary>
    public static async Task<byte[]> Features(XmppConnection connection, Target target, bool tls, CancellationToken cancel)
    {
        var features = await OpenStream(connection, target, cancel);
        if (!tls)
            return features;
        connection.Send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        Expect(await connection.Read(cancel), "<proceed"u8, "STARTTLS");
        await connection.StartTls(target.Domain, cancel);
        return await OpenStream(connection, target, cancel);
    }

    static async Task Negotiate(XmppConnection connection, Target target, LoginKind kind, CancellationToken cancel)
    {
        if (kind.Fast && target.Tokens.TryGetValue(connection.User, out var token))
        {
            await ByToken(connection, target, token, cancel);
            return;
        }

        var features = await Features(connection, target, kind.Tls, cancel);
        if (kind.Fast && Stanza.Has(features, "HT-SHA-256-NONE"u8))
        {
            await AskForToken(connection, target, cancel);
            return;
        }

        if (kind.Scram)
            await Scram(connection, target, features, cancel);
        else
            await Plain(connection, cancel);
        connection.BeginStream();
        await OpenStream(connection, target, cancel);
        connection.Send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>");
        var bound = await connection.ReadUntil(static stanza => Stanza.IsIq(stanza), cancel);
        Expect(bound, "/bench</jid>"u8, "bind");
    }

    // One message each way: the header and everything the client wants, without waiting for what is offered (XEP-0386, XEP-0484).
    static async Task ByToken(XmppConnection connection, Target target, string token, CancellationToken cancel)
    {
        var proof = HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), "Initiator"u8.ToArray());
        var message = Convert.ToBase64String([.. Encoding.UTF8.GetBytes($"u{connection.User}"), 0, .. proof]);
        connection.Send(Header(target)
            + $"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>{message}</initial-response>{Agent(connection.User)}"
            + "<fast xmlns='urn:xmpp:fast:0'/><bind xmlns='urn:xmpp:bind:0'><tag>bench</tag></bind></authenticate>");
        Expect(await connection.Read(cancel), "<stream:features"u8, "stream features");
        Expect(await connection.Read(cancel), "<bound"u8, "login by token");
        Expect(await connection.Read(cancel), "<stream:features"u8, "stream features");
    }

    static async Task AskForToken(XmppConnection connection, Target target, CancellationToken cancel)
    {
        var response = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0u{connection.User}\0{Population.Password}"));
        connection.Send($"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>{response}</initial-response>{Agent(connection.User)}"
            + "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/></authenticate>");
        var success = await connection.Read(cancel);
        Expect(success, "<token"u8, "token");
        var text = Encoding.UTF8.GetString(success);
        var from = text.IndexOf(" token='", StringComparison.Ordinal) + 8;
        target.Tokens[connection.User] = text[from..text.IndexOf('\'', from)];
        Expect(await connection.Read(cancel), "<stream:features"u8, "stream features");
    }

    static string Agent(int user) => $"<user-agent id='{user:x8}-0000-4000-8000-000000000000'/>";

    static string Header(Target target) =>
        $"<?xml version='1.0'?><stream:stream to='{target.Domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

    static async Task<byte[]> OpenStream(XmppConnection connection, Target target, CancellationToken cancel)
    {
        connection.Send(Header(target));
        var features = await connection.Read(cancel);
        Expect(features, "<stream:features"u8, "stream features");
        return features;
    }

    static async Task Plain(XmppConnection connection, CancellationToken cancel)
    {
        var response = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0u{connection.User}\0{Population.Password}"));
        connection.Send($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{response}</auth>");
        Expect(await connection.Read(cancel), "<success"u8, "PLAIN");
    }

    // RFC 5802 §3 without channel binding: the point is the server's work, not the client's safety.
    static async Task Scram(XmppConnection connection, Target target, byte[] features, CancellationToken cancel)
    {
        Expect(features, ">SCRAM-SHA-1<"u8, "SCRAM-SHA-1 offered");
        var bare = $"n=u{connection.User},r={Convert.ToHexString(RandomNumberGenerator.GetBytes(12))}";
        connection.Send($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>{Base64("n,," + bare)}</auth>");
        var first = Content(await connection.Read(cancel), "<challenge"u8, "SCRAM-SHA-1 challenge");
        var parts = first.Split(',');
        var salted = target.Keys.SaltedPassword(Population.Password, parts[1][2..], int.Parse(parts[2][2..]));
        var final = $"c=biws,{parts[0]}";
        var signed = Encoding.UTF8.GetBytes($"{bare},{first},{final}");
        var clientKey = ScramKeyCache.Key(salted, "Client Key");
        var signature = HMACSHA1.HashData(SHA1.HashData(clientKey), signed);
        for (var i = 0; i < clientKey.Length; i++)
            clientKey[i] ^= signature[i];
        connection.Send($"<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{Base64($"{final},p={Convert.ToBase64String(clientKey)}")}</response>");
        Expect(await connection.Read(cancel), "<success"u8, "SCRAM-SHA-1");
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    static string Content(byte[] element, ReadOnlySpan<byte> start, string step)
    {
        Expect(element, start, step);
        var text = Encoding.UTF8.GetString(element);
        var from = text.IndexOf('>', StringComparison.Ordinal) + 1;
        return Encoding.UTF8.GetString(Convert.FromBase64String(text[from..text.LastIndexOf('<')]));
    }

    static void Expect(ReadOnlySpan<byte> element, ReadOnlySpan<byte> wanted, string step)
    {
        if (!Stanza.Has(element, wanted))
            throw new ConnectionLostException($"{step}: the server said {Stanza.Text(element)}");
    }
}
