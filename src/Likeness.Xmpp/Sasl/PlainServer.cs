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

        var matches = await Matches(user, message, ScramHash.Sha256, cancellationToken);
        if (context.Hashes != ScramHashes.All)
        {
            // Some have keys of one hash only; both are looked at for everybody.
            matches |= await Matches(user, message, ScramHash.Sha1, cancellationToken);
        }

        if (!matches)
        {
            return SaslStep.Failure("not-authorized");
        }

        if (context.Proven is { } proven)
        {
            await proven(user!, message.Password);
        }

        return SaslUser.MayActAs(user!, message.Authorization, context.Domain) ? SaslStep.Success(user!) : SaslStep.Failure("invalid-authzid");
    }

    // The password is hashed for unknown users too, so that time does not tell them apart.
    private async ValueTask<bool> Matches(string? user, PlainMessage message, ScramHash hash, CancellationToken cancellationToken)
    {
        var found = user is null ? null : await context.Find(user, hash, cancellationToken);
        return ScramKeyDerivation.Matches(found ?? FakeCredentials.For(message.User, hash, context), message.Password, hash) && found is not null;
    }
}
