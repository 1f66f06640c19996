using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Features.Push;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0357 Push Notifications 0.4.1: what wakes a device that is asleep. Its service is told that something waits, and how much; not what, and not
/// from whom. It is told when something that matters begins to wait for the device's session, or is kept, or archived, while the device has none.
/// </summary>
internal sealed partial class Xep0357PushNotifications(IStores stores, OutgoingQuestions questions, TimeProvider time, ILogger<Xep0357PushNotifications> log) : IFeature
{
    private const string Summary = "urn:xmpp:push:summary";
    private const int MaxRegistrations = 20;
    private const int MaxNodeBytes = 1024;
    private const int MaxOptionsBytes = 4096;
    private const int MaxFailures = 10;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    // Words that nobody but the recipient can read (XEP-0380, 0384, 0373).
    private static readonly FrozenSet<string> Encrypted =
        new[] { Ns.Encryption, "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:1", "urn:xmpp:omemo:2", "urn:xmpp:openpgp:0" }.ToFrozenSet(StringComparer.Ordinal);

    public void Register(FeatureRegistry registry)
    {
        registry.AccountFeatures.Add(Ns.Push);
        registry.OnOwnIq("set", "enable", Ns.Push, Enable);
        registry.OnOwnIq("set", "disable", Ns.Push, Disable);
        registry.OnMessage(MessageStage.Push, TellOfKept);
        registry.StanzaWaits.Add(TellOfWaiting);
        registry.SessionResumed.Add(IsBack);
        registry.BecameAvailable.Add(session =>
        {
            IsBack(session);
            return default;
        });
    }

    private async ValueTask<Element?> Enable(IqRequest request)
    {
        var (service, node) = AddressIn(request.Payload);
        if (Encoding.UTF8.GetByteCount(node ?? "") > MaxNodeBytes)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A node has a name of at most {MaxNodeBytes} bytes.");
        }

