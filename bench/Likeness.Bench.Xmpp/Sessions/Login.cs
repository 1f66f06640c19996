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
        var features = await Features(connection, target, kind.Tls, cancel);
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

    static async Task<byte[]> OpenStream(XmppConnection connection, Target target, CancellationToken cancel)
    {
        connection.Send($"<?xml version='1.0'?><stream:stream to='{target.Domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
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
