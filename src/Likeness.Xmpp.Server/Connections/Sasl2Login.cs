using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>XEP-0388 Extensible SASL Profile 1.0.4: one login of a stream, with what the client wants along with it.</summary>
/// <param name="initiator">The bare address in the stream's header; null: none was given.</param>
internal sealed class Sasl2Login(SaslNegotiation sasl, Element request, string? initiator)
{
    /// <summary>Characters of the names of program and device that are kept.</summary>
    private const int MaxNameCharacters = 64;

    /// <summary>What the client said with its first element.</summary>
    public Element Request => request;

    /// <summary>Which installation of a program it is, as it says itself: a random UUID; null: it does not say.</summary>
    public Guid? UserAgent { get; private set; }

    public string? Software => NameOf("software");

    public string? Device => NameOf("device");

    /// <summary>The first step.</summary>
    public ValueTask<SaslStep> Begin()
    {
        if (request.Child("user-agent")?["id"] is { } id)
        {
            if (!TryReadId(id, out var agent))
            {
                return sasl.Refuse("malformed-request");
            }

            UserAgent = agent;
        }

        byte[]? data = null;
        return request.Child("initial-response") is { } initial && !StrictBase64.TryDecode(initial.Text(), out data)
            ? sasl.Refuse("incorrect-encoding")
            : Check(sasl.Begin(sasl.Context.Create(request["mechanism"] ?? "", secure: true), data));
    }

    /// <summary>A later step.</summary>
    public ValueTask<SaslStep> Continue(Element element) => element.Name switch
    {
        "response" => StrictBase64.TryDecode(element.Text(), out var data) ? Check(sasl.Respond(data)) : sasl.Refuse("incorrect-encoding"),
        "abort" => sasl.Refuse("aborted"),

        // A task (§2.6.3) that nobody asked for.
        _ => sasl.Refuse("malformed-request"),
    };

    /// <summary>By what the server knows this client of the account again; it tells nobody what the client said. Null: the client did not say.</summary>
    public string? ClientOf(Jid account, byte[] secret) => UserAgent is { } agent ? ClientOf(account, agent, secret) : null;

    public static string ClientOf(Jid account, Guid agent, byte[] secret)
    {
        const int bytes = 12;
        var digest = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"client\0{account.Text}\0{agent:D}"));
        return Convert.ToBase64String(digest, 0, bytes).Replace('+', '-').Replace('/', '_');
    }

    // §2.3: who the stream is for and who logs in are the same.
    private async ValueTask<SaslStep> Check(ValueTask<SaslStep> stepping)
    {
        var step = await stepping;
        return step.Outcome == SaslOutcome.Success && initiator is not null && initiator != $"{step.Account}@{sasl.Context.Domain}"
            ? await sasl.Refuse("invalid-authzid")
            : step;
    }

    private string? NameOf(string element)
    {
        var name = request.Child("user-agent")?.Child(element)?.Text().Trim();
        return name is null or "" || name.Any(char.IsControl) ? null : name.Length <= MaxNameCharacters ? name : name[..MaxNameCharacters];
    }

    // §2.3: a UUID of version 4.
    private static bool TryReadId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id) && id is { Version: 4, Variant: >= 8 and <= 11 };
}
