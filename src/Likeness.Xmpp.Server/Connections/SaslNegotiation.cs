using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Accounts;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>One stream's SASL exchanges, by the profile of RFC 6120 §6 or that of XEP-0388: a failed one may be followed by another, three times.</summary>
internal sealed class SaslNegotiation
{
    private const int MaxFailures = 3;
    private readonly Authentication _authentication;
    private readonly string _domain;
    private readonly IPAddress _address;
    private ISaslMechanism? _mechanism;
    private LoginAttempt _attempt;
    private int _failures;

    public SaslNegotiation(Authentication authentication, string domain, X509Certificate2? certificate, byte[]? exporter, ScramHashes hashes, IPAddress address)
    {
        (_authentication, _domain, _address) = (authentication, domain, address);
        Context = authentication.ContextFor(domain, certificate, exporter, hashes, Admit);
    }

    /// <summary>What the mechanisms see of the stream.</summary>
    public SaslServerContext Context { get; private set; }

    /// <summary>What the client was offered.</summary>
    public void Announce(string announced) => Context = Context with { Announced = announced };

    /// <summary>Handles an element of RFC 6120. A success is to be followed by a new stream.</summary>
    public async ValueTask<SaslStep> Handle(Element element)
    {
        switch (element.Name)
        {
            case "abort":
                return await Refuse("aborted");
            case "auth" when SaslContent.TryRead(element, out var data):
                // No initial response is not the same as an empty one (RFC 6120 §6.4.2).
                return await Begin(_authentication.Mechanism(Context, element["mechanism"] ?? ""), data);
            case "response" when SaslContent.TryRead(element, out var data):
                return await Respond(data ?? []);
            default:
                return await Refuse("incorrect-encoding");
        }
    }

    /// <summary>Begins an exchange; one that runs is discarded (RFC 6120 §6.4.2).</summary>
    /// <param name="mechanism">Null: it is not offered.</param>
    /// <param name="response">The client's first message; null: it waits to be asked.</param>
    public ValueTask<SaslStep> Begin(ISaslMechanism? mechanism, byte[]? response)
    {
        _mechanism = mechanism;
        return mechanism is null ? Refuse("invalid-mechanism") : Step(response);
    }

    /// <summary>Goes on with what the client answers.</summary>
    public ValueTask<SaslStep> Respond(byte[] response) => _mechanism is null ? Refuse("malformed-request") : Step(response);

    /// <summary>The exchange has failed. Too many failures end the stream with the next try.</summary>
    public async ValueTask<SaslStep> Refuse(string condition)
    {
        CheckFailures();
        if (_mechanism is ScramServer { TriedUnknownBinding: true })
        {
            Context = Context with { UnknownBindingTried = true };
        }

        _mechanism = null;
        _failures++;
        if (condition == "not-authorized")
        {
            await _authentication.HoldBack();
        }

        return SaslStep.Failure(condition);
    }

    /// <summary>The password was right, and nothing else was wrong: who logs in.</summary>
    public Jid Succeed(SaslStep step)
    {
        _attempt.Succeeded();
        _mechanism = null;
        return Jid.Parse($"{step.Account}@{_domain}");
    }

    /// <summary>A failure as it is written.</summary>
    /// <param name="profile">The namespace of the exchange.</param>
    public Element Write(SaslStep failure, string profile)
    {
        var element = new Element("failure", profile).Add(new Element(failure.Condition!, Ns.Sasl));
        return failure.Condition == "temporary-auth-failure"
            ? element.Add(new Element("text", profile).Set("lang", Ns.Xml, "en").Add($"Too many wrong passwords; the next attempt is possible in {Math.Ceiling(_attempt.Wait.TotalMinutes):0} min."))
            : element;
    }

    private bool Admit(string user)
    {
        _attempt = _authentication.Begin(user, _domain, _address);
        return _attempt.IsAllowed;
    }

    private async ValueTask<SaslStep> Step(byte[]? response)
    {
        CheckFailures();
        ReadOnlyMemory<byte>? message = response is null ? default(ReadOnlyMemory<byte>?) : response;
        var step = await _mechanism!.Step(message);
        if (step.Outcome == SaslOutcome.Success && await _authentication.IsDisabled(step.Account!, _domain))
        {
            // Only who knows the password is told.
            _attempt.Succeeded();
            return await Refuse("account-disabled");
        }

        return step.Outcome == SaslOutcome.Failure ? await Refuse(step.Condition!) : step;
    }

    private void CheckFailures()
    {
        if (_failures >= MaxFailures)
        {
            throw new StreamErrorException("policy-violation", "Too many failed logins on this stream.");
        }
    }
}
