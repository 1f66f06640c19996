namespace Likeness.Xmpp.Sasl;

/// <summary>PLAIN (RFC 4616), checked against the same keys as SCRAM. Only under TLS.</summary>
public sealed class PlainServer(SaslServerContext context) : ISaslMechanism
{
    public string Name => "PLAIN";

    public async ValueTask<SaslStep> Step(ReadOnlyMemory<byte>? response, CancellationToken cancellationToken = default)
    {
        if (response is null)
        {
            return SaslStep.Challenge([]);
        }

        if (PlainMessage.Parse(response.Value.Span) is not { } message)
        {
            return SaslStep.Failure("malformed-request");
        }

        var user = Jid.NormalizeLocal(message.User);
        if (!context.Admit(user ?? message.User))
        {
            return SaslStep.Failure("temporary-auth-failure");
        }

        var found = user is null ? null : await context.Find(user, ScramHash.Sha256, cancellationToken);

        // The password is hashed for unknown users too, so that time does not tell them apart.
        var credentials = found ?? FakeCredentials.For(message.User, ScramHash.Sha256, context);
        var matches = ScramKeyDerivation.Matches(credentials, message.Password, ScramHash.Sha256) && found is not null;
        if (!matches)
        {
            return SaslStep.Failure("not-authorized");
        }

        return SaslUser.MayActAs(user!, message.Authorization, context.Domain) ? SaslStep.Success(user!) : SaslStep.Failure("invalid-authzid");
    }
}
