using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Accounts;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>One stream's SASL exchanges (RFC 6120 §6): a failed one may be followed by another, three times (C-42).</summary>
internal sealed class SaslNegotiation
{
    private const int MaxFailures = 3;
    private readonly Authentication _authentication;
    private readonly string _domain;
    private readonly IPAddress _address;
    private ISaslMechanism? _mechanism;
    private LoginAttempt _attempt;
    private int _failures;

    public SaslNegotiation(Authentication authentication, string domain, X509Certificate2? certificate, byte[]? exporter, IPAddress address)
    {
        (_authentication, _domain, _address) = (authentication, domain, address);
        Context = authentication.ContextFor(domain, certificate, exporter, Admit);
    }

    /// <summary>What the mechanisms see of the stream.</summary>
    public SaslServerContext Context { get; private set; }

    /// <summary>The bare address that logged in, once one did.</summary>
    public Jid? Authenticated { get; private set; }

    /// <summary>What the client was offered.</summary>
    public void Announce(string announced) => Context = Context with { Announced = announced };

    /// <summary>The next element to send. Too many failures end the stream.</summary>
    public async ValueTask<Element> Handle(Element element)
    {
        if (_failures >= MaxFailures)
        {
            throw new StreamErrorException("policy-violation", "Too many failed logins on this stream.");
        }

        var step = await Step(element);
        switch (step.Outcome)
        {
            case SaslOutcome.Challenge:
                return SaslContent.Write("challenge", step.Data is [] ? null : step.Data);
            case SaslOutcome.Success:
                _attempt.Succeeded();
                Authenticated = Jid.Parse($"{step.Account}@{_domain}");
                return SaslContent.Write("success", step.Data);
            default:
                return await Fail(step.Condition!);
        }
    }

    private bool Admit(string user)
    {
        _attempt = _authentication.Begin(user, _domain, _address);
        return _attempt.IsAllowed;
    }

    private async ValueTask<SaslStep> Step(Element element)
    {
        switch (element.Name)
        {
            case "abort":
                return SaslStep.Failure("aborted");
            case "auth":
                // A second auth discards the running exchange (RFC 6120 §6.4.2). Whoever offers it has decided that the stream is safe enough.
                _mechanism = Context.Create(element["mechanism"] ?? "", secure: true);
                break;
        }

        if (_mechanism is null)
        {
            return SaslStep.Failure(element.Name == "auth" ? "invalid-mechanism" : "malformed-request");
        }

        if (!SaslContent.TryRead(element, out var data))
        {
            return SaslStep.Failure("incorrect-encoding");
        }

        // No initial response is not the same as an empty one (RFC 6120 §6.4.2).
        ReadOnlyMemory<byte>? response = data is null && element.Name == "auth" ? default(ReadOnlyMemory<byte>?) : data ?? [];
        return await _mechanism.Step(response);
    }

    private async ValueTask<Element> Fail(string condition)
    {
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

        var failure = new Element("failure", Ns.Sasl).Add(new Element(condition, Ns.Sasl));
        return condition == "temporary-auth-failure"
            ? failure.Add(new Element("text", Ns.Sasl).Set("lang", Ns.Xml, "en").Add($"Too many wrong passwords; the next attempt is possible in {Math.Ceiling(_attempt.Wait.TotalMinutes):0} min."))
            : failure;
    }
}
