using Likeness.Accounts;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>XEP-0388 Extensible SASL Profile 1.0.4: one login of a stream, with what the client wants along with it.</summary>
/// <param name="initiator">The bare address in the stream's header; null: none was given.</param>
internal sealed class Sasl2Login(SaslNegotiation sasl, Authentication authentication, Element request, string? initiator)
{
    /// <summary>Characters of the names of program and device that are kept.</summary>
    private const int MaxNameCharacters = 64;

    private TokenLogin? _byToken;
    private Guid? _agent;

    /// <summary>What the client said with its first element.</summary>
    public Element Request => request;

    /// <summary>The first step.</summary>
    public ValueTask<SaslStep> Begin()
    {
        if (request.Child("user-agent")?["id"] is { } id)
        {
            if (!TryReadId(id, out var agent))
            {
                return sasl.Refuse("malformed-request");
            }

            _agent = agent;
        }

        byte[]? data = null;
        if (request.Child("initial-response") is { } initial && !StrictBase64.TryDecode(initial.Text(), out data))
        {
            return sasl.Refuse("incorrect-encoding");
        }

        var name = request["mechanism"] ?? "";
        if (request.Child("fast", Ns.Fast) is null)
        {
            return Check(sasl.Begin(authentication.Mechanism(sasl.Context, name), data));
        }

        // XEP-0484 §4.1
        if (_agent is null)
        {
            return sasl.Refuse("malformed-request");
        }

        _byToken = HashedToken.BindingOf(name, sasl.Context) is { } binding ? new TokenLogin(name, binding, _agent.Value, sasl.Context, authentication) : null;
        return Check(sasl.Begin(_byToken, data));
    }

    /// <summary>A later step.</summary>
    public ValueTask<SaslStep> Continue(Element element) => element.Name switch
    {
        "response" => StrictBase64.TryDecode(element.Text(), out var data) ? Check(sasl.Respond(data)) : sasl.Refuse("incorrect-encoding"),
        "abort" => sasl.Refuse("aborted"),

        // A task (§2.6.3) that nobody asked for.
        _ => sasl.Refuse("malformed-request"),
    };

    /// <summary>By what the server knows this client of the account again; null: the client did not say which it is.</summary>
    public string? ClientOf(Jid account) => _agent is { } agent ? authentication.ClientOf(account.Text, agent) : null;

    /// <summary>The client is in: what it is given to log in with next time; null: nothing.</summary>
    public async ValueTask<LoginToken?> Settle(Jid account)
    {
        if (ClientOf(account) is not { } client)
        {
            return null;
        }

        var wanted = request.Child("request-token", Ns.Fast)?["mechanism"];
        var isLeaving = _byToken is not null && request.Child("fast", Ns.Fast)?["invalidate"] is "true" or "1";
        return await authentication.Settle(
            new LoginClient(new Identity(account.Text), client, NameOf("software"), NameOf("device")),
            _byToken?.Used,
            wanted is not null && HashedToken.BindingOf(wanted, sasl.Context) is not null ? wanted : null,
            isLeaving);
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