        var options = request.Payload.Child("x", Ns.DataForms);
        if (options is not null && DataForm.Read(options) is not { Type: "submit", FormType: Ns.PubSubPublishOptions })
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "The form has publish options.");
        }

        if (options is not null && Encoding.UTF8.GetByteCount(ElementWriter.ToText(options)) > MaxOptionsBytes)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"Publish options have at most {MaxOptionsBytes} bytes.");
        }

        var (account, resource) = (request.Account, request.Session!.Jid.Resource!);
        var registration = new PushRegistration(service.Text, node ?? "", resource, options is null ? null : ElementWriter.ToText(options), time.GetUtcNow());
        await account.State<PushTargets>().Change(stores.Push, account.Identity, store => store.Save(account.Identity, registration, MaxRegistrations));
        return null;
    }

    private async ValueTask<Element?> Disable(IqRequest request)
    {
        var (service, node) = AddressIn(request.Payload);
        await Remove(request.Account, service.Text, node);
        return null;
    }

    private static (Jid Service, string? Node) AddressIn(Element payload) => Jid.TryParse(payload["jid"], out var service)
        ? (service, payload["node"] is { Length: > 0 } node ? node : null)
        : throw new StanzaErrorException(StanzaCondition.BadRequest, "The address of the service is missing.");

    private ValueTask Remove(Account account, string service, string? node) =>
        account.State<PushTargets>().Change(stores.Push, account.Identity, store => store.Remove(account.Identity, service, node));

    private static void IsBack(Session session)
    {
        foreach (var target in TargetsOf(session))
        {
            target.Back();
        }
    }

    // Whoever has a session is told when something waits for it.
    private ValueTask TellOfKept(MessagePassage passage) => (passage.Outcome == MessageOutcome.Kept || passage.IsFoundLater) && !passage.Account!.IsDisabled && UrgencyOf(passage.Message) is > PushUrgency.None and var urgency
        ? TellOfKept(passage, passage.Account!, urgency)
        : default;

    private async ValueTask TellOfKept(MessagePassage passage, Account account, PushUrgency urgency)
    {
        try
        {
            foreach (var target in await account.State<PushTargets>().Load(stores.Push, account.Identity))
            {
                if (target.SessionOf(account) is not { } session || ReferenceEquals(session, passage.Missed))
                {
                    Tell(account, target, urgency, target.Visits, passage.Received, time.GetUtcNow());
                }
            }
        }
        catch (StoreUnavailableException unavailable)
        {
            // The message is kept; its sender has nothing to hear.
            Log.NotTold(log, account.Jid.Text, unavailable);
        }
    }

    // Called under gates: what follows goes on elsewhere, and may do so late.
    private void TellOfWaiting(Session session, PreparedStanza stanza)
    {
        foreach (var target in TargetsOf(session))
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static told =>
                {
                    if (told.Stanza.ToElement([]) is var stanza && UrgencyOf(stanza) is > PushUrgency.None and var urgency && !IsOwnTalk(told.Session, stanza))
                    {
                        told.Feature.Tell(told.Session.Account, told.Target, urgency, told.Visits, received: null, told.Since);
                    }
                },
                (Feature: this, Session: session, Target: target, Stanza: stanza, target.Visits, Since: time.GetUtcNow()),
                preferLocal: false);
        }
    }

    private static IEnumerable<PushTarget> TargetsOf(Session session) =>
        session.Account.StateIfThere<PushTargets>() is { Loaded: { Length: > 0 } all } ? all.Where(target => target.Registration.Resource == session.Jid.Resource) : [];

    // What another device of the person says in a room comes back to all of them.
    private static bool IsOwnTalk(Session session, Element stanza) =>
        stanza["type"] == "groupchat" && session.HasDirected && Jid.TryParse(stanza["from"], out var from) && from.Resource is { } nick && session.Directed.NamesIn(from) is [.., var own] && own == nick;

    private void Tell(Account account, PushTarget target, PushUrgency urgency, long visits, DateTimeOffset? received, DateTimeOffset since)
    {
        if (target.Take(urgency, visits, received, since) is > 0 and var count)
        {
            _ = Publish(account, target, count, urgency);
        }
    }

    private async Task Publish(Account account, PushTarget target, int count, PushUrgency urgency)
    {
        try
        {
            var registration = target.Registration;
            var error = await Answer(account, registration, count, urgency);
            if (error is null)
            {
                target.Told(isTaken: true);
            }
            else if (IsOver(target, error))
            {
                await Remove(account, registration.Service, registration.Node);
            }
        }
#pragma warning disable CA1031 // Nobody waits for this; the message is where it was.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotTold(log, account.Jid.Text, fault);
        }
    }

    private async Task<StanzaErrorException?> Answer(Account account, PushRegistration registration, int count, PushUrgency urgency)
    {
        var messages = new FormField("message-count", [count.ToString(CultureInfo.InvariantCulture)], "text-single");
        var form = new DataForm("submit", Summary, urgency == PushUrgency.High ? [messages, new FormField("priority", ["high"], "text-single")] : [messages]);
        var item = new Element("item", Ns.PubSub).Add(new Element("notification", Ns.Push).Add(form.ToElement()));
        var publish = new Element("publish", Ns.PubSub).Set("node", registration.Node.Length > 0 ? registration.Node : null).Add(item);
        var payload = new Element("pubsub", Ns.PubSub).Add(publish);
        if (registration.Options is { } options)
        {
            payload.Add(new Element("publish-options", Ns.PubSub).Add(XmlStreamReader.ParseElement(options)));
        }

        try
        {
            var answer = await questions.Ask(account.Jid, Jid.Parse(registration.Service), "set", payload, AnswerTimeout);
            return answer["type"] == "error" ? StanzaReply.ReadError(answer) : null;
        }
        catch (TimeoutException)
        {
            return new StanzaErrorException(StanzaCondition.RemoteServerTimeout);
        }
    }

    // XEP-0357 §7.1: what may pass is borne for a while; a service that knows the device no more is asked no more.
    private static bool IsOver(PushTarget target, StanzaErrorException error)
    {
        var mayPass = error.Condition.Type == "wait" || error.Condition.Name is "remote-server-not-found" or "remote-server-timeout" or "internal-server-error";
        return !mayPass || target.Told(isTaken: false) >= MaxFailures;
    }

    private static PushUrgency UrgencyOf(Element stanza)
    {
        if (stanza.Name == "iq")
        {
            // XEP-0166: somebody calls.
            return stanza["type"] == "set" && stanza.Child("jingle", "urn:xmpp:jingle:1")?["action"] == "session-initiate" ? PushUrgency.High : PushUrgency.None;
        }

        if (stanza.Name != "message" || stanza["type"] is "error" or "headline")
        {
            return PushUrgency.None;
        }

        if (stanza.Child("received", Ns.Carbons) is { } copy)
        {
            return copy.Child("forwarded", Ns.Forward)?.Child("message", Ns.Client) is { } copied ? UrgencyOf(copied) : PushUrgency.None;
        }

        return stanza.Child("sent", Ns.Carbons) is null ? stanza.Select(UrgencyIn).DefaultIfEmpty().Max() : PushUrgency.None;
    }

    private static PushUrgency UrgencyIn(Element child) => (child.Name, child.Namespace) switch
    {
        ("propose", "urn:xmpp:jingle-message:0") => PushUrgency.High,
        ("body", Ns.Client) or ("x", Ns.Conference) => PushUrgency.Normal,
        ("x", Ns.MucUser) when child.Child("invite") is not null => PushUrgency.Normal,
        var (_, ns) when Encrypted.Contains(ns) => PushUrgency.Normal,
        _ => PushUrgency.None,
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No device of {Account} was told of what waits for it")]
        public static partial void NotTold(ILogger logger, string account, Exception fault);
    }
}
