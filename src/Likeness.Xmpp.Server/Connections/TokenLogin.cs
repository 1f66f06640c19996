using System.Globalization;
using Likeness.Accounts;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>XEP-0484 Fast Authentication Streamlining Tokens 0.2.0: a login by a token, as a mechanism. Who is unknown is answered as who has none.</summary>
internal sealed class TokenLogin(string mechanism, byte[] binding, Guid agent, SaslServerContext context, Authentication authentication) : ISaslMechanism
{
    // What is compared where there is nothing, so that the time does not tell.
    private const string Nobody = "nobody";

    public string Name => mechanism;

    /// <summary>What the client got in with.</summary>
    public LoginToken? Used { get; private set; }

    public async ValueTask<SaslStep> Step(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken = default)
    {
        if (response is null || HashedToken.Read(response.Value.Span) is not { } message)
        {
            return SaslStep.Failure("malformed-request");
        }

        var user = Jid.NormalizeLocal(message.User);
        if (!context.Admit(user ?? message.User))
        {
            return SaslStep.Failure("temporary-auth-failure");
        }

        var account = $"{user ?? message.User}@{context.Domain}";
        var tokens = await authentication.Tokens.Find(new Identity(account), authentication.ClientOf(account, agent), cancellationToken);
        for (var place = 0; place < 2; place++)
        {
            var token = place < tokens.Count && tokens[place].Mechanism == mechanism ? tokens[place] : null;
            if (HashedToken.Matches(message.Proof, token?.Text ?? Nobody, binding) && token is not null)
            {
                Used = token;
            }
        }

        return Used is null || user is null ? SaslStep.Failure("not-authorized")
            : Used.Expires <= authentication.Now ? SaslStep.Failure("credentials-expired")
            : SaslStep.Success(user, HashedToken.Answer(Used.Text, binding));
    }

    /// <summary>What is announced: the mechanisms that this stream has.</summary>
    public static Element Announcement(SaslServerContext context)
    {
        var fast = new Element("fast", Ns.Fast);
        foreach (var name in HashedToken.Mechanisms)
        {
            if (HashedToken.BindingOf(name, context) is not null)
            {
                fast.Add("mechanism", name);
            }
        }

        return fast;
    }

    /// <summary>A token as the client is given it.</summary>
    public static Element Write(LoginToken token) => new Element("token", Ns.Fast)
        .Set("token", token.Text)
        .Set("expiry", token.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
